"""What somebody may not see or do, as problems: 404 for a case that is not there or not for them, 403 for the rest."""

from collections.abc import Mapping

from linli.errors import Problem, Refused, not_found
from linli.principals import Principal
from workflow.domain.access import may, sees
from workflow.domain.case import Case, Command, UnknownParty
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
    allow_in_the_name_of(command.by, who, case)


def allow_to_see(who: Principal, case: Case, directory: Directory | None) -> None:
    """Raises 404 for a case that the principal does not see."""
    if not sees(who, case, directory):
        raise Refused(not_found("case"), "another party's case", case.id)


def allow_in_the_name_of(party: str | None, who: Principal, case: Case) -> None:
    """Raises 403 for a party's key that speaks for another."""
    if who.party is not None and party not in {None, who.party}:
        raise Refused(
            Problem("forbidden", 403, f"This key acts for {who.party}, not for another party."), "by another", case.id
        )


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
