"""What is said of an outage: to reporters in both languages, for a company writes to all at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from linli.contracts.kinds import Language
from linli.contracts.workflow.outage import OutageFacts, OutageState, Utility
from linli.contracts.workflow.outage_words import clock_time, off, summary, why
from linli.web.localized import Localized


def called(facts: OutageFacts, language: Language) -> str:
    """The title of its case."""
    title = Localized("{off}{why}", "{off}{why}", off=_capital(off(facts.utility)), why=why(facts.cause))
    return str(title) if language is Language.EN else title.chinese


def called_in_both(facts: OutageFacts) -> str:
    """The same for readers of either language."""
    return f"{called(facts, Language.ZH)} {called(facts, Language.EN)}"


def call_again(utility: Utility, building: str, count: int, language: Language) -> str:
    """The title of the case that calls the company to a building again."""
    title = Localized(
        "Building {building}: {count} say that it is still {off}",
        "{building}号楼恢复后仍有 {count} 户反映{off}",
        building=building,
        count=count,
        off=off(utility),
    )
    return str(title) if language is Language.EN else title.chinese


def adopted(facts: OutageFacts, zone: ZoneInfo, now: datetime) -> str:
    """Why a report follows the outage."""
    return _both(Localized("Known: {what}.", "已知{what}。", what=summary(facts, zone, now)))


def expected(facts: OutageFacts, zone: ZoneInfo, now: datetime, message: str | None) -> str:
    """That the estimate has moved."""
    assert facts.until is not None
    moved = Localized("Now expected back at {at}.", "预计恢复时间改为 {at}。", at=clock_time(facts.until, zone, now))
    return "\n".join(filter(None, (_both(moved), message)))


def back(facts: OutageFacts, message: str | None) -> str:
    """That it is over, with the question."""
    over = Localized(
        "The company says that it is back ({off} before). Is it, at your place? Please answer below.",
        "公司报告已恢复（此前{off}）。您家恢复了吗？请在回访中告诉我们。",
        off=off(facts.utility),
    )
    return "\n".join(filter(None, (_both(over), message)))


def stands(state: OutageState) -> Localized:
    """Where it stands."""
    return _STATES[state]


_STATES = {
    OutageState.DECLARED: Localized("declared", "进行中"),
    OutageState.PARTIALLY_RESTORED: Localized("partially restored", "部分恢复"),
    OutageState.RESTORED: Localized("restored", "已恢复"),
    OutageState.CANCELLED: Localized("cancelled", "已取消"),
}
NOT_BACK = "恢复后仍未恢复，优先办理。 Not back after the restoration; it goes before other work."
OUTSIDE = "不在这次停供范围内，单独办理。 Outside the outage after all; it is dealt with by itself."
CALLED_OFF = "这次停供已取消，单独办理。 The outage was called off; this is dealt with by itself."


def _both(text: Localized) -> str:
    return f"{text.chinese} {text}"


def _capital(text: Localized) -> Localized:
    return Localized(text[0].upper() + text[1:], text.chinese)
