"""`linli clearing`: illegal structures, from their finding to the look that they are gone."""

from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, do, place, shown_photos
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.files import hash_of
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood, OnBehalf
from linli_cli.affairs.telling import happened, printed
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

clearing = typer.Typer(no_args_is_help=True, help="Illegal structures: found, noticed, cleared, looked at again.")
ClearingId = Annotated[str, typer.Argument(metavar="CLEARING", help="As `linli clearing list` names them.")]
Taken = Annotated[
    str | None,
    typer.Option("--taken", metavar="TIME", help="When the photos were taken. Default: when a file was changed last."),
]
STATES = {
    "found": "structure found",
    "noticed": "told to remove it",
    "appealed": "appeal made",
    "stays": "it stays",
    "cleared": "structure cleared",
    "checked": "looked at again",
}


def _tell(found: dict[str, Any]) -> None:
    said = {"id": found["id"], "what": found["what"], "where": found["where"], "state": term(STATES[found["state"]])}
    print(say("{id}: {what}, {where}: {state}", **said))
    if found["remove_by"]:
        print(say("To be removed by {day}", day=found["remove_by"]))
    if found["appeal_by"]:
        print(say("An appeal can be made until {day}", day=found["appeal_by"]))


CLEARINGS = Desk("/v1/clearings", _tell)


@clearing.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The clearings of a neighbourhood, the oldest first."""
    CLEARINGS.list(
        *(community, neighbourhood, as_json),
        lambda: (say("clearing"), say("what"), say("where"), say("stands"), say("due")),
        lambda e: (e["id"], e["what"], e["where"], term(STATES[e["state"]]), e["remove_by"] or "-"),
        width=140,
    )


@clearing.command()
def show(clearing: ClearingId, as_json: Json = False) -> None:
    """How a clearing stands, and until when it can be appealed."""
    CLEARINGS.show(clearing, as_json)


@clearing.command()
def history(clearing: ClearingId, as_json: Json = False) -> None:
    """All that happened to it, in order."""
    with errors_shown():
        found = ask(f"/v1/clearings/{clearing}/history")
        if not printed(found, as_json):
            happened(found)


@clearing.command()
def find(
    neighbourhood: Neighbourhood,
    what: Annotated[str, typer.Option(metavar="TEXT", help="What stands there.")],
    where: Annotated[str, typer.Option(metavar="TEXT", help="Where it stands.")],
    photo: Annotated[list[Path], typer.Option(metavar="FILE", help="A JPEG, PNG or WebP file; may be repeated.")],
    taken: Taken = None,
    occupier: Annotated[str | None, typer.Option(metavar="ID", help="Who has it: the office's own id.")] = None,
    package: Annotated[str | None, typer.Option(metavar="PACKAGE", help="The works that it is in the way of.")] = None,
    on_behalf: OnBehalf = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Record what seems to stand without permission."""
    with errors_shown():
        at = place(community, neighbourhood)
        said = {"what": what, "place": where, "occupier": occupier, "package_id": package, "for_party": on_behalf}
        photos = shown_photos("/v1/clearings/photos", photo, taken, **at)
        CLEARINGS.told(do("/v1/clearings", **said, **at, photos=photos), as_json)


@clearing.command()
def notice(
    clearing: ClearingId,
    document: Annotated[Path, typer.Option(metavar="FILE", help="The scan of what was served; its hash is kept.")],
    remove_by: Annotated[str, typer.Option(metavar="DAY", help="The last day to remove it, as 2026-06-30.")],
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """Whoever has it was told to remove it."""
    with errors_shown():
        said = {"remove_by": remove_by, "for_party": on_behalf}
        CLEARINGS.step(clearing, "notice", as_json, **said, notice=hash_of(document))


@clearing.command()
def appeal(
    clearing: ClearingId,
    on: Annotated[str, typer.Option(metavar="DAY", help="The day of the appeal.")],
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """Whoever has it says that it may stand."""
    CLEARINGS.step(clearing, "appeal", as_json, on=on, for_party=on_behalf)


@clearing.command()
def decide(
    clearing: ClearingId,
    upheld: Annotated[bool, typer.Option("--stays/--goes", help="Whether the appeal was right.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason, in words.")],
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """What became of the appeal."""
    CLEARINGS.step(clearing, "decide_appeal", as_json, upheld=upheld, why=why, for_party=on_behalf)


@clearing.command()
def clear(
    clearing: ClearingId,
    before: Annotated[list[Path], typer.Option(metavar="FILE", help="A photo of how it was; may be repeated.")],
    after: Annotated[list[Path], typer.Option(metavar="FILE", help="A photo of how it is; may be repeated.")],
    voluntary: Annotated[bool, typer.Option("--voluntary/--forced", help="Whoever had it has removed it.")],
    taken: Taken = None,
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """It is gone."""
    with errors_shown():
        shown = {"before": _sent(clearing, before, taken), "after": _sent(clearing, after, taken)}
        CLEARINGS.step(clearing, "clear", as_json, voluntary=voluntary, **shown, for_party=on_behalf)


@clearing.command()
def check(
    clearing: ClearingId,
    clean: Annotated[bool, typer.Option("--clean/--there-again", help="What was found.")],
    photo: Annotated[list[Path], typer.Option(metavar="FILE", help="A JPEG, PNG or WebP file; may be repeated.")],
    taken: Taken = None,
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """Somebody else has looked again."""
    with errors_shown():
        photos = _sent(clearing, photo, taken)
        CLEARINGS.step(clearing, "check", as_json, clean=clean, photos=photos, for_party=on_behalf)


def _sent(clearing: str, photos: list[Path], taken: str | None) -> list[str]:
    found = ask(f"/v1/clearings/{clearing}")
    where = {name: found[name] for name in ("community", "neighbourhood")}
    return shown_photos("/v1/clearings/photos", photos, taken, **where)
