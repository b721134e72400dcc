"""Codes for households of one affair, told once: as they are, or printed on a letter for each door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Response

from linli.contracts.neighbourhood.affairs import Wording
from linli.security.principals import Principal
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.codes import in_groups
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.household_doors import Household, Households
from neighbourhood.affairs.households import CodesFor, HouseholdsCode
from neighbourhood.affairs.office import Office, Place
from neighbourhood.papers.code_letters import CodeLetters, code_letters
from neighbourhood.papers.letters import MOST_DOORS, Door
from neighbourhood.papers.press import Press
from neighbourhood.papers.text import Both, both

NO_DOOR = Localized("Nobody knows this household's door: name the door.", "不知道这一户的门牌，请直接写门牌。")


@dataclass(frozen=True, slots=True)
class LetterOf:
    """What stands on the letters of one affair."""

    title: Wording
    about: Wording
    """What can be done with the code."""
    page: str
    """Of the portal, where the code is typed; behind it stands a code."""


class HouseholdLetters:
    """Makes codes, and prints letters with them."""

    def __init__(self, codes: HouseholdCodes, doors: Households, press: Press, residents_url: str) -> None:
        self._codes, self._doors, self._press, self._url = codes, doors, press, residents_url

    async def deliver(
        self, office: Office[Any, Any], affair: Any, to: CodesFor, who: Principal, letter: LetterOf | None
    ) -> Any:
        """Codes for these households, or with `letter` the PDF. A further code ends the one before it.

        Raises 422 for a household that the place does not have, or whose door nobody knows where one is to be printed.
        """
        place = office.place_of(affair)
        await self._codes.check(place, to.households)
        named = self._doors.at(place, dict.fromkeys(to.doors))
        known = await self._known(place, to.households, needed=letter is not None)
        households = [*known, *named]
        if letter is not None and len(households) > MOST_DOORS:
            much = Localized(f"Print at most {MOST_DOORS} letters at a time.", f"一次最多打印 {MOST_DOORS} 封信。")
            raise Problem("invalid", 422, much, reason="too_many", errors=[{"field": "doors", "message": much}])

        async def work(session: Any) -> Mapping[str, str]:
            if named:
                await self._doors.keep(place, named, session)
            return await self._codes.make(affair.id, [each.id for each in households], session)

        made = await office.once(work)
        if letter is None:
            return [HouseholdsCode(household=each, code=in_groups(code)) for each, code in made.items()]
        return await self._printed(office, place, letter, [(each, made[each.id]) for each in households], to, who)

    async def _known(self, place: Place, asked: Sequence[str], *, needed: bool) -> list[Household]:
        doors = await self._doors.doors(place, asked)
        if needed and (wrong := [at for at, each in enumerate(asked) if each not in doors]):
            errors = [{"field": f"households.{at}", "message": NO_DOOR} for at in wrong]
            raise Problem("invalid", 422, NO_DOOR, reason="unknown_door", errors=errors)
        return [Household(each, doors.get(each, "")) for each in dict.fromkeys(asked)]

    async def _printed(
        self,
        office: Office[Any, Any],
        place: Place,
        letter: LetterOf,
        codes: Sequence[tuple[Household, str]],
        to: CodesFor,
        who: Principal,
    ) -> Response:
        directory = office.communities.place(place.community, place.neighbourhood)
        here, triage = directory.neighbourhoods[place.neighbourhood], directory.parties[directory.community.triage]
        address = f"{self._url}{letter.page}"
        sheet = code_letters(
            CodeLetters(
                title=both(letter.title),
                about=both(letter.about),
                neighbourhood=Both(here.name, here.name_en or ""),
                office=both(to.office) if to.office else Both(triage.name, triage.name_en or ""),
                address=address,
                doors=tuple(Door(each.door, code, f"{address}/{code}") for each, code in codes),
                printed_at=office.now(),
                two_sided=to.two_sided,
            )
        )
        name = {"Content-Disposition": 'attachment; filename="letters.pdf"', "Cache-Control": "no-store"}
        return Response(await self._press.pdf(sheet, who.id), media_type="application/pdf", headers=name)


LettersDep = Annotated[HouseholdLetters, given(HouseholdLetters)]
