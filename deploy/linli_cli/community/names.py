"""What ids are called, for who reads of a case: parties, neighbourhoods and categories of its community."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.contracts.workflow.community import Community
from linli_cli.community.commands import community_of, loaded_communities
from linli_cli.connection.client import ApiError, Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import chinese, term


@dataclass(frozen=True)
class Names:
    """Names by id; an id without a name stands for itself."""

    parties: Mapping[str, str] = field(default_factory=dict)
    neighbourhoods: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, community: Community) -> "Names":
        """In the terminal's language, where there is a name in it."""
        lists = (community.parties, community.neighbourhoods, community.categories)
        return cls(*({each.id: _name(each.name, each.name_en) for each in things} for things in lists))

    def party(self, id: str) -> str:
        """A party, or who else does something: the operator, the reporter, a rule."""
        return self.parties.get(id) or term(id)

    def neighbourhood(self, id: str) -> str:
        return self.neighbourhoods.get(id, id)

    def category(self, id: str) -> str:
        return self.categories.get(id, id)

    def of_field(self, name: str, value: str) -> str:
        """What stands in a field of a case, as people call it."""
        if name.endswith("neighbourhood"):
            return self.neighbourhood(value)
        return self.category(value) if name.endswith("category") else term(value)


IDS = Names()
"""Every id as it is."""


async def names_of(client: Client, community: str) -> Names:
    """None of a community that is not to be had: then ids stand for themselves."""
    try:
        return Names.of(await community_of(client, community))
    except ApiError:
        return IDS


async def names_of_all(client: Client) -> Names:
    """The same of every community that is loaded; what two of them call by one id has the name of the first."""
    try:
        each = [await names_of(client, id) for id in await loaded_communities(client)]
    except CliError:  # workflow, which has them, may be away
        return IDS
    return Names(
        {id: name for names in reversed(each) for id, name in names.parties.items()},
        {id: name for names in reversed(each) for id, name in names.neighbourhoods.items()},
        {id: name for names in reversed(each) for id, name in names.categories.items()},
    )


def _name(name: str, english: str | None) -> str:
    return name if chinese() or not english else english
