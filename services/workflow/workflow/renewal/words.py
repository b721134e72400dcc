"""What is said of a demand: to its reporter, in both languages, for one text goes to whoever reads the case."""

from collections.abc import Mapping

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.lineage import DemandEnd, DemandEnded, DemandReached
from linli.web.localized import Localized

_REACHED: Mapping[tuple[str, str], Localized] = {
    ("cluster", "clustered"): Localized(
        "What you asked for was put together with what neighbours asked for.", "您的诉求已与邻居们的同类诉求归在一起。"
    ),
    ("cluster", "left_out"): Localized("What you asked for goes into no group.", "您的诉求没有归入任何一类。"),
    ("plan", "declined"): Localized("The plan does not take it up.", "改造方案没有采纳您的诉求。"),
    ("item", "finalised"): Localized("The plan is final, and it is in it.", "改造方案已确定，您的诉求列入其中。"),
    ("package", "building"): Localized("It is being built.", "已经开工。"),
    ("acceptance", "passed"): Localized("The works for it were accepted.", "相关工程已通过验收。"),
    ("acceptance", "failed"): Localized(
        "The works were not accepted; they are put right.", "工程验收未通过，正在整改。"
    ),
    ("acceptance", "revoked"): Localized("The acceptance was revoked; works are put right.", "验收已撤销，正在整改。"),
}
_OTHER = Localized("There is a further step.", "有新的进展。")
_ENDED: Mapping[DemandEnd, Localized] = {
    DemandEnd.ACCEPTED: Localized(
        "Done: all that was built for it is accepted.", "已完成：为此建设的工程全部通过验收。"
    ),
    DemandEnd.LEFT_OUT: Localized("It is not taken further.", "经研究不再推进。"),
    DemandEnd.DECLINED: Localized("The plan that holds does not take it up.", "已确定的改造方案没有采纳。"),
    DemandEnd.SUPERSEDED: Localized("Another plan holds now, without it.", "方案已被替代，新方案未包含此项。"),
}


def news(event: DemandReached) -> str:
    """A step on the way."""
    return _with(_REACHED.get((event.stage, event.state), _OTHER), event.reason)


def end(event: DemandEnded) -> str:
    """The answer with which its case is resolved."""
    return _with(_ENDED[event.end], event.reason)


def _with(said: Localized, reason: Wording | None) -> str:
    lines = [f"{said.chinese} {said}"]
    if reason is not None:
        lines += [text for text in (reason.zh, reason.en) if text]
    return "\n".join(lines)[:2_000]
