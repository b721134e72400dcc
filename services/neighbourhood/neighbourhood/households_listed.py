"""Which households a neighbourhood has: the doors of its registers of owners, and those that a round has invited."""

from collections.abc import Sequence

from neighbourhood.affairs.household_codes import Unknown
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.office import Place
from neighbourhood.votes.registers import Registers


def unknown_to(registers: Registers, households: Households) -> Unknown:
    """A household is known by its door. A tenant's door may be in no register of owners, and yet have a letter."""

    async def unknown(place: Place, asked: Sequence[str]) -> Sequence[str]:
        query = {"community": place.community, "neighbourhood": place.neighbourhood}
        found = await registers.stories.found(query)
        if not found:
            return ()
        missing = set(asked) - (await households.doors(place, asked)).keys()
        for register in reversed(found):  # the newest first
            if not missing:
                break
            doors = (await registers.people.known(register.id)).doors.values()
            missing -= {each.id for each in households.at(place, doors)}
        return sorted(missing)

    return unknown
