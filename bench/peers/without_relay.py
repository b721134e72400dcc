"""Workflow whose events stay in its database, unsent: what the worker alone can do."""

from collections.abc import Mapping
from typing import Any

import workflow.main
from linli.application.service import Service
from linli.messaging.outbox import Relay
from workflow.settings import WorkflowSettings

_build = workflow.main.build


def build(settings: WorkflowSettings) -> Service:
    """The service but for its relay."""
    service = _build(settings)
    background: Mapping[str, Any] = {name: service.background[name] for name in ("clock", "inbox")}
    service.background = background
    return service


def _keep(_relay: Relay, _unsent: object) -> None:
    return None


if __name__ == "__main__":
    workflow.main.build = build
    Relay.offer = _keep  # type: ignore[method-assign,assignment]
    workflow.main.main()
