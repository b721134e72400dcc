"""A covenant's steps: drafted, commented on, reviewed, adopted by an assembly, filed, in force; signed on paper."""

from typing import Any

from portal.addresses import at
from portal.pages.language import _
from portal.renewal import plan_words as p
from portal.renewal import step_words as s
from portal.renewal.steps.fields import area, choice, day, file, line, lines, number, yes_or_no
from portal.renewal.steps.step import Affair, Asks, Kind, Known, Step

TRACKS = ("residents", "owners", "facility")
ADOPTED = frozenset({"adopted", "filed", "in_force"})


async def _begin(known: Known) -> Asks:
    templates = await known.here.get("/v1/covenant-templates")
    return Asks(
        [
            choice("track", _("Which kind"), [(track, p.track(track)) for track in TRACKS]),
            choice(
                "template", _("From a template"), [(each["id"], each["title"]) for each in templates], required=False
            ),
            line(
                "title", _("What it is called"), required=False, hint=_("Where there is no template, or another name.")
            ),
            area("text", _("Text"), required=False, most=50_000),
        ],
        follows=_("Templates are drafts of this project, and no authority's model text."),
        also=known.place,
    )


async def _draft(known: Known) -> Asks:
    newest = newest_of(known.affair)
    text = ""
    if newest is not None:
        path = at("/v1/covenants/{id}/texts/{digest}", id=known.affair["id"], digest=newest["digest"])
        text = (await known.here.get(path))["text"]
    return Asks(
        [
            line("title", _("What it is called"), newest["title"] if newest else ""),
            area("text", _("Text"), text, most=50_000),
        ],
        follows=_("One changed character is another text: it is reviewed and signed anew."),
    )


async def _comments(known: Known) -> Asks:
    hint = _("Empty: as early as the rules allow.")
    return Asks([day("until", _("Comments are taken until"), required=False, hint=hint)])


async def _answer(known: Known) -> Asks:
    taken = yes_or_no("taken", _("What becomes of it"), _("It is taken up"), _("It is not taken up"))
    return Asks([taken, area("answer", _("The answer"))], also={"comment_id": known.of})


async def _review(known: Known) -> Asks:
    return Asks(
        [
            area(
                "no_fines",
                _("Why a word that sounds like a fine is none"),
                required=False,
                hint=_("Neighbours cannot set fines (行政处罚法)."),
            )
        ],
        follows=_("You have not written it. Exactly this text may be voted on from now on."),
        also=_this_text(known),
    )


async def _return(known: Known) -> Asks:
    return Asks([area("why", _("Why"))], also=_this_text(known))


async def _assembly(known: Known) -> Asks:
    return Asks(
        [
            day("held_on", _("Held on"), known.today),
            lines("listed", _("Households on the list, by their ids"), hint=_("A line each.")),
            lines("present", _("Those that were there"), hint=_("A line each, one representative of each.")),
            number("yes", _("Yes")),
            number("no", _("No")),
            file("minutes", _("Scan of the signed minutes")),
        ],
        follows=_("More than half of the listed have to be there, and more than half of those present say yes."),
        also={**_this_text(known), "assembly_id": known.fresh("a")},
    )


async def _file(known: Known) -> Asks:
    return Asks(
        [line("filing", _("Number of the filing"), most=100), day("on", _("Filed on"), known.today)],
    )


async def _force(known: Known) -> Asks:
    return Asks(
        [day("from_day", _("It holds from"), known.today)], follows=_("What held before is superseded on that day.")
    )


async def _sign(known: Known) -> Asks:
    return Asks(
        [line("household", _("Household, by its id"), most=80), file("scan", _("Scan of what it signed"))],
        also=_this_text(known),
    )


async def _unsign(known: Known) -> Asks:
    says = _("The household has asked for it at the office. It can sign again.")
    return Asks([line("household", _("Household, by its id"), most=80)], says, _this_text(known))


async def _breach(known: Known) -> Asks:
    return Asks(
        [
            number("article", _("Article")),
            line("case_id", _("Number of the case"), hint=_("Who reported it is in the case alone."), most=80),
        ],
        also={"breach_id": known.fresh("b")},
    )


async def _settle(known: Known) -> Asks:
    outcomes = [(each, s.breach(each)) for each in ("reminded", "mediated", "referred", "unfounded")]
    return Asks([choice("outcome", _("What came of it"), outcomes)], also={"breach_id": known.of})


def newest_of(covenant: Affair) -> dict[str, Any] | None:
    return covenant["versions"][-1] if covenant["versions"] else None


def state_of(covenant: Affair) -> str:
    newest = newest_of(covenant)
    return str(newest["state"]) if newest else ""


def _this_text(known: Known) -> dict[str, Any]:
    newest = newest_of(known.affair)
    return {"digest": newest["digest"]} if newest else {}


def _signed(covenant: Affair) -> bool:
    return state_of(covenant) in ADOPTED and bool(covenant["signatures"])


def _being(*states: str) -> Any:
    return lambda covenant: state_of(covenant) in states


COVENANTS = Kind(
    "covenants",
    [
        Step("open_comments", lambda: _("Take comments"), _comments, _being("drafting")),
        Step("review", lambda: _("It may be voted on"), _review, _being("commenting")),
        Step("return", lambda: _("Send it back"), _return, _being("commenting", "reviewed")),
        Step(
            "record_assembly",
            lambda: _("Record a residents' assembly"),
            _assembly,
            lambda covenant: covenant["track"] == "residents" and state_of(covenant) == "reviewed",
        ),
        Step("file", lambda: _("It is filed"), _file, _being("adopted")),
        Step("put_in_force", lambda: _("Put it in force"), _force, _being("adopted", "filed")),
        Step("draft", lambda: _("Another text"), _draft),
        Step("answer_comment", lambda: _("Answer a comment"), _answer, of_one=True),
        Step("sign", lambda: _("Enter a signature from paper"), _sign, _being(*ADOPTED), "households:enter"),
        Step("withdraw_signature", lambda: _("Take a signature back"), _unsign, _signed, "households:enter"),
        Step("report_breach", lambda: _("Record a breach"), _breach, _being("in_force")),
        Step("settle_breach", lambda: _("Settle a breach"), _settle, of_one=True),
    ],
    Step("begin", lambda: _("Begin a covenant"), _begin),
)
