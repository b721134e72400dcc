"""A task force's steps: its seats and bulletins, a meeting that is called, a task that is assigned."""

from collections.abc import Sequence

from portal.addresses import at
from portal.pages.language import _
from portal.renewal import words as w
from portal.renewal.forms import Field
from portal.renewal.steps.fields import area, choice, day, line, lines, moment
from portal.renewal.steps.step import Affair, Asks, Body, Kind, Known, Step

SEATS = ("subdistrict", "community", "party_members", "residents", "owners_committee", "property", "builder")
ROLES = (*SEATS, "supervisor")


async def _form(known: Known) -> Asks:
    return Asks([line("title", _("What it is called"))], also=known.place)


async def _fill(known: Known) -> Asks:
    roles = [(role, w.seat(role)) for role in ROLES]
    holder = _("An id that says nothing of who it is. Who is to confirm minutes: the id of their own key, key:….")
    return Asks(
        [
            line("seat_id", _("Seat"), hint=_("Such as residents-1. One that is there gets its next holder."), most=80),
            choice("role", _("For whom"), roles),
            line("holder", _("Who holds it"), hint=holder, most=80),
            line("sits_for", _("Their party"), required=False, hint=_("It hears of meetings by letter."), most=64),
            day("from_day", _("From"), known.today),
            day("until", _("Until"), required=False, hint=_("The first day on which they hold it no more.")),
        ]
    )


async def _vacate(known: Known) -> Asks:
    return Asks(
        [
            choice("seat_id", _("Seat"), [(id, id) for id in sorted(known.affair["seats"])]),
            day("on", _("From"), known.today),
            line("stands_in", _("Who stands in"), most=80),
            line("sits_for", _("Their party"), required=False, most=64),
        ],
        follows=_("A seat is never empty: somebody stands in from that day."),
    )


async def _call(known: Known) -> Asks:
    says = _("All parties that have a seat hear of it by letter.")
    return Asks(meeting_fields(), says, {"taskforce": known.affair["id"]}, with_agenda)


def meeting_fields(starts_at: str = "", place: str = "", agenda: Sequence[str] = ()) -> list[Field]:
    return [
        moment("starts_at", _("When"), starts_at),
        line("place", _("Where"), place),
        lines("agenda", _("Agenda"), agenda, hint=_("A line for each item.")),
        area("urgent", _("Why at such short notice"), required=False, hint=_("Where it is sooner than the rules ask.")),
    ]


def with_agenda(said: Body) -> Body:
    topics = [{"id": f"item-{number}", "title": title} for number, title in enumerate(said["agenda"], 1)]
    return said | {"agenda": topics}


async def _assign(known: Known) -> Asks:
    meetings = await known.here.get("/v1/meetings", {"taskforce": known.affair["id"]})
    called = [(each["id"], f"{known.at(each['starts_at'])[:10]} {each['place']}") for each in meetings]
    from_where = [(f"meeting:{id}", text) for id, text in called]
    for plan in await known.here.get("/v1/plans", known.place):
        items = (await known.here.get(at("/v1/plans/{id}", id=plan["id"])))["items"]
        from_where += [(f"plan_item:{plan['id']}~{id}", w.wording(each["title"])) for id, each in items.items()]
    return Asks(
        [
            choice("comes_of", _("What it comes of"), from_where),
            line("what", _("What is to be done")),
            line("owner", _("Who owes it"), hint=_("One party, or who holds a seat, by the id."), most=80),
            day("due", _("Last day")),
        ],
        _("It is reminded of before its day, and somebody else than who owes it verifies it."),
        {"taskforce_id": known.affair["id"]},
        _of_where,
    )


def _of_where(said: Body) -> Body:
    origin, _colon, id = said["comes_of"].partition(":")
    return said | {"comes_of": {"origin": origin, "id": id}}


async def _bulletin(known: Known) -> Asks:
    return Asks(
        [line("title", _("Headline")), area("text", _("What it says"), most=20_000)],
        follows=_("Everybody reads it, and nothing of it is changed afterwards."),
    )


async def _correct(known: Known) -> Asks:
    numbers = [(str(number), str(number)) for number in range(1, len(known.affair["bulletins"]) + 1)]
    return Asks(
        [
            choice("number", _("Bulletin"), numbers, known.of),
            area("instead", _("What it should have said")),
            area("why", _("Why")),
        ],
        _("It stands beside the bulletin, which stays as it was."),
        made=lambda said: said | {"number": int(said["number"])},
    )


def page_of(affair: Affair) -> str:
    """A meeting that was called has a page of its own, a task stands on that of its task force."""
    if "starts_at" in affair:
        return at("/desk/meetings/{id}", id=affair["id"])
    return at("/desk/taskforces/{id}", id=affair.get("taskforce_id") or affair["id"])


TASKFORCES = Kind(
    "taskforces",
    [
        Step("call", lambda: _("Call a meeting"), _call, path="/v1/meetings"),
        Step("fill_seat", lambda: _("Fill a seat"), _fill),
        Step("vacate_seat", lambda: _("Somebody leaves a seat"), _vacate, lambda force: bool(force["seats"])),
        Step("assign", lambda: _("Assign a task"), _assign, path="/v1/actions"),
        Step("issue_bulletin", lambda: _("Issue a bulletin"), _bulletin),
        Step("correct_bulletin", lambda: _("Put a bulletin right"), _correct, lambda force: bool(force["bulletins"])),
    ],
    Step("begin", lambda: _("Form a task force"), _form),
    page_of,
)
