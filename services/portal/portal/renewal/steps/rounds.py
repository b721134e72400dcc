"""A survey's own texts: begun, and its questions put, one form each."""

from typing import Any

from portal.pages.language import _
from portal.renewal.forms import Field
from portal.renewal.steps.fields import area, choice, line, lines, number, tick
from portal.renewal.steps.step import Asks, Body, Kind, Known, Step, in_state

KINDS = ("single", "multiple", "scale", "ranking", "text")


def kind_in_words(kind: str) -> str:
    words = {
        "single": _("One choice"),
        "multiple": _("Several choices"),
        "scale": _("A scale"),
        "ranking": _("A ranking"),
        "text": _("Free text"),
    }
    return words[kind]


async def _begin(known: Known) -> Asks:
    fields = [
        line("title.zh", _("What the survey is called")),
        line("title.en", _("In English"), required=False),
    ]
    return Asks(fields, _("Its questions come next."), known.place)


async def _title(known: Known) -> Asks:
    title = known.affair["title"]
    fields = [
        line("title.zh", _("What the survey is called"), title["zh"]),
        line("title.en", _("In English"), title.get("en") or "", required=False),
        _as_read(known),
    ]
    return Asks(fields, also={"questions": known.affair["questions"]})


async def _question(known: Known) -> Asks:
    """A new one at the end, or another text of one that is there."""
    questions = [*known.affair["questions"]]
    place = next((at for at, each in enumerate(questions) if each["id"] == known.of), len(questions))
    before: dict[str, Any] = questions[place] if place < len(questions) else {}

    def made(said: Body) -> Body:
        """An option that reads as before keeps its id."""
        [asked] = said["questions"]
        kept = {each["text"]["zh"]: each for each in before.get("options", ())}
        fresh = known.fresh("o")
        options = [
            kept.get(text) or {"id": f"{fresh}-{at}", "text": {"zh": text}}
            for at, text in enumerate(asked.pop("options", ()), 1)
        ]
        id = before.get("id") or known.fresh("q")
        questions[place : place + 1] = [{"id": id, **asked, "options": options}]
        return {"questions": questions}

    fields = [*_fields(f"questions.{place}", before), _as_read(known)]
    return Asks(fields, also={"title": known.affair["title"]}, made=made)


def _as_read(known: Known) -> Field:
    """All questions are sent: who has not seen the newest of them is told so."""
    return Field("version", "", "version", value=str(known.affair["version"]))


def _fields(into: str, before: dict[str, Any]) -> list[Field]:
    text = before.get("text") or {}
    options = [each["text"]["zh"] for each in before.get("options", ())]
    kinds = [(kind, kind_in_words(kind)) for kind in KINDS]
    return [
        choice(f"{into}.kind", _("How it is answered"), kinds, before.get("kind", "")),
        area(f"{into}.text.zh", _("The question"), text.get("zh", ""), most=2_000),
        area(f"{into}.text.en", _("In English"), text.get("en") or "", most=2_000, required=False),
        lines(
            f"{into}.options",
            _("Options"),
            options,
            required=False,
            hint=_("A line each. Of one choice, several and a ranking."),
        ),
        number(
            f"{into}.least",
            _("At least"),
            before.get("least") or None,
            required=False,
            hint=_("Of several: how many are chosen, where any are. Of a scale: its lower end."),
        ),
        number(
            f"{into}.most",
            _("At most"),
            before.get("most"),
            required=False,
            hint=_("Of several and a ranking: how many. Of a scale: its upper end."),
        ),
        tick(f"{into}.required", _("It has to be answered"), bool(before.get("required"))),
        tick(
            f"{into}.needs", _("Free text may become a demand, where the household consents"), bool(before.get("needs"))
        ),
        tick(f"{into}.places", _("It asks where, too"), bool(before.get("places"))),
    ]


async def _remove(known: Known) -> Asks:
    left = [each for each in known.affair["questions"] if each["id"] != known.of]
    return Asks([_as_read(known)], _asked(known), {"title": known.affair["title"], "questions": left})


async def _up(known: Known) -> Asks:
    """One place nearer to the beginning."""
    questions = [*known.affair["questions"]]
    place = next((at for at, each in enumerate(questions) if each["id"] == known.of), 0)
    if place:
        questions[place - 1 : place + 1] = [questions[place], questions[place - 1]]
    return Asks([_as_read(known)], _asked(known), {"title": known.affair["title"], "questions": questions})


def _asked(known: Known) -> str:
    found = next((each for each in known.affair["questions"] if each["id"] == known.of), None)
    return str(found["text"]["zh"]) if found else ""


ROUNDS = Kind(
    "rounds",
    [
        Step("question", lambda: _("Put a question"), _question, in_state("draft"), verb="revise"),
        Step("title", lambda: _("Call it otherwise"), _title, in_state("draft"), verb="revise"),
        Step("remove", lambda: _("Take a question out"), _remove, in_state("draft"), of_one=True, verb="revise"),
        Step("up", lambda: _("Ask it sooner"), _up, in_state("draft"), of_one=True, verb="revise"),
    ],
    Step("begin", lambda: _("Prepare a survey"), _begin),
)
