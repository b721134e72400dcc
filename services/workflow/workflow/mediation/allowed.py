"""Who may do what in a mediation, and who may read what was said there."""

from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from workflow.cases.allowed import allow_to_see
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.mediation.domain.mediation import Mediation


def mediates(who: Principal, mediation: Mediation) -> bool:
    """Whether somebody's party mediates here."""
    theirs = who.role is Role.PARTY and who.community == mediation.community
    return theirs and who.party in {party for party in mediation.mediators.values() if party}


def is_concerned(who: Principal, mediation: Mediation) -> bool:
    """Whether it is the dispute of somebody's party."""
    theirs = who.role is Role.PARTY and who.community == mediation.community
    return theirs and who.party in {each.party for each in mediation.concerned.values() if each.party}


def participant_of(who: Principal, mediation: Mediation) -> str | None:
    """As whom a party takes part."""
    if mediates(who, mediation):
        return next(id for id, party in mediation.mediators.items() if party == who.party)
    if is_concerned(who, mediation):
        return next(id for id, each in mediation.concerned.items() if each.party == who.party)
    return None


def has_it(party: str | None, case: Case, directory: Directory) -> bool:
    """Whether a party is the company that has the case, or had it: it does not mediate there, by a volunteer either."""
    found = directory.party(party or "")
    if found is None or found.kind.level is not None:
        return False
    return found.id in {case.party, case.first_party, *case.returned_by}


def allow_to_know(who: Principal, case: Case, directory: Directory, mediation: Mediation | None) -> None:
    """Raises 404 for a case that somebody neither sees nor takes part in the mediation of."""
    if mediation is None or participant_of(who, mediation) is None:
        allow_to_see(who, case, directory)


def allow_to_mediate(who: Principal, case: Case, directory: Directory, mediation: Mediation | None) -> None:
    """The same, and 403 for the party whose dispute it is: nobody leads the mediation of a matter of their own.

    And for a company, which may have the case: it leads nothing unless it was asked to mediate.
    """
    allow_to_know(who, case, directory, mediation)
    if mediation is not None and is_concerned(who, mediation):
        detail = Localized(
            "It is your own dispute; another leads the mediation.", "本单位是当事人，由其他单位主持调解。"
        )
        raise Refused(Problem("forbidden", 403, detail), "own dispute", case.id)
    if mediation is None or not mediates(who, mediation):
        _only_a_node(who, case, directory)


def allow_to_lead(who: Principal, case: Case, directory: Directory, mediation: Mediation | None) -> None:
    """The same, and 403 for who is neither a node of the tree nor an operator: these say who takes part."""
    allow_to_mediate(who, case, directory, mediation)
    _only_a_node(who, case, directory)


def allow_to_hear(who: Principal, case: Case, mediation: Mediation | None) -> Mediation:
    """The mediation, for who may read what was said in it. Raises 404, 403."""
    if mediation is None:
        raise not_found("mediation")
    if participant_of(who, mediation) is None:
        why = "What was said in a mediation is for who mediates there and for those concerned."
        detail = Localized(why, "调解中的陈述只供本案调解员和当事人查阅。")
        raise Refused(Problem("forbidden", 403, detail), "no participant", case.id)
    return mediation


def _only_a_node(who: Principal, case: Case, directory: Directory) -> None:
    if who.role is not Role.PARTY:
        return
    party = directory.party(who.party or "")
    if party is None or party.kind.level is None:
        only = "Only the subdistrict, the community and the grid lead a mediation."
        detail = Localized(only, "调解由街道、社区和网格主持。")
        raise Refused(Problem("forbidden", 403, detail), "no node of the tree", case.id)
