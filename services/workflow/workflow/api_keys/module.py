"""API keys: who made which, what it allows, until when."""

from functools import partial

from linli.application.context import Module
from linli.application.kit import Kit
from workflow.api_keys import api
from workflow.api_keys.handlers import ApiKeys
from workflow.api_keys.store import KeyStore
from workflow.community.store import CommunityStore
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings]) -> Module:
    """Workflow reads keys from its database, so that a revocation applies at once."""
    keys = KeyStore(kit.database, kit.events)
    return Module(
        routes=[api.routes, api.internal],
        provides=[keys, ApiKeys(kit.transactions, kit.given(CommunityStore), keys)],
        finds_key=keys.published,
        background={"keys_resent": partial(kit.events.resend_newest, keys.newest_events)},
    )
