"""Refusals as problems: 404 for a case that does not exist or is not visible to the caller, 403 for the rest."""

from collections.abc import Mapping

from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.localized import Localized, no_party, word
from linli.web.problems import Problem, Refused, not_found
from workflow.cases.domain.access import may, oversees, sees
from workflow.cases.domain.action import Action, Command, UnknownParty
from workflow.cases.domain.case import Case
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory


async def visible_case(store: CaseStore, id: str, who: Principal) -> tuple[Case, Directory | None]:
    """A case that the principal sees, with its community's data as they are now. Raises 404."""
    case = existing(await store.cases([id]), id)
    directory = await store.communities.directory(case.community)
    allow_to_see(who, case, directory)
    return case, directory


def existing(cases: Mapping[str, Case], id: str) -> Case:
    """One of the cases that were looked for. Raises 404."""
    if (case := cases.get(id)) is None:
        raise not_found("case")
    return case


def allow(who: Principal, command: Command, case: Case, directory: Directory) -> None:
    """Raises 404 for a case that the principal does not see, 403 for what it may not do with one that it sees."""
    allow_to_see(who, case, directory)
    if not may(who, command.action, case):
        raise Refused(
            Problem("forbidden", 403, _for_the_node_above(command.action)),
            f"no {command.action}",
            case.id,
        )
    known_party(command.party, case, directory)
    if who.party is not None and not oversees(who.party, command, case, directory):
        detail = Localized(
            "'{party}' is not below '{above}'. Return the case: the node above both decides.",
            "“{party}”不是“{above}”的下级。请退单，由两者的共同上级裁定。",
            **{"party": command.party, "above": who.party},
        )
        raise Refused(Problem("forbidden", 403, detail), "not overseen", case.id)
    allow_in_the_name_of(command.by, who, case, directory, command.action)
    named = None if who.party or directory.party(command.by or "") is None else command.by
    if named and not oversees(named, command, case, directory):
        refusal = Localized(
            "'{party}' is not below '{by}', which cannot give it a case.",
            "“{party}”不是“{by}”的下级，“{by}”不能派单给它。",
            **{"party": command.party, "by": command.by},
        )
        raise Problem("not_theirs", 422, refusal)


def allow_to_see(who: Principal, case: Case, directory: Directory | None) -> None:
    """Raises 404 for a case that the principal does not see."""
    if not sees(who, case, directory):
        raise Refused(not_found("case"), "another party's case", case.id)


def allow_in_the_name_of(
    party: str | None, who: Principal, case: Case, directory: Directory, action: Action | None = None
) -> None:
    """Raises 403 for a party's key that acts for another, 422 for a party that could not do it with its own key.

    The history shows the named party. One that does not exist is `known_party`'s.
    """
    if party is None or directory.party(party) is None:
        return
    if who.party is not None and party != who.party:
        own = "This key acts for {party}, not for another party."
        detail = Localized(own, "这个密钥代表“{party}”，不能代表别的单位。", party=who.party)
        raise Refused(Problem("forbidden", 403, detail), "by another", case.id)
    named = Principal(who.id, Role.PARTY, party, case.community)
    if not sees(named, case, directory):
        neither = "'{party}' is neither responsible for the case nor above who is."
        raise Problem("not_theirs", 422, Localized(neither, "“{party}”既不负责这件事项，也不是其上级。", party=party))
    if action is not None and not may(named, action, case):
        detail = Localized(
            "'{action}' is for the node above '{party}', which does the work.",
            "“{meant}”由“{party}”的上级进行；“{party}”是承办单位。",
            **{"action": action, "meant": word(action), "party": party},
        )
        raise Problem("not_theirs", 422, detail)


def known_party(party: str | None, case: Case, directory: Directory) -> None:
    """Raises 422 for a named party that the community does not have."""
    if party is not None and directory.party(party) is None:
        raise unknown_party(UnknownParty(party), case)


def unknown_party(error: UnknownParty, case: Case) -> Problem:
    return Problem("unknown_party", 422, no_party(str(error), case.community))


def same_version(case: Case, version: int) -> None:
    """Raises 412 for a case that has moved on since it was read."""
    if case.version != version:
        now = "The case is at version {version} now."
        detail = Localized(now, "事项现在是第 {version} 版，请重新查看后再操作。", version=case.version)
        raise Problem("case_changed", 412, detail, version=case.version, state=case.state)


def own_work() -> Problem:
    asked = "How it was is asked by the node above, or an operator, not by who did the work."
    return Problem("forbidden", 403, Localized(asked, "回访由上级或管理人员进行，不由承办单位自己进行。"))


def _for_the_node_above(action: Action) -> Localized:
    return Localized(
        "'{action}' is for the node above, or for an operator.",
        "“{meant}”由上级或管理人员进行。",
        **{"action": action, "meant": word(action)},
    )
