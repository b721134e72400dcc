"""A meeting's steps: called anew or off, who came, what was minuted, confirmed, put right."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.addresses import at
from portal.pages.language import _
from portal.renewal.forms import Field
from portal.renewal.steps.fields import area, choice, line
from portal.renewal.steps.step import TAKE_PART, Asks, Body, Kind, Known, Step, in_state
from portal.renewal.steps.taskforces import meeting_fields, page_of, with_agenda

HOLDER, ANOTHER = "holder", "another"


async def _again(known: Known) -> Asks:
    meeting = known.affair
    topics = [each["title"] for each in meeting["topics"]]
    fields = meeting_fields(known.at(meeting["starts_at"]), meeting["place"], topics)
    return Asks(fields, _("All who have heard of it hear of the change."), made=with_agenda)


async def _cancel(known: Known) -> Asks:
    return Asks([area("why", _("Why"))], follows=_("All who have heard of it hear that it is off."))


async def seats_of(known: Known) -> dict[str, str]:
    """Who held which seat on the day of the meeting."""
    force = await known.here.get(at("/v1/taskforces/{id}", id=known.affair["taskforce_id"]))
    day = known.at(known.affair["starts_at"])[:10]
    return {id: holder for id, seat in sorted(force["seats"].items()) if (holder := _holder(seat["terms"], day))}


def _holder(terms: Sequence[Mapping[str, Any]], day: str) -> str | None:
    held = [each for each in terms if each["first"] <= day and (each["until"] is None or day < each["until"])]
    return str(held[-1]["holder"]) if held else None


async def _attendance(known: Known) -> Asks:
    fields: list[Field] = []
    held = await seats_of(known)
    for number, (seat, holder) in enumerate(held.items()):
        who = [(HOLDER, holder), (ANOTHER, _("somebody in their place"))]
        fields.append(choice(f"came-{number}", seat, who, required=False, hint=_("Empty: nobody came.")))
        fields.append(line(f"other-{number}", _("Who came in the place of %(who)s") % {"who": holder}, required=False))

    def made(said: Body) -> Body:
        present: list[Body] = []
        for number, (seat, holder) in enumerate(held.items()):
            came, other = said.get(f"came-{number}"), said.get(f"other-{number}")
            if other or came == ANOTHER:
                present.append({"seat_id": seat, "person": other or "", "stands_in": True})
            elif came == HOLDER:
                present.append({"seat_id": seat, "person": holder})
        return {"present": present}

    return Asks(fields, made=made)


async def _minutes(known: Known) -> Asks:
    topics = known.affair["topics"]
    fields = [area(f"items.{number}.outcome", each["title"]) for number, each in enumerate(topics)]

    def made(said: Body) -> Body:
        return {"items": [{"item": of["id"], **came} for of, came in zip(topics, said["items"], strict=True)]}

    return Asks(fields, _("What came of each item. It can be written anew until it is confirmed."), made=made)


async def _confirm(known: Known) -> Asks:
    return Asks(
        [choice("seat_id", _("For which seat"), [(seat, seat) for seat in sorted(known.affair["present"])])],
        follows=_("You were there and have not written them. Nothing of confirmed minutes is changed any more."),
        also={"digest": known.affair["minutes"]},
    )


async def _correct(known: Known) -> Asks:
    topics = [(each["id"], each["title"]) for each in known.affair["topics"]]
    return Asks(
        [
            choice("item", _("Item of the agenda"), topics),
            area("instead", _("What it should say")),
            area("why", _("Why")),
            choice("seat_id", _("For which seat"), [(seat, seat) for seat in sorted(known.affair["present"])]),
        ],
        follows=_("It stands beside the minutes, which stay as they were."),
    )


MEETINGS = Kind(
    "meetings",
    [
        Step("record_attendance", lambda: _("Who came"), _attendance, in_state("called", "held")),
        Step("write_minutes", lambda: _("Write the minutes"), _minutes, in_state("held", "minuted")),
        Step("confirm_minutes", lambda: _("Confirm the minutes"), _confirm, in_state("minuted"), TAKE_PART),
        Step("correct_minutes", lambda: _("Put the minutes right"), _correct, in_state("confirmed"), TAKE_PART),
        Step("call", lambda: _("Another time or agenda"), _again, in_state("called")),
        Step("cancel", lambda: _("Call it off"), _cancel, in_state("called")),
    ],
    home=page_of,
)
