"""Rules of a vote in words for paper: what is decided, what it needs, by which article."""

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.rules import Citation, LegalClass, MatterRule, Share
from linli.contracts.neighbourhood.votes import BallotChannel, Effect
from neighbourhood.papers.text import Both, both
from neighbourhood.profiles.names import NAMES
from neighbourhood.profiles.wording import decided, share_in_words

LEGAL_CLASSES = {each: both(NAMES[each]) for each in LegalClass}
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


def share_words(share: Share) -> Both:
    return both(share_in_words(share))


def rule_words(rule: MatterRule) -> Both:
    """All that it needs, in a sentence."""
    return both(decided(rule))


def citation_words(citation: Citation) -> Both:
    """The article; what nobody has read in the law itself says so."""
    zh = f"《{citation.law}》{citation.article}" if citation.law else "本规则未引用条文"
    if not citation.confirmed:
        zh += "（出处未核实，采用前须经主管部门或律师确认）"
    return Both(f"{zh}。{citation.note}")
