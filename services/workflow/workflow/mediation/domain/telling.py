"""The events of a mediation, with what all of them carry."""

from typing import TypeAlias, TypeVar

from linli.contracts.workflow.mediation import MediationEvent, MediationState
from linli.refusal import Refusal
from workflow.mediation.domain.mediation import Mediation

E = TypeVar("E", bound=MediationEvent)
Decision: TypeAlias = tuple[MediationEvent, ...] | Refusal
"""What happens, in order; or why nothing does."""


def tell(kind: type[E], mediation: Mediation, by: str, state: MediationState | None = None, /, **fields: object) -> E:
    """An event; the state stays unless another is given."""
    common = {
        "mediation_id": mediation.id,
        "case_id": mediation.case_id,
        "community": mediation.community,
        "state": state or mediation.state,
        "by": by,
        "parties": _taking_part(mediation, fields.get("party")),
    }
    return kind.model_validate(common | fields)


def _taking_part(mediation: Mediation, new: object) -> tuple[str, ...]:
    """The organisations, with one that comes in by this very event."""
    found = {each.party for each in mediation.concerned.values()} | set(mediation.mediators.values())
    return tuple(sorted({each for each in found if each} | ({str(new)} if new else set())))
