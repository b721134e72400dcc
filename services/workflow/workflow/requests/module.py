"""Requests: what is public of cases and categories, and what reporters add from elsewhere."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.web.idempotency import Idempotency
from workflow.cases.store import CaseStore
from workflow.requests import api, open_data_api, places_api, suggesting_api
from workflow.requests.handlers import Comments
from workflow.requests.store import RequestStore
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings]) -> Module:
    """It reads what `cases` and `community` keep, and keeps nothing itself."""
    cases, answers = kit.given(CaseStore), kit.given(Idempotency)
    return Module(
        routes=[api.routes, places_api.routes, suggesting_api.routes, open_data_api.routes],
        provides=[RequestStore(kit.database), Comments(kit.transactions, cases, answers)],
    )
