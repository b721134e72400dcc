"""The codes of common affairs in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import STATES
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.pages.language import LOCALES, _

CHOICES = ("approve", "oppose", "abstain")


def said(words: Mapping[str, str], code: str | None) -> str:
    return words.get(code or "", code or "–")


def metres(area: int) -> str:
    """An area, which is counted in hundredths of a ㎡."""
    return f"{Decimal(area) / 100:,.2f} ㎡"


def day(at: date | str | None) -> str:
    """A day in the reader's language."""
    if at is None:
        return "–"
    found = date.fromisoformat(at) if isinstance(at, str) else at
    return format_date(found, "long", locale=LOCALES[ANSWER_IN.get()])


def shorten(text: str, most: int = 60) -> str:
    """How a text begins, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def wording(text: Mapping[str, Any] | None) -> str:
    """A text of the office's: in English as far as there is one."""
    if not text:
        return ""
    return str((text.get("en") if ANSWER_IN.get() is Language.EN else None) or text["zh"])


def share(part: int, whole: int) -> str:
    """How much of the whole, in per cent."""
    return f"{Decimal(100 * part) / whole:.1f} %" if whole else "–"


def texts_of(told: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The text of each matter, by its id."""
    return {each["matter"]: each["text"] for each in told}


def choice(code: str) -> str:
    return said({"approve": _("For"), "oppose": _("Against"), "abstain": _("Abstain")}, code)


def effect(code: str) -> str:
    return said({"decision": _("Joint decision of the owners"), "consultation": _("Enquiry into intentions")}, code)


def what_it_is_worth(code: str) -> str:
    """What follows from a result, for who votes."""
    return said(
        {
            "decision": _("The result decides. It binds all owners."),
            "consultation": _("The result says what owners want. It decides nothing and binds nobody."),
        },
        code,
    )


def vote(state: str) -> str:
    return said(
        {
            "prepared": _("Being prepared"),
            "noticed": _("Announced"),
            "open": _("Votes are taken"),
            "closed": _("Closed, being counted"),
            "counted": _("Counted"),
            "declared": _("Result declared"),
            "published": _("Result published"),
            "voided": _("Stopped, no result"),
        },
        state,
    )


def tone(state: str) -> str:
    """The mark beside a vote's state."""
    return {"open": "wait", "published": "ok", "declared": "ok", "voided": "bad"}.get(state, "off")


def step(name: str) -> str:
    """What the office does next with a vote."""
    return said(
        {
            "notice": _("Post the notice"),
            "open": _("Open the vote"),
            "close": _("Close the vote"),
            "declare": _("Declare the result"),
            "publish": _("Publish the result"),
        },
        name,
    )


def what_follows(name: str) -> str:
    """What comes of such a step."""
    return said(
        {
            "notice": _("Texts, rules and register stand from now on. Its days count from when it hangs."),
            "open": _("Owners can vote until the time that is written below. It cannot be closed sooner."),
            "close": _("No ballot is taken any more. Papers that came in time can still be entered."),
            "declare": _("Everybody sees what came of each matter."),
            "publish": _("It hangs where everybody can read it. The time for a challenge begins."),
        },
        name,
    )


def channel(code: str) -> str:
    return said({"code": _("With a code, on these pages"), "paper": _("On paper"), "proxy": _("By proxy")}, code)


def channels(codes: Iterable[str]) -> str:
    return "; ".join(map(channel, codes))


def desk_of(subject: str, id: str) -> str | None:
    """The desk's page of what a notice is of."""
    kinds = {"round": "rounds", "plan": "plans", "vote": "votes", "result": "votes", "covenant": "covenants"}
    return at("/desk/{kind}/{id}", kind=kinds[subject], id=id) if subject in kinds else None


def page_of(subject: str, id: str) -> str | None:
    """What everybody reads of what a notice is of: a page, or a place on the board."""
    kinds = {"round": "rounds", "plan": "plans", "vote": "vote", "result": "vote"}
    if subject in kinds:
        return at("/{kind}/{id}", kind=kinds[subject], id=id)
    return f"#{id}" if subject == "covenant" else None


def subject(code: str) -> str:
    """What a notice is of."""
    return said(
        {
            "round": _("Survey of needs"),
            "plan": _("Plan of the works"),
            "vote": _("Matter for the owners to decide"),
            "result": _("Result of a vote"),
            "covenant": _("Covenant"),
            "other": _("Notice"),
        },
        code,
    )


def notice(stage: str) -> str:
    return said({"hanging": _("Hangs"), "completed": _("Its days are over"), "ended": _("Taken down")}, stage)


def round(stage: str) -> str:
    return said(
        {
            "draft": _("Being drawn up"),
            "open": _("Answers are taken"),
            "closed": _("Answers are taken no more"),
            "summarised": _("Summarised"),
            "published": _("Its result is published"),
        },
        stage,
    )


def plan(stage: str) -> str:
    return said(
        {
            "drafting": _("Being drawn up"),
            "noticed": _("Posted, objections are taken"),
            "finalised": _("Final"),
            "superseded": _("Another one holds in its place"),
        },
        stage,
    )


def deliberation(state: str) -> str:
    return said(
        {
            "convened": _("Convened"),
            "open": _("Being deliberated"),
            "concluded": _("Concluded"),
            "published": _("Its result is published"),
        },
        state,
    )


def seat(role: str) -> str:
    """For whom somebody sits in a task force."""
    return said(
        {
            "subdistrict": _("Subdistrict"),
            "community": _("Community"),
            "party_members": _("Party members"),
            "residents": _("Residents"),
            "owners_committee": _("Owners' committee"),
            "property": _("Property company"),
            "builder": _("Builder"),
            "supervisor": _("Supervisor"),
        },
        role,
    )


def meeting(state: str) -> str:
    return said(
        {
            "called": _("Called"),
            "cancelled": _("Called off"),
            "held": _("Held"),
            "minuted": _("Minutes written"),
            "confirmed": _("Minutes confirmed"),
        },
        state,
    )


def action(state: str) -> str:
    return said(
        {
            "open": _("Owed"),
            "reported": _("Reported done"),
            "verified": _("Done and verified"),
            "dropped": _("Dropped"),
        },
        state,
    )


def commitment(state: str) -> str:
    return said(
        {
            "offered": _("Offered"),
            "refused": _("Not heard: it binds nobody"),
            "accepted": _("Taken up"),
            "declined": _("Declined"),
            "withdrawn": _("Taken back"),
        },
        state,
    )


def category(code: str) -> str:
    """Of an item of a plan."""
    return said({"basic": _("Basic works"), "improvement": _("Improvement"), "enhancement": _("Enhancement")}, code)


def yuan(fen: int) -> str:
    """An amount, which is counted in hundredths of a yuan."""
    return f"¥{Decimal(fen) / 100:,.2f}"


def works(state: str) -> str:
    return said(
        {
            "building": _("Being built"),
            "completed": _("Built"),
            "requested": _("Acceptance asked for"),
            "convened": _("Being accepted"),
            "accepted": _("Accepted"),
            "filed": _("Filed with the authority"),
            "handed_over": _("Handed over"),
        },
        state,
    )


def role(code: str) -> str:
    """Of a party on a building site."""
    return said(
        {
            "client": _("Client"),
            "survey": _("Survey"),
            "design": _("Design"),
            "builder": _("Builder"),
            "supervisor": _("Supervisor"),
        },
        code,
    )


def trade(code: str) -> str:
    return said(
        {
            "structure": _("Structure"),
            "waterproofing": _("Waterproofing"),
            "heating": _("Heating"),
            "pipes": _("Pipes"),
            "electrics": _("Electrics"),
            "installation": _("Installation"),
            "decoration": _("Decoration"),
        },
        code,
    )


def stage(code: str) -> str:
    """Of what kind a step of a demand's way is."""
    return said(
        {
            "case": _("Demand"),
            "round": _("Survey of needs"),
            "cluster": _("Put together with others like it"),
            "plan": _("Plan of the works"),
            "item": _("Answered in the plan"),
            "commitment": _("Promise"),
            "action": _("Task"),
            "package": _("Building works"),
            "defect": _("Defect"),
            "acceptance": _("Acceptance"),
            "end": _("How it ended"),
        },
        code,
    )


def standing(of: str, state: str) -> str:
    """How a step stands."""
    if of == "case" and state in set(CaseState):
        return STATES[ANSWER_IN.get()][CaseState(state)]
    if of == "end":
        return _end(state)
    return said(
        {
            "raised": _("it was made there"),
            "clustered": _("done"),
            "left_out": _("left out"),
            "owed": _("the plan owes it an answer"),
            "declined": _("not taken up"),
            "drafting": _("being drawn up"),
            "noticed": _("posted for all to read"),
            "finalised": _("final"),
            "superseded": _("another plan holds in its place"),
            "made": _("made"),
            "open": _("open"),
            "reported": _("reported"),
            "verified": _("done and checked"),
            "dropped": _("dropped"),
            "building": _("being built"),
            "mending": _("being mended"),
            "completed": _("built"),
            "handed_over": _("handed over"),
            "confirmed": _("confirmed"),
            "dismissed": _("found to be none"),
            "ordered": _("to be mended"),
            "submitted": _("mended, to be checked"),
            "requested": _("asked for"),
            "convened": _("under way"),
            "passed": _("passed"),
            "failed": _("failed"),
            "revoked": _("taken back"),
            "filed": _("filed with the authority"),
        },
        state,
    )


def _end(code: str) -> str:
    return said(
        {
            "accepted": _("All that was built for it is accepted."),
            "left_out": _("The survey did not take it up."),
            "declined": _("The plan does not take it up."),
            "superseded": _("Another plan holds now, which does not take it up."),
            "withdrawn": _("It was taken back."),
            "resolved": _("It was dealt with; no plan was needed."),
        },
        code,
    )


def hears(code: str) -> str:
    """How much somebody wants to hear."""
    words = {"milestones": _("Milestones"), "every_step": _("Every step"), "ends": _("Only what it comes to")}
    return said(words, code)
