"""What the parties of the demo do with their cases: the same on every run, and decided without looking at a clock."""

from dataclasses import dataclass

from linli.contracts.kinds import Kind, Language

ACCEPTED = {
    Language.ZH: (
        "收到，已安排专人跟进，两天内上门看现场。",
        "已签收，会同网格员一起了解情况后给您回话。",
        "已签收，列入本周工作推进会议题。",
    ),
    Language.EN: ("We have it and will come to see the place within two days.",),
}
PROGRESSED = {
    Language.ZH: (
        "今天和监理到现场看过，下周三前拿出方案，贴在单元门口请大家提意见。",
        "已经约好周五上午十点现场碰头，欢迎您一起来看。",
        "挨家问过一轮，多数邻居同意，还差两户没在家，周末再上门。",
        "图纸和管线资料已经调出来，正在核对能不能挪位置。",
        "材料已报街道审核，批下来就排进本月计划。",
    ),
    Language.EN: ("We have measured the place; the plan will hang at your entrance by next Wednesday.",),
}
SETTLED = {
    Kind.DEMAND: (
        "已写进本小区改造方案，下月动工，公示在宣传栏，欢迎监督。",
        "现场已经处理好，照片存档。您看看还有哪里不满意，随时找我们。",
        "议事会上大家定了地点和时间，物料已经进场。",
    ),
    Kind.DISPUTE: (
        "双方坐下来谈过，达成一致并签了调解书，一个月后我们再回访。",
        "请来师傅鉴定过责任，两家各让一步，今天已经握手言和。",
    ),
}
SETTLED_EN = ("It is settled as agreed on the spot; please tell us if anything is left.",)
CONFIRMED = {Language.ZH: "回访：已解决，满意。", Language.EN: "Followed up: solved, the reporter is satisfied."}
RETURNED = (
    "现场核实，这一段的产权不在我单位，建议由上一级牵头明确权属后再派。",
    "涉及两家单位的管线，单方面无法施工，请上一级协调。",
    "核实后属于隔壁院的公共部位，请重新核对小区。",
)


@dataclass(frozen=True)
class Step:
    """One action on a case and what is said with it."""

    action: str
    words: str

    @property
    def body(self) -> dict[str, str]:
        """The body of the action's request."""
        return {"reason" if self.action == "return" else "message": self.words}


OF_REPORTS = [
    Step("accept", "收到，今天安排人到现场处理。"),
    Step("resolve", "已经处理好，请巡线同志复核。"),
]
"""What happens to what a utility has reported."""


def steps(place: int, kind: Kind, language: Language, *, answers: bool = False) -> list[Step]:
    """What happens to the dispatched case at this place, counted from 0. With `answers` its party lets none wait.

    Of every twelve, three wait to be accepted, one is returned, eight are accepted; of these two stay so, two are
    being worked on, two are resolved, two closed.
    """
    turn, lap = place % 12, place // 12
    accept = Step("accept", _one_of(ACCEPTED[language], place))
    if turn in {2, 5, 8}:
        return [accept] if answers else []
    if turn == 10:
        return [Step("return", RETURNED[lap % len(RETURNED)])]
    progress = Step("progress", _one_of(PROGRESSED[language], place))
    resolve = Step("resolve", _one_of(SETTLED_EN if language is Language.EN else SETTLED[kind], place))
    match turn:
        case 0 | 6:
            return [accept]
        case 1 | 7:
            return [accept, progress]
        case 3 | 9:
            return [accept, progress, resolve]
        case _:
            return [accept, progress, resolve, Step("close", CONFIRMED[language])]


def _one_of(texts: tuple[str, ...], place: int) -> str:
    return texts[place % len(texts)]
