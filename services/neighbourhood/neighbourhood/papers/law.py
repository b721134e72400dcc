"""Rules of a vote in words for paper: what is decided, what it needs, by which article."""

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.rules import Base, Citation, Electorate, LegalClass, MatterRule, Share
from linli.contracts.neighbourhood.votes import BallotChannel, Effect
from neighbourhood.papers.text import Both

LEGAL_CLASSES = {
    LegalClass.ASSEMBLY_RULES: Both("制定和修改业主大会议事规则", "rules of the owners' assembly"),
    LegalClass.COVENANT: Both("制定和修改管理规约", "the owners' covenant"),
    LegalClass.COMMITTEE: Both("选举业主委员会或者更换其成员", "the owners' committee"),
    LegalClass.MANAGER: Both("选聘和解聘物业服务企业或者其他管理人", "the property manager"),
    LegalClass.FUND_USE: Both("使用建筑物及其附属设施的维修资金", "use of the repair fund"),
    LegalClass.FUND_RAISING: Both("筹集建筑物及其附属设施的维修资金", "raising the repair fund"),
    LegalClass.REBUILDING: Both("改建、重建建筑物及其附属设施", "rebuilding"),
    LegalClass.COMMON_PARTS: Both("改变共有部分的用途或者利用共有部分从事经营活动", "another use of common parts"),
    LegalClass.OTHER: Both("有关共有和共同管理权利的其他重大事项", "another matter of weight"),
    LegalClass.HOME_TO_BUSINESS: Both("将住宅改变为经营性用房", "a home that becomes a business"),
    LegalClass.LIFT: Both("既有住宅加装电梯", "a lift for a building without one"),
    LegalClass.RESIDENTS_COVENANT: Both("居民公约", "the residents' covenant"),
}
ELECTORATES = {
    Electorate.OWNERS: Both("全体业主", "all owners"),
    Electorate.STAIRWELL: Both("本单元全体业主", "all owners of the stairwell"),
    Electorate.INTERESTED: Both("有利害关系的业主", "the owners whom it touches"),
    Electorate.RESIDENTS: Both("居民会议", "the residents' meeting"),
}
CHANNELS = {
    BallotChannel.CODE: Both("网上（个人码）", "online, by code"),
    BallotChannel.PAPER: Both("纸质票", "on paper"),
    BallotChannel.PROXY: Both("委托投票", "by proxy"),
}
CHOICES = {
    Choice.APPROVE: Both("同意", "for"),
    Choice.OPPOSE: Both("反对", "against"),
    Choice.ABSTAIN: Both("弃权", "abstain"),
}
EFFECTS = {
    Effect.DECISION: Both("共同决定", "decision of the owners"),
    Effect.CONSULTATION: Both("意向征询", "consultation of intentions"),
}
_FRACTIONS = {(1, 2): "二分之一", (2, 3): "三分之二", (3, 4): "四分之三"}


def share_words(share: Share) -> Both:
    """`三分之二以上`, `过半数`: 以上 includes equality (民法典 1259)."""
    part, whole = share.numerator, share.denominator
    if part == whole:
        return Both("全部", "all")
    if (part, whole, share.or_equal) == (1, 2, False):
        return Both("过半数", "more than half")
    fraction = _FRACTIONS.get((part, whole), f"{whole}分之{part}")
    if share.or_equal:
        return Both(f"{fraction}以上（含本数）", f"at least {part}/{whole}")
    return Both(f"超过{fraction}", f"more than {part}/{whole}")


def rule_words(rule: MatterRule) -> Both:
    """All that it needs, in a sentence."""
    who, enough = ELECTORATES[rule.electorate], share_words(rule.approval)
    of = "参与表决" if rule.base is Base.PARTICIPATING else ""
    base = who.en if rule.base is Base.ALL else "those who take part"
    zh = f"{of}专有部分面积{enough.zh}且{of}人数{enough.zh}同意。"
    en = f"{enough.en} of the area and of the heads of {base} consent."
    if rule.quorum is not None:
        many = share_words(rule.quorum)
        zh = f"{who.zh}专有部分面积{many.zh}且人数{many.zh}参与表决，{zh}"
        en = f"{many.en} of the area and of the heads of {who.en} take part; {en}"
    else:
        zh = f"{who.zh}{zh}"
    if rule.written_consent:
        zh, en = f"{zh}须签名的书面票。", f"{en} On signed paper."
    return Both(zh, en[0].upper() + en[1:])


def citation_words(citation: Citation) -> Both:
    """The article; what nobody has read in the law itself says so."""
    zh = f"《{citation.law}》{citation.article}" if citation.law else "本规则未引用条文"
    if not citation.confirmed:
        zh += "（出处未核实，采用前须经主管部门或律师确认）"
    return Both(f"{zh}。{citation.note}")
