"""Each state that an affair can be in has words, in both languages."""

import pytest

from linli_cli.steering import actions, deliberations, taskforce
from linli_cli.terminal.sentences import steering
from neighbourhood.deliberations import record
from neighbourhood.deliberations.domain.deliberation import CommitmentState, DeliberationState
from neighbourhood.taskforce.domain.action import ActionState
from neighbourhood.taskforce.domain.meeting import MeetingState


@pytest.mark.parametrize(
    ("words", "states"),
    [
        (deliberations.STATES, DeliberationState),
        (deliberations.COMMITMENTS, CommitmentState),
        (actions.STATES, ActionState),
        (taskforce.MEETINGS, MeetingState),
    ],
)
def test_every_state_has_words(words: dict[str, str], states: type) -> None:
    assert set(words) == set(states)  # type: ignore[call-overload]
    assert {*words.values()} <= {*steering.WORDS}


def test_every_kind_of_line_of_a_record_has_words() -> None:
    assert set(deliberations.LINES) == set(record.KINDS) and {*deliberations.LINES.values()} <= {*steering.WORDS}
