"""Outages: what companies say is off, which reports follow it, and whether it is back."""

from functools import partial

from linli.application.context import Module
from linli.application.kit import Kit
from workflow.cases.store import CaseStore
from workflow.outages.api import routes
from workflow.outages.asking import Asking
from workflow.outages.following import Following
from workflow.outages.handlers import OutageReports
from workflow.outages.store import OutageStore
from workflow.partners.store import PartnerStore
from workflow.partners.taking import Taking
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings]) -> Module:
    """Reports follow an outage in the transactions in which they become cases, or in which it is declared."""
    store, cases, partners = OutageStore(kit.database, kit.events), kit.given(CaseStore), kit.given(PartnerStore)
    following = Following(cases, store)
    cases.joiners.append(following.join)
    cases.followed_by(following.follow)
    reports = OutageReports(kit.transactions, cases, partners, store, following)
    kit.given(Taking).outages = reports
    asking = Asking(kit.database, kit.transactions, cases, store, following, kit.member)
    return Module(
        routes=[routes.reports, routes.outages],
        provides=[store, reports],
        background={
            "outages": asking.run,
            "outages_resent": partial(kit.events.resend_newest, store.newest_events),
        },
    )
