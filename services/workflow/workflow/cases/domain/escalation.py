"""How far up the five levels a case has gone."""

from dataclasses import dataclass

from linli.contracts.workflow.community import Level, Party


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who has a case since a deadline was missed; the party that is responsible stays so."""

    escalated_to: str | None = None
    """Always somebody in the branch of the party that is responsible."""
    reached: Level | None = None
    """The level up to which it has come; it never goes down again."""
    escalations: int = 0


NOT_ESCALATED = Escalation()


def raised(escalation: Escalation, to: Party) -> Escalation:
    """One step up."""
    return Escalation(to.id, to.kind.level, escalation.escalations + 1)


def kept_by(escalation: Escalation, has_it: Party, level: Level) -> Escalation:
    """The same level, with the party that is there now."""
    return Escalation(has_it.id, level, escalation.escalations)
