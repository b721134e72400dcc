"""What somebody may not see or do, as problems: 404 for a case that is not there or not for them, 403 for the rest."""

from collections.abc import Mapping

from linli.errors import Problem, Refused, not_found
from linli.principals import Principal, Role
from workflow.domain.access import may, oversees, sees
from workflow.domain.action import Action, Command, UnknownParty
from workflow.domain.case import Case
from workflow.domain.directory import Directory
from workflow.store import WorkflowStore


async def visible_case(store: WorkflowStore, id: str, who: Principal) -> tuple[Case, Directory | None]:
    """A case that the principal sees, with its community's data as they are now. Raises 404."""
    case = existing(await store.cases([id]), id)
    directory = await store.directory(case.community)
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
            Problem("forbidden", 403, f"'{command.action}' is for the node above, or for an operator."),
            f"no {command.action}",
            case.id,
        )
    known_party(command.party, case, directory)
    if who.party is not None and not oversees(who.party, command, case, directory):
        detail = f"'{command.party}' is not below '{who.party}'. Return the case: the node above both decides."
        raise Refused(Problem("forbidden", 403, detail), "not overseen", case.id)
    allow_in_the_name_of(command.by, who, case, directory, command.action)
    named = None if who.party or directory.party(command.by or "") is None else command.by
    if named and not oversees(named, command, case, directory):
        raise Problem("not_theirs", 422, f"'{command.party}' is not below '{command.by}', which cannot give it a case.")


def allow_to_see(who: Principal, case: Case, directory: Directory | None) -> None:
    """Raises 404 for a case that the principal does not see."""
    if not sees(who, case, directory):
        raise Refused(not_found("case"), "another party's case", case.id)


def allow_in_the_name_of(
    party: str | None, who: Principal, case: Case, directory: Directory, action: Action | None = None
) -> None:
    """Raises 403 for a party's key that speaks for another, 422 for a party that could not do it by a key of its own.

    Whoever is named stands in the history as who did it. One that does not exist is `known_party`'s.
    """
    if party is None or directory.party(party) is None:
        return
    if who.party is not None and party != who.party:
        raise Refused(
            Problem("forbidden", 403, f"This key acts for {who.party}, not for another party."), "by another", case.id
        )
    named = Principal(who.id, Role.PARTY, party, case.community)
    if not sees(named, case, directory):
        raise Problem("not_theirs", 422, f"'{party}' is neither responsible for the case nor above who is.")
    if action is not None and not may(named, action, case):
        raise Problem("not_theirs", 422, f"'{action}' is for the node above '{party}', which does the work.")


def known_party(party: str | None, case: Case, directory: Directory) -> None:
    """Raises 422 for a party that is named and is none of the community's."""
    if party is not None and directory.party(party) is None:
        raise unknown_party(UnknownParty(party), case)


def unknown_party(error: UnknownParty, case: Case) -> Problem:
    return Problem("unknown_party", 422, f"There is no party '{error}' in {case.community}.")


def same_version(case: Case, version: int) -> None:
    """Raises 412 for a case that has moved on since it was read."""
    if case.version != version:
        detail = f"The case is at version {case.version} now."
        raise Problem("case_changed", 412, detail, version=case.version, state=case.state)


def own_work() -> Problem:
    return Problem("forbidden", 403, "How it was is asked by the node above, or an operator, not by who did the work.")
