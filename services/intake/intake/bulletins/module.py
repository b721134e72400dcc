"""Bulletins' part of intake."""

from intake.bulletins import api
from intake.bulletins.handlers import Bulletins
from intake.bulletins.store import SubscriptionStore
from intake.settings import IntakeSettings
from intake.submissions.handlers import Intake
from linli.application.context import Module
from linli.application.kit import Kit


def module(kit: Kit[IntakeSettings]) -> Module:
    store = SubscriptionStore(kit.database, kit.events)
    return Module(
        routes=[api.router],
        provides=[Bulletins(store, kit.given(Intake), kit.transactions, kit.clock.now)],
    )
