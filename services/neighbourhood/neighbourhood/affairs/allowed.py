"""Who may do something in a place's common affairs, beside what the permission of the route says."""

from linli.contracts.workflow.community import Community
from linli.security.auth import forbidden
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from neighbourhood.communities.domain.directory import Directory


def in_its_place(who: Principal, community: str, id: str) -> None:
    """Raises 404 for a party of another community."""
    if who.role is Role.PARTY and who.community != community:
        raise Refused(not_found("affair"), "another community's affair", id)


def holds(who: Principal, directory: Directory) -> bool:
    """Whether they are no party, or one that is a node of the tree: the subdistrict, the community, the grid."""
    if who.role is not Role.PARTY:
        return True
    party = directory.parties.get(who.party or "")
    return party is not None and party.kind.level is not None


def leads(who: Principal, directory: Directory) -> None:
    """Raises 403 for a party that is no node of the tree: affairs are held by the subdistrict, community or grid."""
    if not holds(who, directory):
        only = Localized(
            "Only the subdistrict, the community and the grid hold common affairs.",
            "公共事务由街道、社区和网格主持。",
        )
        raise forbidden(only, "no node of the tree")


def party_for(who: Principal, named: str | None, directory: Directory) -> str | None:
    """For which party a command is given: one's own; an operator and the nodes above write down what another did.

    Raises 403 for one that is not below, 422 for one that there is not.
    """
    own = who.party if who.role is Role.PARTY else None
    if named is None or named == own:
        return own
    if named not in directory.parties:
        detail = Localized("There is no party '{party}'.", "没有单位“{party}”。", party=named)
        raise Problem("unknown_party", 422, detail)
    if own is not None and not _is_above(own, named, directory.community):
        detail = Localized(
            "This key acts for {party}, not for another party.", "这个密钥代表“{party}”，不能代表别的单位。", party=own
        )
        raise Refused(Problem("forbidden", 403, detail), "for another")
    return named


def stands_for(who: Principal, party: str, directory: Directory) -> None:
    """Raises 403 for who writes down in a party's name, and is neither of it, nor above it, nor leads the place."""
    if who.role is Role.PARTY and who.party != party and not _is_above(who.party or "", party, directory.community):
        leads(who, directory)


def same_version(is_now: int, was_read: int) -> None:
    """Raises 412 for an affair that has moved on since it was read."""
    if is_now != was_read:
        now = "It is at version {version} now."
        detail = Localized(now, "现在是第 {version} 版，请重新查看后再操作。", version=is_now)
        raise Problem("affair_changed", 412, detail, version=is_now)


def _is_above(above: str, below: str, community: Community) -> bool:
    parents = {party.id: party.parent for party in community.parties}
    at = parents.get(below)
    while at is not None and at != above:
        at = parents.get(at)
    return at == above
