"""What a round is held to, as data. A place's rule profile gives it; here is what holds where it says nothing."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, Span


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How long a round is open, and how many sheets a second person reads."""

    open_for: Span
    """Full days on which households can answer."""
    sample: tuple[int, int]
    """Numerator and denominator: this part of the sheets, rounded up."""
    sample_at_least: int
    """Sheets, where there are so many."""
    all_of_who_erred: bool
    """Where a sheet says something else than was entered, all that the same person entered are read."""
    citation: Citation


QINGDAO = RoundRules(
    open_for=Span(
        length=3,
        counting=Counting.FULL,
        citation=Citation(
            law="青岛市物业管理条例",
            article="第九十二条",
            read=Read.CHOICE,
            note="征集期限无条文；参照公示三日。",
        ),
    ),
    sample=(1, 10),
    sample_at_least=3,
    all_of_who_erred=True,
    citation=Citation(law="", read=Read.CHOICE, note="抽查比例无条文，由办事处确定。"),
)
