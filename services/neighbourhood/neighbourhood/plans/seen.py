"""A plan for who does not hold it: what was objected to and answered, and no household behind it."""

from linli.frozen import replace
from neighbourhood.plans.domain.plan import Plan


def without_households(plan: Plan) -> Plan:
    """With a number in place of each household, and without the hashes of what they wrote."""
    numbers: dict[str, str] = {}
    for each in plan.objections.values():
        numbers.setdefault(each.household, f"household-{len(numbers) + 1}")
    unnamed = {id: replace(each, household=numbers[each.household], words="") for id, each in plan.objections.items()}
    return replace(plan, objections=unnamed)
