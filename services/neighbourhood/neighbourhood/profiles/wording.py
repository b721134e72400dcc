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
from linli.contracts.neighbourhood.rules import Base, MatterRule
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
            return _shares(rule)
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


def _shares(rule: MatterRule) -> Localized:
    share, who = rule.approval, ELECTORATES[rule.electorate]
    if rule.base is Base.PARTICIPATING:
        consent = Localized("{share} of those consent", "参与表决的 {share} 同意", share=share.written)
    elif share.numerator == share.denominator:
        consent = Localized("all of them consent", "全体同意")
    else:
        consent = Localized("{share} of all consent", "全体的 {share} 同意", share=share.written)
    if rule.quorum is None:
        return Localized("{who}: {consent}", "{who}：{consent}", who=who, consent=consent)
    english, chinese = "{who}: {quorum} take part; {consent}", "{who}：{quorum} 参与；{consent}"
    return Localized(english, chinese, who=who, quorum=rule.quorum.written, consent=consent)


def _counted(span: Span) -> Localized:
    english, chinese = _UNITS[span.unit]
    length = Localized(f"{span.length} {english}{'s' * (span.length > 1)}", f"{span.length}{chinese}")
    return Localized(*_COUNTED[span.counting], span=length)


def _warranty(rule: WarrantyTerm) -> Localized:
    if rule.seasons:
        return Localized("{n} whole seasons of heating", "{n} 个供热期", n=rule.seasons)
    return Localized("{n} years", "{n} 年", n=rule.years)
