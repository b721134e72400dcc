"""Mediation of disputes: people meet with a mediator, and agree or not."""

from linli.application.context import Module
from linli.application.kit import Kit
from workflow.cases.store import CaseStore
from workflow.mediation.api import agreeing, by_code, figures, routes, volunteers
from workflow.mediation.desk import MediationDesk
from workflow.mediation.erasure import forget_mediations
from workflow.mediation.papers import Papers
from workflow.mediation.returning import ReturnVisits
from workflow.mediation.store import MediationStore
from workflow.mediation.volunteers import Volunteers
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings]) -> Module:
    """What happens in a mediation stands in `domain/`; what it means for its case in `on_case.py`."""
    store, papers = MediationStore(kit.database, kit.events), Papers(kit.database)
    desk = MediationDesk(kit.transactions, kit.given(CaseStore), store, papers)
    kit.given(CaseStore).followed_by(desk.follow)
    return Module(
        routes=[routes.routes, agreeing.routes, volunteers.routes, figures.routes, by_code.routes],
        provides=[store, papers, desk, Volunteers(kit.database)],
        erases=[forget_mediations(papers)],
        retains=[papers.kept(kit.settings.retain_statements)],
        background={"return_visits": ReturnVisits(kit.database, desk, store, kit.member).run},
    )
