"""Communities: where affairs take place, by neighbourhood's copy of the communities' data."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.contracts.workflow.community import CommunityPublished
from neighbourhood.communities.known import Communities
from neighbourhood.settings import NeighbourhoodSettings

READS = (CommunityPublished,)


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """It has no route of its own; other contexts take `Communities` from the kit."""
    communities = Communities()
    copy = kit.replica(
        "communities",
        CommunityPublished,
        changed=lambda: communities.refresh(each.community for each in copy.newest.values()),
    )
    return Module(provides=[communities], copies=[copy], background={"communities": copy.run})
