"""Steps of one task: reported, verified or returned by somebody else, put off, handed on, dropped."""

from portal.pages.language import _
from portal.renewal.steps.fields import area, day, line
from portal.renewal.steps.step import TAKE_PART, Asks, Kind, Known, Step, in_state, just_so
from portal.renewal.steps.taskforces import page_of


async def _report(known: Known) -> Asks:
    return Asks([area("done", _("What was done"))], follows=_("Somebody else looks whether it is."))


async def _with_another_day(known: Known) -> Asks:
    return Asks([day("due", _("Last day"), known.affair["due"]), area("why", _("Why"))])


async def _reassign(known: Known) -> Asks:
    return Asks(
        [
            line("owner", _("Who owes it"), hint=_("One party, or who holds a seat, by the id."), most=80),
            day("due", _("Last day"), known.affair["due"]),
            area("why", _("Why")),
        ]
    )


async def _drop(known: Known) -> Asks:
    return Asks([area("why", _("Why"))], follows=_("Nobody owes it any more."))


ACTIONS = Kind(
    "actions",
    [
        Step("report", lambda: _("Report it done"), _report, in_state("open"), TAKE_PART),
        Step("verify", lambda: _("Verify"), just_so, in_state("reported")),
        Step("return", lambda: _("It is not done"), _with_another_day, in_state("reported")),
        Step("postpone", lambda: _("Another day"), _with_another_day, in_state("open")),
        Step("reassign", lambda: _("Hand it on"), _reassign, in_state("open")),
        Step("drop", lambda: _("Drop it"), _drop, in_state("open")),
    ],
    home=page_of,
)
