"""Limit (a): intake's own route, that decides and encodes as ever, and then writes and publishes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from intake.main import main
from intake.submissions.store import Entry, IntakeStore
from linli.messaging.outbox import Relay


async def _forget(_store: IntakeStore, _entries: Sequence[Entry]) -> Mapping[int, Exception]:
    return {}


def _keep(_relay: Relay, _unsent: Sequence[Any]) -> None:
    return None


if __name__ == "__main__":
    IntakeStore.insert = _forget  # type: ignore[method-assign,assignment]
    Relay.offer = _keep  # type: ignore[method-assign,assignment]
    main()
