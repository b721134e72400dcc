"""The community's data as notify needs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.contracts.kinds import Language
from linli.contracts.workflow.community import Community, Party


@dataclass(frozen=True, slots=True)
class Directory:
    """A community's parties and names, by id."""

    community: Community
    parties: Mapping[str, Party]
    names: Mapping[str, Mapping[Language, str]]
    """What a party, a neighbourhood or a category is called; keys are `party:<id>` and so on."""

    @classmethod
    def of(cls, community: Community) -> "Directory":
        """Index a community once per version, not once per event."""
        sections: dict[str, Sequence[Any]] = {
            "party": community.parties,
            "neighbourhood": community.neighbourhoods,
            "category": community.categories,
        }
        names = {
            f"{section}:{entry.id}": {Language.ZH: entry.name, Language.EN: entry.name_en or entry.name}
            for section, entries in sections.items()
            for entry in entries
        }
        return cls(community, {party.id: party for party in community.parties}, names)

    def name(self, section: str, id: str | None, language: Language) -> str | None:
        """What people call it; its id when this copy does not know it (yet)."""
        if id is None:
            return None
        known = self.names.get(f"{section}:{id}")
        return known[language] if known else id

    def above(self, party_id: str | None) -> str | None:
        """The node that decides on what a party did: its parent, the top for itself; triage for one that is gone."""
        if party_id is None:
            return None
        party = self.parties.get(party_id)
        return (party.parent or party.id) if party else self.community.triage
