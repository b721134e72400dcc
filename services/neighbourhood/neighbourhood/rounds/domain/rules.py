"""What a round is held to, as data. A place's rule profile gives it; here is what holds where it says nothing."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.publicity import DayRule, Standing


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How long a round is open, and how many sheets a second person reads."""

    open_for: DayRule
    """Full days on which households can answer."""
    sample: tuple[int, int]
    """Numerator and denominator: this part of the sheets, rounded up."""
    sample_at_least: int
    """Sheets, where there are so many."""
    all_of_who_erred: bool
    """Where a sheet says something else than was entered, all that the same person entered are read."""
    citation: str
    standing: Standing


QINGDAO = RoundRules(
    open_for=DayRule(
        days=3,
        ends_on_working_day=False,
        unbroken=False,
        citation="征集期限无条文；参照青岛市物业管理条例 92（公示不少于三日）",
        standing=Standing.UNCONFIRMED,
    ),
    sample=(1, 10),
    sample_at_least=3,
    all_of_who_erred=True,
    citation="抽查比例无条文，由办事处确定",
    standing=Standing.UNCONFIRMED,
)
