"""Steps of an illegal structure 拆违治乱: found, noticed, appealed, decided, cleared, looked at again."""

from portal.pages.language import _
from portal.renewal.steps.fields import area, choice, day, file, line, photos, yes_or_no
from portal.renewal.steps.step import Asks, Kind, Known, Step, in_state


async def _found(known: Known) -> Asks:
    works = await known.here.get("/v1/works", known.place)
    packages = [(each["id"], each["title"]) for each in works]
    return Asks(
        [
            line("what", _("What stands there")),
            line("place", _("Where exactly")),
            line(
                "occupier",
                _("Who has it"),
                required=False,
                hint=_("A number of your own files, and never a name."),
                most=80,
            ),
            choice("package_id", _("Building works that it stands in the way of"), packages, required=False),
            photos("photos", _("Photos")),
        ],
        follows=_("Nothing of it is public."),
        also=known.place,
    )


async def _notice(known: Known) -> Asks:
    return Asks(
        [
            file("notice", _("The document that was served")),
            day("remove_by", _("To be removed by")),
        ],
        follows=_(
            "From the day on which it was served, an administrative review can be asked for, or a suit brought. Before"
            " the time for that is over, and while either is undecided, nothing is removed by force."
        ),
    )


async def _appeal(known: Known) -> Asks:
    return Asks([day("on", _("The day on which the appeal was made"), known.today)])


async def _decide(known: Known) -> Asks:
    return Asks(
        [
            yes_or_no("upheld", _("What came of it"), _("It is upheld: the structure stays"), _("It is turned down")),
            area("why", _("Why"), hint=_("No names, please.")),
        ]
    )


async def _clear(known: Known) -> Asks:
    return Asks(
        [
            yes_or_no("voluntary", _("By whom"), _("By whoever had it"), _("By force")),
            photos("before", _("Photos from before")),
            photos("after", _("Photos from afterwards")),
        ]
    )


async def _check(known: Known) -> Asks:
    return Asks(
        [
            yes_or_no("clean", _("What you have seen"), _("It is gone"), _("It stands again")),
            photos("photos", _("Photos")),
        ],
        follows=_("Somebody else looks than who cleared it."),
    )


CLEARINGS = Kind(
    "clearings",
    [
        Step("notice", lambda: _("The notice is served"), _notice, in_state("found")),
        Step("appeal", lambda: _("An appeal was made"), _appeal, in_state("noticed")),
        Step("decide_appeal", lambda: _("The appeal is decided"), _decide, in_state("appealed")),
        Step("clear", lambda: _("It is cleared"), _clear, in_state("found", "noticed")),
        Step("check", lambda: _("Look again"), _check, in_state("cleared", "checked")),
    ],
    Step("begin", lambda: _("Record an illegal structure"), _found),
)
