"""Lists of who has a vote: masked for the notice board, with names for tellers. Longer ones are printed in parts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.votes import Matter
from neighbourhood.papers.document import Document, Facts, Paragraph, Signatures, Table
from neighbourhood.papers.law import CHANNELS, CHOICES
from neighbourhood.papers.matters import Texts
from neighbourhood.papers.text import Both, Says, square_metres
from neighbourhood.votes.domain.lists import PublicLine, TellersLine
from neighbourhood.votes.domain.snapshot import Snapshot

PUBLIC = Both(
    "姓名和房号已作遮盖；投了什么票不公布。对面积或业主有异议的，请携不动产权证明到场核对。",
    "Names and doors are masked, and nobody's choice is told. Bring your deed if area or owner is wrong.",
)
TELLERS = Both("仅供计票人核对，不得拍照、外传；查看已记入审计。", "For tellers alone; who looks at it is recorded.")


def public_register(snapshot: Snapshot, lines: Iterable[PublicLine], title: Both, made_at: datetime) -> Document:
    """For the notice board; `title` says which building where it is a part."""
    head = (
        Both("序号", "no."),
        Both("房屋", "unit"),
        Both("业主", "owner"),
        Both("面积（㎡）", "area"),
        Both("已参与", "took part"),
    )
    rows = tuple(
        (f"{number}", line.door, line.owner, square_metres(line.area), _yes(line.took_part))
        for number, line in enumerate(lines, start=1)
    )
    whole = snapshot.whole()
    facts = Facts(
        (
            (Both("全部专有部分", "all units"), f"{len(snapshot.entries):,}"),
            (Both("全部面积（㎡）", "whole area"), square_metres(whole.area)),
            (Both("业主人数", "heads"), f"{whole.heads:,}"),
        )
    )
    blocks = (facts, Paragraph(PUBLIC), Table(head, rows, (1, 4, 2, 2, 2), (0, 3)))
    return Document(title, blocks, f"名册 {snapshot.id} · SHA-256 {snapshot.sha256}", made_at)


def tellers_register(
    snapshot: Snapshot,
    lines: Iterable[TellersLine],
    matters: Iterable[Matter],
    texts: Texts,
    title: Both,
    made_at: datetime,
) -> Document:
    """With names and choices. Raises `KeyError` for a matter without a text."""
    asked = tuple(matters)
    head: tuple[Says, ...] = (
        Both("序号", "no."),
        Both("房屋", "units"),
        Both("业主", "owner"),
        Both("面积（㎡）", "area"),
        Both("方式", "by"),
        *(Both(f"事项{number}", "") for number, _ in enumerate(asked, start=1)),
    )
    rows = tuple(
        (
            f"{number}",
            "、".join(line.doors),
            line.owner,
            square_metres(line.area),
            CHANNELS[line.channel] if line.channel and line.ballot_id else "—",
            *(_choice(line.choices, each.id) for each in asked),
        )
        for number, line in enumerate(lines, start=1)
    )
    what = Facts(tuple((f"事项{number}", texts[each.id].title) for number, each in enumerate(asked, start=1)))
    table = Table(head, rows, (1, 5, 3, 2, 3, *(2 for _ in asked)), (0, 3))
    signed = Signatures((Both("计票人", "teller"), Both("计票人", "teller")))
    footer = f"名册 {snapshot.id} · SHA-256 {snapshot.sha256}"
    return Document(title, (Paragraph(TELLERS, strong=True), what, table, signed), footer, made_at, landscape=True)


def _choice(choices: Mapping[str, Choice], matter: str) -> Says:
    return CHOICES[choices[matter]] if matter in choices else "—"


def _yes(took_part: bool) -> Says:
    return "✓" if took_part else ""
