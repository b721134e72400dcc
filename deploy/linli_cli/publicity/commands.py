"""`linli publicity`: what hangs in which building since when, and whether its days are over."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, do, of_place, place
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.files import hash_of
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood, OnBehalf
from linli_cli.affairs.telling import printed, table
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, parse_time, second

publicity = typer.Typer(no_args_is_help=True, help="Notices that hang: where each is posted, since when.")
Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="As `linli publicity list` names them.")]
Building = Annotated[str, typer.Argument(metavar="BUILDING", help="The building's id.")]
Text = Annotated[Path | None, typer.Option(metavar="FILE", help="Exactly what hangs; its hash is kept.")]
Hash = Annotated[str | None, typer.Option("--digest", metavar="SHA256", help="Or its hash, as the sheet has it.")]
STAGES = {"hanging": "hangs", "completed": "its days are over", "ended": "taken down"}
SUBJECTS = {
    "round": "of a round",
    "plan": "of a plan",
    "vote": "of a vote",
    "result": "of a result",
    "covenant": "of a covenant",
    "other": "of something else",
}


def _tell(found: dict[str, Any]) -> None:
    missing = [each for each in found["buildings"] if each not in _where(found)]
    said = {"id": found["id"], "subject": term(SUBJECTS[found["subject"]]), "stage": term(STAGES[found["stage"]])}
    print(say("Notice {id} {subject}: {stage}", **said))
    print(say("It hangs in {count} of {all} buildings.", count=len(_where(found)), all=len(found["buildings"])))
    for building, at in _where(found).items():
        print(f"  {building}  {second(local(at))}")
    if missing:
        print(say("It does not hang in: {buildings}", buildings=", ".join(missing)))


def _where(found: dict[str, Any]) -> dict[str, str]:
    return {building: at for building, at in found["posted"].items() if building not in found["missing"]}


NOTICES = Desk("/v1/publicity", _tell)


@publicity.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The notices of a neighbourhood, also those that hang no more, and how many buildings each has reached."""
    NOTICES.list(
        *(community, neighbourhood, as_json),
        lambda: (say("notice"), say("of"), say("stands"), say("buildings")),
        lambda each: (
            *(each["id"], f"{term(SUBJECTS[each['subject']])} {each['subject_id']}", term(STAGES[each["stage"]])),
            f"{len(_where(each))}/{len(each['buildings'])}",
        ),
        width=160,
    )


@publicity.command()
def board(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """What hangs in a neighbourhood now, as everybody sees it, and until which day."""
    with errors_shown():
        found = of_place("/v1/board", community, neighbourhood)
        if not printed(found, as_json):
            rows = [
                (e["id"], term(SUBJECTS[e["subject"]]), f"{e['hangs_in']}/{e['of_buildings']}", e["last_day"] or "-")
                for e in found
            ]
            table((say("notice"), say("of"), say("buildings"), say("until")), rows)


@publicity.command()
def show(notice: Notice, as_json: Json = False) -> None:
    """Where a notice hangs since when, and which days count."""
    with errors_shown():
        seen = ask(f"/v1/board/{notice}")
        found = ask(f"/v1/publicity/{notice}") | {name: seen[name] for name in ("first_day", "last_day")}
        if printed(found, as_json):
            return
        _tell(found)
        if found["last_day"]:
            print(say("Its days: {first_day} to {last_day}", **found))


@publicity.command()
def prepare(
    neighbourhood: Neighbourhood,
    subject: Annotated[str, typer.Option(metavar="WHAT", help="round, plan, vote, result, covenant or other.")],
    subject_id: Annotated[str, typer.Option("--of", metavar="ID", help="The round, plan, vote or covenant.")],
    building: Annotated[list[str], typer.Option(metavar="ID", help="Where it has to hang; may be repeated.")],
    text: Text = None,
    digest: Hash = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Have something posted in those buildings. How long it has to hang is the place's rule."""
    with errors_shown():
        said = {"subject": subject, "subject_id": subject_id, "buildings": building, "digest": _hash(text, digest)}
        NOTICES.told(do("/v1/publicity", **said, **place(community, neighbourhood)), as_json)


@publicity.command()
def post(
    notice: Notice,
    building: Building,
    text: Text = None,
    digest: Hash = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="Since when; an earlier time wants a photo.")] = None,
    photo: Annotated[Path | None, typer.Option(metavar="FILE", help="A photo of it; its hash is kept.")] = None,
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """It hangs in a building: its days count from the last of them."""
    with errors_shown():
        now = datetime.now(UTC)
        since = (parse_time(at, now) if at else now).isoformat()
        said = {"building": building, "digest": _hash(text, digest), "posted_at": since, "for_party": on_behalf}
        NOTICES.step(notice, "post", as_json, **said, photo=photo and hash_of(photo))


@publicity.command()
def miss(notice: Notice, building: Building, on_behalf: OnBehalf = None, as_json: Json = False) -> None:
    """It was looked for in a building, and was not there."""
    NOTICES.step(notice, "miss", as_json, building=building, for_party=on_behalf)


@publicity.command()
def change(notice: Notice, text: Text = None, digest: Hash = None, as_json: Json = False) -> None:
    """It says something else from now on: it has to be posted anew, and its days begin anew."""
    with errors_shown():
        NOTICES.step(notice, "change_text", as_json, digest=_hash(text, digest))


@publicity.command()
def complete(notice: Notice, as_json: Json = False) -> None:
    """Say that its days are over."""
    NOTICES.step(notice, "complete", as_json)


@publicity.command()
def end(notice: Notice, as_json: Json = False) -> None:
    """Take it down for good."""
    NOTICES.step(notice, "end", as_json)


def _hash(text: Path | None, digest: str | None) -> str:
    if (text is None) is (digest is None):
        raise UsageFault(say("Say either --text or --digest."))
    return hash_of(text) if text else str(digest)
