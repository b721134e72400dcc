"""Steps of a notice 公示: that it hangs in a building since then, that it was not there, that its days are over."""

from portal.addresses import at
from portal.pages.language import _
from portal.renewal.steps.fields import choice, file, hidden, moment
from portal.renewal.steps.step import Affair, Asks, Kind, Known, Step, in_state, just_so

HOME = "/desk/notices/{id}"


def hangs_in(notice: Affair) -> list[str]:
    """The buildings in which it hangs, as far as is known."""
    return [each for each in notice["buildings"] if each in notice["posted"] and each not in notice["missing"]]


def not_posted(notice: Affair) -> list[str]:
    there = hangs_in(notice)
    return [each for each in notice["buildings"] if each not in there]


async def _post(known: Known) -> Asks:
    now = known.here.visit.office.now().isoformat()
    return Asks(
        [
            choice("building", _("Building"), [(each, each) for each in not_posted(known.affair)], known.of),
            moment("posted_at", _("Since when it hangs"), known.at(now)),
            file("photo", _("Photo of it"), hint=_("Its SHA-256 alone is kept: the photo stays with you.")),
            hidden("digest", known.affair["digest"]),
        ],
        follows=_("Its days begin with the first midnight after it hangs in the last of its buildings."),
    )


async def _miss(known: Known) -> Asks:
    return Asks(
        [choice("building", _("Building"), [(each, each) for each in hangs_in(known.affair)], known.of)],
        follows=_("It was looked for and is not there. It is posted anew; its days may begin anew, as the rules say."),
    )


async def _end(known: Known) -> Asks:
    return Asks(follows=_("It is taken down for good, before its days are over."))


NOTICES = Kind(
    "publicity",
    [
        Step(
            "post",
            lambda: _("Record where it hangs"),
            _post,
            lambda notice: notice["stage"] == "hanging" and bool(not_posted(notice)),
        ),
        Step(
            "miss",
            lambda: _("Record that it is missing"),
            _miss,
            lambda notice: notice["stage"] == "hanging" and bool(hangs_in(notice)),
        ),
        Step("complete", lambda: _("Its days are over"), just_so, in_state("hanging")),
        Step("end", lambda: _("Take it down"), _end, in_state("hanging")),
    ],
    home=lambda notice: at(HOME, id=notice["id"]),
)
