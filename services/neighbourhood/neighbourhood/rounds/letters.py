"""What is printed for households: a letter for each door, with its code as a picture and for typing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from linli.contracts.neighbourhood.affairs import Wording
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.household_doors import Household
from neighbourhood.communities.domain.directory import Directory
from neighbourhood.papers.letters import Door, RoundLetters, letters
from neighbourhood.papers.sheet import Sheet
from neighbourhood.papers.text import Both, both
from neighbourhood.rounds.domain.round import Round

ABOUT = Wording(
    zh="请告诉我们您家需要什么、对小区有什么意见。每户一份答卷，结果将张贴公布。",
    en="Tell us what your household needs and thinks. One answer a household; what it comes to will be posted.",
)
PAGE = "/answer"
"""Of the portal, where a code is typed; behind it stands a code."""


def letters_of(
    round: Round,
    directory: Directory,
    codes: Sequence[tuple[Household, str]],
    residents_url: str,
    printed_at: datetime,
    *,
    about: Wording | None = None,
    office: Wording | None = None,
    two_sided: bool = False,
) -> Sheet:
    """Raises 409 for a round that is not open: nobody knows yet until when to answer."""
    if round.digest is None or round.closes_at is None:
        said = Localized("Letters are printed once the round is open.", "征集开始后才能打印入户信。")
        raise Problem("not_allowed", 409, said, reason="round_not_open", version=round.version)
    place = directory.neighbourhoods[round.neighbourhood]
    triage = directory.parties[directory.community.triage]
    return letters(
        RoundLetters(
            title=both(round.title),
            about=both(about or ABOUT),
            neighbourhood=Both(place.name, place.name_en or ""),
            office=both(office) if office else Both(triage.name, triage.name_en or ""),
            address=f"{residents_url}{PAGE}",
            closes_at=round.closes_at,
            zone=directory.zone,
            questions=round.questions,
            digest=round.digest,
            doors=tuple(Door(each.door, code, link_of(residents_url, code)) for each, code in codes),
            printed_at=printed_at,
            two_sided=two_sided,
        )
    )


def link_of(residents_url: str, code: str) -> str:
    return f"{residents_url}{PAGE}/{code}"


def with_codes(households: Sequence[Household], codes: Mapping[str, str]) -> list[tuple[Household, str]]:
    return [(each, codes[each.id]) for each in households]
