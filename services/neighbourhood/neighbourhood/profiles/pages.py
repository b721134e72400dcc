"""The tables of two pages of the documents are made of the rules, so that they cannot say anything else.

`python -m neighbourhood.profiles.pages` checks them; `--write` brings them up to date. What stands above `MARK` in a
page is written by hand.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.office_rules import (
    AdoptionRule,
    DutyRule,
    FinesRule,
    HeatingSeason,
    OpenQuestion,
    PortionRule,
    ReminderRule,
    WarrantyTerm,
)
from linli.contracts.neighbourhood.profile import Answer, AnyRule, Limit, RuleProfile, TermRule
from linli.contracts.neighbourhood.rules import Citation, MatterRule, Read
from neighbourhood.profiles.qingdao import PROFILES, QINGDAO
from neighbourhood.profiles.wording import named, said

SERVICE = Path(__file__).parents[1]
FOLDER = SERVICE.parents[2] / "docs" / "renewal"
MARK = "<!-- Made of the rules from here on: python -m neighbourhood.profiles.pages --write -->\n"
READ = {
    Read.TEXT: "read 已核",
    Read.PRESS: "draft or press 征求意见稿、报道",
    Read.MEMORY: "not looked up 待核",
    Read.CHOICE: "chosen 自定",
}
_KINDS: dict[type[AnyRule], str] = {
    MatterRule: "What owners decide 业主共同决定",
    TermRule: "Days 期限",
    Limit: "Numbers 数量",
    Answer: "Yes or no 是与否",
    PortionRule: "Parts of a whole 比例",
    DutyRule: "Who 主体",
    ReminderRule: "Reminders 提醒",
    WarrantyTerm: "Warranties 保修",
    AdoptionRule: "Covenants 公约",
    HeatingSeason: "Heating 供热",
    FinesRule: "Fines 罚款",
}


def rules_page(profiles: Sequence[RuleProfile] = PROFILES) -> str:
    """`rules.md`: each rule with its number, its source, whether that was read, and where it is used."""
    written = []
    for profile in profiles:
        rules = [each for each in profile.rules if profile is QINGDAO or each not in QINGDAO.rules]
        rest = "" if profile is QINGDAO else f" What is not here is as in `{QINGDAO.id}`."
        written.append(f"\n## {profile.name_en} {profile.name_zh}\n")
        written.append(f"`{profile.id}`, in force since {profile.since}.{rest}")
        for kind, several in groupby(rules, type):
            rows = ((*_named(each), *_sourced(each.citation), _used(each)) for each in several)
            heads = ("rule", "says", "source", "read", "used in `neighbourhood/`")
            written.append(f"\n### {_KINDS[kind]}\n\n" + _table(heads, rows))
    return "\n".join(written) + "\n"


def lawyer_page(profiles: Sequence[RuleProfile] = PROFILES) -> str:
    """`lawyer.md`: what an office has still to check; of a profile beside the default, what that does not have."""
    return "".join(_of_the_default(each) if each is QINGDAO else _of_another(each) for each in profiles)


def _of_another(profile: RuleProfile) -> str:
    own = [each for each in profile.unconfirmed() if each not in QINGDAO.unconfirmed()]
    noted = [each for each in profile.rules if each.citation.note and each.citation.confirmed]
    own += [each for each in noted if each not in QINGDAO.rules]
    rows = [
        (_both(each.ask), _both(each.meanwhile), *_sourced(each.citation), each.citation.note)
        if isinstance(each, OpenQuestion)
        else (*_named(each), *_sourced(each.citation), each.citation.note)
        for each in own
    ]
    nothing = "Every rule that differs was read in the law 不同之处均已核. "
    written = [f"\n## {profile.name_en} {profile.name_zh}\n"]
    written.append(f"`{profile.id}`. {'' if rows else nothing}What is not here is as in `{QINGDAO.id}`, above.")
    if rows:
        written.append("\n" + _table(("rule or question", "says, or until then", "source", "read", "to check"), rows))
    return "\n".join(written) + "\n"


def _of_the_default(profile: RuleProfile) -> str:
    """By how far each rule was read."""
    asked = [each for each in profile.unconfirmed() if isinstance(each, OpenQuestion)]
    asking = ((_both(each.ask), _both(each.meanwhile), *_cited(each.citation)) for each in asked)
    written = ["\n## Questions that no rule answers 没有规则的问题\n"]
    written.append(_table(("question", "until then", "source", "to check"), asking))
    rules = [each for each in profile.unconfirmed() if not isinstance(each, OpenQuestion)]
    for read, head in (
        (Read.PRESS, "Known from a draft or the press 只见于征求意见稿或报道"),
        (Read.MEMORY, "Not looked up 没有查到条文"),
        (Read.CHOICE, "Chosen, where no article of this place says it 没有条文，从严自定"),
    ):
        rows = [(*_named(each), *_cited(each.citation)) for each in rules if each.citation.read is read]
        written.append(f"\n## {head}\n\n" + _table(("rule", "says", "source", "to check"), rows))
    noted = [each for each in profile.rules if each.citation.confirmed and each.citation.note]
    written.append("\n## Read, with a remark 已核，但须注意\n")
    rows = [(*_named(each), *_cited(each.citation)) for each in noted]
    written.append(_table(("rule", "says", "source", "remark"), rows))
    return "\n".join(written) + "\n"


def _named(rule: AnyRule) -> tuple[str, str]:
    name, says = named(rule), said(rule)
    return f"{name} {name.chinese}", says if says == says.chinese else f"{says} {says.chinese}"


def _cited(citation: Citation) -> tuple[str, str]:
    return " ".join(part for part in (citation.law, citation.article) if part) or "–", citation.note


def _sourced(citation: Citation) -> tuple[str, str]:
    return _cited(citation)[0], READ[citation.read]


def _used(rule: AnyRule) -> str:
    """The modules of a domain that take the rule from a profile; none yet where its context is still to come."""
    match rule:
        case MatterRule():
            takes = "profile.matter("
        case TermRule():
            takes = f"Term.{rule.term.name}"
        case Limit():
            takes = f"Bound.{rule.bound.name}"
        case Answer():
            takes = f"Switch.{rule.switch.name}"
        case PortionRule():
            takes = f"Portion.{rule.portion.name}"
        case DutyRule():
            takes = f"Duty.{rule.duty.name}"
        case ReminderRule():
            takes = f"Ending.{rule.ending.name}"
        case WarrantyTerm():
            takes = "profile.warranties"
        case AdoptionRule():
            takes = "profile.adoptions"
        case HeatingSeason():
            takes = "profile.heating"
        case FinesRule():
            takes = "profile.fines"
    files = sorted(SERVICE.glob("*/domain/*.py"))
    users = [path.relative_to(SERVICE).as_posix() for path in files if takes in path.read_text(encoding="utf-8")]
    return "<br>".join(f"`{each}`" for each in users) or "not yet"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _both(text: Wording) -> str:
    return f"{text.en}<br>{text.zh}"


PAGES: dict[str, Callable[[], str]] = {"rules.md": rules_page, "lawyer.md": lawyer_page}


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """The check, or with `--write` the update. Exit code 1 where a page says something else than the rules."""
    wrong = []
    for name, made in PAGES.items():
        page = folder / name
        head, _, written = page.read_text(encoding="utf-8").partition(MARK)
        if written == made():
            continue
        wrong.append(name)
        if arguments == ["--write"]:
            page.write_text(head + MARK + made(), encoding="utf-8")
    if not wrong or arguments == ["--write"]:
        return 0
    print("Not what the rules say; run 'python -m neighbourhood.profiles.pages --write':", *wrong, sep="\n  ")  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
