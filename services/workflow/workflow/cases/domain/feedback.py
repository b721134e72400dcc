"""The reporter's feedback."""

from dataclasses import dataclass
from datetime import datetime

from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the reporter answered."""

    contacted: bool
    solved: bool
    satisfied: bool
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """The reporter's last answers to the follow-up; they stay when the case is reopened."""

    contacted: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    followed_up_at: datetime | None = None
    answers: int = 0
    """How often the reporter has answered since it was resolved."""
    added: int = 0
    """How often the reporter has added something."""


NOTHING_SAID = Feedback()


def given(feedback: Feedback, answer: FollowUp, now: datetime) -> Feedback:
    """The answer takes the place of the one before."""
    return replace(
        feedback,
        contacted=answer.contacted,
        solved=answer.solved,
        satisfied=answer.satisfied,
        followed_up_at=now,
        answers=feedback.answers + 1,
    )


def asked_anew(feedback: Feedback) -> Feedback:
    """It is resolved: the reporter is asked. Their answer to an earlier resolution stays until they answer again."""
    return replace(feedback, answers=0)


def current_answer(feedback: Feedback) -> FollowUp | None:
    """The current answer to this resolution, without its message; None when there is none."""
    contacted, solved, satisfied = feedback.contacted, feedback.solved, feedback.satisfied
    if not feedback.answers or contacted is None or solved is None or satisfied is None:
        return None
    return FollowUp(contacted, solved, satisfied)
