"""What a vote is drafted with, as a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.pages.language import gettext as _
from portal.renewal import vote_words, words
from portal.renewal.forms import Field, Filled, Form
from portal.renewal.owners import Owners

MATTERS_AT_MOST = 20
IDS = "abcdefghijklmnopqrst"
PARTS = ("zh", "en", "legal_class", "stairwells", "units")
NEEDED, TELLERS = 2, 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where the owners are, and what there is to choose from."""

    community: str
    neighbourhood: str
    snapshots: Sequence[tuple[str, str]]
    snapshot: str
    """The one that is chosen; empty where there is none."""
    owners: Owners
    tellers: Sequence[tuple[str, str]]
    """Keys that may count, by id, as far as who asks may see them."""


def close_up(filled: Filled) -> Filled:
    """Matters that were filled in, one after the other: an empty one between them is none."""
    those = [at for at in range(MATTERS_AT_MOST) if any(map(filled.one, (f"matters.{at}.zh", f"matters.{at}.en")))]
    said = {name: value for name, value in filled.said.items() if not name.startswith("matters.")}
    for now, before in enumerate(those):
        said |= {f"matters.{now}.{part}": filled.all(f"matters.{before}.{part}") for part in PARTS}
    return replace(filled, said=said)


def drafted(vote: Mapping[str, Any], texts: Mapping[str, str], owners: Owners) -> Filled:
    """A form as it was when this was drafted. A text that was written in two languages stands in one field."""
    terms = vote["terms"]
    said: dict[str, Sequence[str]] = {"snapshot": (terms["snapshot_id"],), "channels": terms["channels"]}
    said |= {f"tellers.{number}": (each,) for number, each in enumerate(terms["tellers"])}
    for number, each in enumerate(terms["matters"]):
        rule, units = each["rule"], set(each["units"] or ())
        said |= {f"matters.{number}.zh": (texts[each["id"]],), f"matters.{number}.legal_class": (rule["legal_class"],)}
        if rule["electorate"] == "stairwell":
            said[f"matters.{number}.stairwells"] = owners.stairwells_of(units)
        elif units:
            said[f"matters.{number}.units"] = ("\n".join(owners.doors_of(units)),)
    if terms["office_confirms"]:
        said["office_confirms"] = (terms["office_confirms"],)
    return Filled(said)


def command(owners: Owners, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The request that a form makes, and what is wrong by field."""
    body = {name: value for name, value in said.items() if name not in {"matters", "tellers"}}
    matters, wrong = [], {}
    for number, each in enumerate(said["matters"]):
        text = "\n\n".join(each[part] for part in ("zh", "en") if part in each)
        found = {door: owners.unit(door) for door in each.get("units", ())}
        if unknown := [door for door, unit in found.items() if unit is None]:
            doors = "; ".join(unknown)[:200]
            said_so = _("No door of the register is called like this: %(doors)s")
            wrong[f"matters.{number}.units"] = said_so % {"doors": doors}
        matter = {"id": IDS[number], "text": text, "legal_class": each["legal_class"]}
        matters.append(matter | {"stairwells": each.get("stairwells", []), "units": list(found.values())})
    return body | {"matters": matters, "tellers": sorted(set(said["tellers"]))}, wrong


@dataclass(frozen=True, slots=True)
class Room:
    """How many matters and tellers a form has fields for; `spare`: the last matter may be left empty."""

    matters: int = 1
    tellers: int = TELLERS
    spare: bool = False

    @classmethod
    def of(cls, filled: Filled, *, spare: bool = False) -> "Room":
        """For what was filled in, and one more where it is wanted."""
        matters = sum(name.startswith("matters.") and name.endswith(".zh") for name in filled.said)
        tellers = sum(name.startswith("tellers.") for name in filled.said)
        spare = spare and 0 < matters < MATTERS_AT_MOST
        return cls(max(matters, 1) + spare, max(tellers, TELLERS), spare)

    @property
    def more(self) -> bool:
        return self.matters < MATTERS_AT_MOST


def form_of(place: Place, room: Room, title: str, done: str) -> Form:
    """All that a vote is drafted with."""
    ways = [(each, words.channel(each)) for each in ("paper", "code", "proxy")]
    confirms = _("Without it a vote that takes codes asks for intentions, and decides nothing.")
    tellers = _("As the page of one's sessions says: key:…. Nobody counts alone.")
    none = _("No register is frozen yet. Bring in the register of owners and freeze it first, on the page before this.")
    fields = [
        Field(
            "snapshot",
            _("Frozen register"),
            "choice",
            options=place.snapshots,
            value=place.snapshot,
            reasons=("not-the-register",),
            hint=None if place.snapshots else none,
        ),
        *(
            each
            for number in range(room.matters)
            for each in _matter(place.owners, number, required=not room.spare or number < room.matters - 1)
        ),
        Field("channels", _("Ways to vote"), "some", options=ways, value=("paper", "proxy"), reasons=("no-channel",)),
        *(
            Field(
                f"tellers.{number}",
                _("Teller %(number)s") % {"number": number + 1},
                options=place.tellers,
                required=number < NEEDED,
                hint=tellers if number == 0 else None,
                reasons=("too-few-tellers",) if number == NEEDED - 1 else (),
                most=120,
            )
            for number in range(room.tellers)
        ),
        Field(
            "office_confirms",
            _("Scan of the letter by which the office takes ballots on these pages for votes"),
            "scan",
            hint=confirms,
            required=False,
        ),
    ]
    return Form(title, _("Prepare it"), done, fields, _("Nobody is told before the notice is posted."))


def _matter(owners: Owners, number: int, *, required: bool) -> Sequence[Field]:
    group, before = _("Matter %(number)s") % {"number": number + 1}, f"matters.{number}"
    classes = [(each, vote_words.legal_class(each)) for each in vote_words.CLASSES]
    of_class = ("no-rule", "in-writing", "not-the-owners")
    return (
        Field(
            f"{before}.zh",
            _("Question, in Chinese"),
            "area",
            hint=_("The whole text: it is posted like this, and one changed character makes another matter."),
            group=group,
            required=required,
            reasons=("no-text", "no-matters"),
        ),
        Field(
            f"{before}.en",
            _("Question, in English"),
            "area",
            hint=_("Stands below the Chinese text, which holds."),
            required=False,
            group=group,
        ),
        Field(
            f"{before}.legal_class",
            _("Legal class"),
            "choice",
            options=classes,
            required=required,
            group=group,
            reasons=of_class,
        ),
        Field(
            f"{before}.stairwells",
            _("Stairwells that decide, of a matter that is theirs"),
            "some",
            options=owners.stairwells,
            required=False,
            group=group,
            reasons=("electorate",),
        ),
        Field(
            f"{before}.units",
            _("Doors that decide, of a matter that touches some: one a line"),
            "lines",
            required=False,
            group=group,
            most=20_000,
            hint=_("Neither stairwells nor doors: all owners."),
        ),
    )
