"""What people call a community's parties, neighbourhoods and categories, and the ids that are meant."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linli.contracts.workflow.community import Category, Community, Neighbourhood, Party
from linli_cli.terminal.language import say, term

SHOWN = 5
"""How many of those that are known are named to somebody who wrote one that is not."""


class UnknownName(Exception):
    """No such thing in the community, or several; the message says what is known."""


@dataclass(frozen=True)
class KnownNames:
    """One sort of things: an id stands for itself, a Chinese or English name for its id."""

    sort: str
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id, or name as `folded` → the ids that it may mean; an id means nothing else."""
    first: tuple[str, ...] = ()

    @classmethod
    def of(cls, sort: str, things: Iterable[Party | Neighbourhood | Category]) -> "KnownNames":
        listed = list(things)
        ids: dict[str, tuple[str, ...]] = {}
        for thing in listed:
            for name in {folded(name) for name in (thing.name, thing.name_en) if name}:
                ids[name] = tuple(dict.fromkeys((*ids.get(name, ()), thing.id)))  # two communities may have one id
        ids |= {thing.id: (thing.id,) for thing in listed}
        return cls(sort, ids, tuple(f"{thing.id} {thing.name}" for thing in listed[:SHOWN]))

    def id_of(self, text: str) -> str:
        """Raises `UnknownName`."""
        found = self.ids.get(text) or self.ids.get(folded(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownName(
                say(
                    "the {sort} {said} may be {ids}; write the id",
                    sort=term(self.sort),
                    said=text[:40],
                    ids=say(" or ").join(found[:SHOWN]),
                )
            )
        raise UnknownName(
            say(
                "there is no {sort} {said}; known: {known}{more}",
                sort=term(self.sort),
                said=text[:40],
                known=", ".join(self.first) or say("none"),
                more=self._more,
            )
        )

    @property
    def _more(self) -> str:
        return ", …" if len({ids for ids in self.ids.values() if len(ids) == 1}) > len(self.first) else ""


def neighbourhoods_of(*communities: Community) -> KnownNames:
    return KnownNames.of("neighbourhood", (place for each in communities for place in each.neighbourhoods))


def categories_of(*communities: Community) -> KnownNames:
    return KnownNames.of("category", (category for each in communities for category in each.categories))


def parties_of(*communities: Community) -> KnownNames:
    return KnownNames.of("party", (party for each in communities for party in each.parties))


def is_id(text: str) -> bool:
    """Whether it is written as an id is (`linli.contracts.base.Slug`)."""
    return re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", text) is not None


def folded(name: str) -> str:
    """Full-width letters, capitals and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
