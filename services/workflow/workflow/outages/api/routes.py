"""Routes of outages: companies report them, everybody may see which there are."""

from typing import Annotated

from fastapi import Query, Request, Response

from linli.contracts.base import Slug
from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import Outcome, UpdateReceived
from linli.contracts.workflow.permissions import FOLLOW_OUTAGES, READ_OUTAGES, REPORT_OUTAGES
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.localized import Localized, no_community, sentence_of
from linli.web.problems import Problem, not_found
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory
from workflow.outages.api.calendar import calendar_of
from workflow.outages.api.views import FollowedOutage, OutageList, followed, view
from workflow.outages.domain.outage import Outage, key_of
from workflow.outages.handlers import OutageReports
from workflow.outages.store import OutageStore
from workflow.partners.api.routes import partner_of
from workflow.partners.domain.partner import partner_id
from workflow.partners.store import NoPartner, PartnerStore

reports = router(prefix="/v1/outages", tags=["outages"])
outages = router(prefix="/v1", tags=["outages"])
StoreDep = Annotated[OutageStore, given(OutageStore)]
CasesDep = Annotated[CaseStore, given(CaseStore)]
PartnersDep = Annotated[PartnerStore, given(PartnerStore)]
ReportsDep = Annotated[OutageReports, given(OutageReports)]
MOST_LISTED = 200
MOST_BYTES = 512 * 1024
"""Of a report: five rings of a thousand points, or five hundred buildings, as programs write them."""


@reports.post(
    "/reports", dependencies=[needs(REPORT_OUTAGES), takes(MOST_BYTES)], responses=problems(400, 403, 404, 413, 422)
)
async def report(
    body: OutageReport,
    who: Who,
    partners: PartnersDep,
    taken: ReportsDep,
    request: Request,
    community: Annotated[Slug | None, Query(description="Of an operator: in whose name")] = None,
    party: Slug | None = None,
) -> UpdateReceived:
    """Say what has become of an outage. `outcome` in the receipt says what it came to; the same `report_id` again
    changes nothing. A receipt is published in the partner's events as well."""
    office = who.role is not Role.PARTY
    if not office:
        community, party = who.community, who.party
    elif community is None or party is None:
        raise Problem(
            "party_needed", 422, Localized("Say community and party.", "请写明 community 和 party：以哪个单位的名义。")
        )
    if office:  # for one that rests or has gone too: somebody has to end what it has declared
        found = await partners.partner(partner_id(community or "", party or ""))
        if found is None:
            raise not_found("partner")
        partner = found
    else:
        partner = await partner_of(community, party, partners)
    about(request, [key_of(partner.community, partner.party, body.outage_id)])
    try:
        [receipt] = await taken.take(partner, [body], office=office)
    except NoPartner:  # paused or revoked a moment ago
        await partner_of(community, party, partners)
        raise
    if receipt.outcome is Outcome.INVALID:
        message = Localized(receipt.text_en, receipt.text_zh)
        field = (receipt.pointer or "").strip("/").replace("/", ".")
        raise Problem("invalid", 422, sentence_of(message), errors=[{"field": field, "message": message}])
    return receipt


@outages.get("/outages", dependencies=[needs(READ_OUTAGES)], responses=problems(422))
async def listing(
    store: StoreDep, cases: CasesDep, community: Slug | None = None, neighbourhood: Slug | None = None
) -> OutageList:
    """What is off, and what is planned to be, the oldest first."""
    directories = await cases.communities.directories()
    _known(directories, community, neighbourhood)
    found = _of(await store.running(community), neighbourhood)
    return OutageList(items=[view(each, directories[each.community], cases.now()) for each in found[:MOST_LISTED]])


@outages.get(
    "/outages.ics",
    dependencies=[needs(READ_OUTAGES)],
    response_class=Response,
    responses=problems(422) | {200: {"content": {"text/calendar": {}}}},
)
async def calendar(
    store: StoreDep, cases: CasesDep, community: Slug | None = None, neighbourhood: Slug | None = None
) -> Response:
    """What is planned, as a calendar to subscribe to."""
    directories = await cases.communities.directories()
    _known(directories, community, neighbourhood)
    planned = [each for each in _of(await store.running(community), neighbourhood) if each.facts.planned]
    return Response(calendar_of(planned[:MOST_LISTED], directories), media_type="text/calendar")


@outages.get(
    "/outages/{community}/{party}/{outage_id}", dependencies=[needs(FOLLOW_OUTAGES)], responses=problems(404, 422)
)
async def one(
    community: Slug, party: Slug, outage_id: str, who: Who, store: StoreDep, cases: CasesDep
) -> FollowedOutage:
    """One with the figures of its reports. Another partner's is not there."""
    outage = await store.outage(key_of(community, party, outage_id))
    directories = await cases.communities.directories()
    theirs = who.role is not Role.PARTY or (community, party) == (who.community, who.party)
    if outage is None or not theirs or community not in directories:
        raise not_found("outage")
    heads = await cases.cases(outage.heads)
    following = sum(len(head.family.followers) for head in heads.values())
    return followed(outage, following, directories[community], cases.now())


def _of(running: list[Outage], neighbourhood: str | None) -> list[Outage]:
    return [each for each in running if neighbourhood is None or neighbourhood in each.facts.touches]


def _known(directories: dict[str, Directory], community: str | None, neighbourhood: str | None) -> None:
    """Raises 422 for a place that there is not: an empty list would say that nothing is off there."""
    if community is not None and community not in directories:
        raise Problem("unknown_community", 422, sentence_of(no_community(community)))
    asked = [directories[community]] if community else list(directories.values())
    if neighbourhood is not None and not any(each.has_neighbourhood(neighbourhood) for each in asked):
        none = Localized("there is no neighbourhood '{id}'", "没有小区“{id}”", id=neighbourhood)
        raise Problem("unknown_neighbourhood", 422, sentence_of(none))
