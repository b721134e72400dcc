"""A rule in words: what it is called and what it says, in both languages."""

from linli.contracts.neighbourhood.office_rules import (
    AdoptionRule,
    Duty,
    DutyRule,
    FinesRule,
    HeatingSeason,
    PortionRule,
    ReminderRule,
    WarrantyTerm,
)
from linli.contracts.neighbourhood.profile import Answer, AnyRule, Limit, TermRule
from linli.contracts.neighbourhood.rules import Base, MatterRule, Share
from linli.contracts.neighbourhood.spans import Counting, DayUnit, Span
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.contracts.neighbourhood.works import SiteRole
from linli.web.localized import Localized, listed
from neighbourhood.profiles.names import ADOPTERS, ELECTORATES, NAMES, SEATS, SITE, TRACKS

_UNITS = {
    DayUnit.DAY: ("day", "日"),
    DayUnit.WORKING_DAY: ("working day", "个工作日"),
    DayUnit.MONTH: ("month", "个月"),
    DayUnit.YEAR: ("year", "年"),
}
_FRACTIONS = {(1, 2): "二分之一", (2, 3): "三分之二", (3, 4): "四分之三"}
_COUNTED = {
    Counting.FULL: ("at least {span}, each whole", "不少于{span}"),
    Counting.BEFORE: ("{span} before", "{span}前"),
    Counting.WITHIN: ("within {span}", "{span}内"),
}


def named(rule: AnyRule) -> Localized:  # noqa: PLR0911 - one for each kind
    """What a rule is about."""
    match rule:
        case MatterRule():
            return NAMES[rule.legal_class]
        case TermRule():
            return NAMES[rule.term]
        case Limit():
            return NAMES[rule.bound]
        case Answer():
            return NAMES[rule.switch]
        case PortionRule():
            return NAMES[rule.portion]
        case DutyRule():
            return NAMES[rule.duty]
        case ReminderRule():
            return NAMES[rule.ending]
        case WarrantyTerm():
            return NAMES[rule.work]
        case AdoptionRule():
            return TRACKS[rule.track]
        case HeatingSeason():
            return Localized("season of heating", "供热期")
        case FinesRule():
            return Localized("words that sound like a fine", "近似罚款的用词")


def said(rule: AnyRule) -> Localized:  # noqa: PLR0911 - one for each kind
    """What a rule says: its number, its yes or no, its roles."""
    match rule:
        case MatterRule():
            return decided(rule)
        case Span():
            return _counted(rule)
        case Limit():
            return Localized(str(rule.number), str(rule.number))
        case Answer():
            return Localized("yes", "是") if rule.yes else Localized("no", "否")
        case PortionRule():
            return Localized(rule.share.written, rule.share.written)
        case DutyRule():
            signing = rule.duty is Duty.SIGN_ACCEPTANCE
            return listed([SITE[SiteRole(role)] if signing else SEATS[SeatRole(role)] for role in rule.roles])
        case ReminderRule():
            days = ", ".join(map(str, rule.days))
            return Localized("{days} days before", "届满前 {days} 日", days=days)
        case WarrantyTerm():
            return _warranty(rule)
        case AdoptionRule():
            adopter, legal_class = ADOPTERS[rule.adopter], NAMES[rule.legal_class]
            return Localized("{by}, as “{what}”", "{by}（事项类别：{what}）", by=adopter, what=legal_class)
        case HeatingSeason():
            first, last = ("{}-{:02}".format(*each) for each in (rule.first, rule.last))
            return Localized("{first} to {last}", "{first} 至 {last}", first=first, last=last)
        case FinesRule():
            return Localized(" ".join(rule.words), " ".join(rule.words))


def share_in_words(share: Share) -> Localized:
    """`三分之二以上`, `过半数`: 以上 includes equality (民法典 1259)."""
    part, whole = share.numerator, share.denominator
    if part == whole:
        return Localized("all", "全部")
    if (part, whole, share.or_equal) == (1, 2, False):
        return Localized("more than half", "过半数")
    fraction = _FRACTIONS.get((part, whole), f"{whole}分之{part}")
    if share.or_equal:
        return Localized(f"at least {part}/{whole}", f"{fraction}以上（含本数）")
    return Localized(f"more than {part}/{whole}", f"超过{fraction}")


def decided(rule: MatterRule) -> Localized:
    """All that a matter needs, in a sentence: by area and by heads, both."""
    who, enough = ELECTORATES[rule.electorate], share_in_words(rule.approval)
    of = "参与表决" if rule.base is Base.PARTICIPATING else ""
    base = who if rule.base is Base.ALL else "those who take part"
    zh = f"{of}专有部分面积{enough.chinese}且{of}人数{enough.chinese}同意。"
    en = f"{enough} of the area and of the heads of {base} consent."
    if rule.quorum is not None:
        many = share_in_words(rule.quorum)
        zh = f"{who.chinese}专有部分面积{many.chinese}且人数{many.chinese}参与表决，{zh}"
        en = f"{many} of the area and of the heads of {who} take part; {en}"
    else:
        zh = f"{who.chinese}{zh}"
    if rule.written_consent:
        zh, en = f"{zh}须签名的书面票。", f"{en} On signed paper."
    return Localized(en[0].upper() + en[1:], zh)


def _counted(span: Span) -> Localized:
    english, chinese = _UNITS[span.unit]
    length = Localized(f"{span.length} {english}{'s' * (span.length > 1)}", f"{span.length}{chinese}")
    return Localized(*_COUNTED[span.counting], span=length)


def _warranty(rule: WarrantyTerm) -> Localized:
    if rule.seasons:
        return Localized("{n} whole seasons of heating", "{n} 个供热期", n=rule.seasons)
    return Localized("{n} years", "{n} 年", n=rule.years)
