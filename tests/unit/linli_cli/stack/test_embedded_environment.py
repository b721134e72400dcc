"""What the services of the embedded stack are given, and what the shell may say otherwise."""

import pytest

from linli_cli.connection.settings import StackSettings
from linli_cli.stack.embedded.stack import build_stack

NETWORKS = "LINLI_WEBHOOK_ALLOWED_NETWORKS"


@pytest.mark.parametrize("said", [None, "", "10.1.0.0/16"])
def test_a_program_on_this_machine_may_be_posted_to_unless_the_shell_says_otherwise(
    said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said is None:
        monkeypatch.delenv(NETWORKS, raising=False)
    else:
        monkeypatch.setenv(NETWORKS, said)
    stack = build_stack(StackSettings())

    assert {each.environment()[NETWORKS] for each in stack.services} == {"127.0.0.0/8" if said is None else said}
