"""What a tracking code opens, asked of the services."""

from typing import Any

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import STATES, PublicStep, in_words
from linli.privacy.tracking import normalise, shown
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.services import Caller, Services

OVER = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


class Tracked:
    """A case as its reporter sees it."""

    def __init__(self, code: str, said: dict[str, Any]) -> None:
        self.code = code
        self.id: str = said["id"]
        self.title: str = said["title"]
        self.state = CaseState(said["state"])
        self.opened_at: str = said["opened_at"]
        self.steps = [PublicStep.model_validate(each, extra="ignore") for each in reversed(said["timeline"])]
        """The newest first."""
        self.earlier: int | None = said.get("earlier")

    @property
    def newest(self) -> str:
        """Tells two states of the story apart: which step is the newest, and which are before those of one answer."""
        at = self.steps[0].at.isoformat() if self.steps else ""
        return f"{self.earlier or 0}.{len(self.steps)} {at}"

    @property
    def standing(self) -> str:
        return STATES[ANSWER_IN.get()][self.state]

    @property
    def mark(self) -> str:
        """Which mark the state has beside its word."""
        if self.state in OVER:
            return "off"
        return "ok" if self.state is CaseState.RESOLVED else "wait"

    @property
    def takes_words(self) -> bool:
        return self.state not in OVER

    @property
    def takes_photos(self) -> bool:
        return self.state is not CaseState.WITHDRAWN

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state not in OVER

    @property
    def is_mediated(self) -> bool:
        """Whether something was told of its mediation, among the steps that are shown."""
        return any(step.type.startswith("linli.case.mediated.") for step in self.steps)

    @property
    def asks_how_it_was(self) -> bool:
        return self.state is CaseState.RESOLVED

    @property
    def is_closed(self) -> bool:
        return self.state is CaseState.CLOSED


def what_happened(step: PublicStep) -> str:
    """In the language of who looks; a party is called as it is in the reporter's."""
    language: Language = ANSWER_IN.get()
    return in_words(step, language)


def written(code: str) -> str:
    """As a receipt has it; what cannot be a code stays as it is."""
    plain = normalise(code)
    return shown(plain) if plain else code.strip()


def path_of(code: str) -> str:
    return at("/v1/track/{code}", code=code)


async def look(services: Services, code: str, caller: Caller, before: int | None = None) -> Tracked:
    """Raises 404 for a code that opens nothing."""
    said = await services.get("workflow", path_of(code), caller, {"before": before} if before else None)
    return Tracked(code, said)
