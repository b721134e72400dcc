"""Submissions: what residents, the hotline and devices bring in, kept before it is answered."""

from collections.abc import Sequence

from intake.metrics import inserted
from intake.settings import IntakeSettings
from intake.submissions import api, similar_api
from intake.submissions.handlers import Intake
from intake.submissions.similar import AlreadyReported
from intake.submissions.store import Entry, IntakeStore
from linli.application.context import Module
from linli.application.kit import Kit
from linli.contracts.workflow.community import CommunityPublished
from linli.contracts.workflow.outage import OutageEvent
from linli.storage.group_commit import Failures, GroupCommit

READS = (CommunityPublished, OutageEvent)


def module(kit: Kit[IntakeSettings]) -> Module:
    """What is accepted is one insert, for many at once; its event is in the same write."""
    store = IntakeStore(kit.database, kit.events)

    async def insert(entries: Sequence[Entry]) -> Failures:
        """An event is offered as soon as it is on disk, whether or not its caller still waits."""
        failures = await store.insert(entries)
        kit.offer([entry.unsent for place, entry in enumerate(entries) if place not in failures])
        return failures

    group_commit = GroupCommit(insert, lambda entry: entry.weight, inserted)
    intake = Intake(store, group_commit, kit.topic("intake"), kit.transactions, kit.clock.now)
    communities = kit.replica(
        "communities",
        CommunityPublished,
        changed=lambda: intake.know(each.community for each in communities.newest.values()),
    )
    outages = kit.replica("outages", OutageEvent, changed=lambda: intake.hear_of(outages.newest.values()))
    return Module(
        routes=[api.router, similar_api.router, api.internal],
        provides=[store, intake, AlreadyReported(store, lambda: intake.directory, intake.pseudonyms, kit.clock.now)],
        copies=[communities, outages],
        background={"communities": communities.run, "outages": outages.run},
    )
