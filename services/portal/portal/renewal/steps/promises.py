"""Steps of a deliberation about promises: who may make them, for how long; made, taken up or not, taken back."""

from collections.abc import Mapping
from typing import Any

from portal.pages.language import _
from portal.renewal import step_words as s
from portal.renewal.steps.fields import area, choice, day, file, line, some, yuan
from portal.renewal.steps.step import Asks, Body, Known
from portal.renewal.steps.voices import proposals_of, voice_of, with_voice

MAY = ("works", "money", "service", "permit", "answer")


def for_whom(known: Known, thing: Mapping[str, Any] | None, whose: str) -> Body:
    """For which party it is done: that of an invitation, mandate or promise, where somebody above it writes it down."""
    return {"for_party": thing[whose]} if thing and thing[whose] != known.here.person.party else {}


async def mandate(known: Known) -> Asks:
    invited = {each["party"] for each in known.affair["invitations"].values()}
    return Asks(
        [
            choice("of", _("Party"), [(each, each) for each in sorted(invited)], known.here.person.party or ""),
            line(
                "mandate.speaker",
                _("Who may speak for it"),
                hint=_("The id of their key, or the party's own."),
                most=80,
            ),
            some("mandate.may", _("What they may promise"), [(each, s.promise(each)) for each in MAY]),
            yuan("mandate.most", _("Money up to, in yuan"), required=False),
            day("mandate.until", _("Until")),
            file("letter", _("The letter, where somebody else enters it"), required=False),
        ]
    )


async def revoke(known: Known) -> Asks:
    granted = known.affair["mandates"].get(known.of)
    says = _("Nobody promises anything by it any more. What was promised by it before stays.")
    return Asks(follows=says, also={"mandate_id": known.of, **for_whom(known, granted, "of")})


async def commit(known: Known) -> Asks:
    return Asks(
        [
            *voice_of(known),
            line("speaker", _("Who speaks"), known.here.person.principal, most=80),
            choice("promise.kind", _("What is promised"), [(each, s.promise(each)) for each in MAY]),
            day("promise.due", _("Last day")),
            yuan("promise.fen", _("Money, in yuan"), required=False),
            choice("promise.proposal_id", _("For which proposal"), await proposals_of(known), required=False),
            area("words", _("In words")),
        ],
        follows=_("It counts within a mandate that says so and holds today."),
        made=with_voice,
    )


async def take_up(known: Known) -> Asks:
    forces = [(each["id"], each["title"]) for each in await known.here.get("/v1/taskforces", known.place)]
    own = known.affair["taskforce_id"] or ""
    force = choice(
        "taskforce_id", _("Task force"), forces, own, required=False, hint=_("Empty: the one that the talks belong to.")
    )
    return Asks([force], also={"commitment_id": known.of}, follows=_("It becomes a task of the task force."))


async def turn_down(known: Known) -> Asks:
    return Asks([area("why", _("Why"))], also={"commitment_id": known.of})


async def take_back(known: Known) -> Asks:
    promised = known.affair["commitments"].get(known.of)
    says = _("The party owes nothing by it. That it was promised and taken back stays in the record.")
    return Asks(follows=says, also={"commitment_id": known.of, **for_whom(known, promised, "party")})


async def hear_again(known: Known) -> Asks:
    says = _(
        "As the party said it, by what holds now: its mandate, and that the talks are open. It hears what comes of it."
    )
    return Asks(follows=says, also={"commitment_id": known.of})
