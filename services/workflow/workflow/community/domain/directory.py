"""One version of a community's data, with prepared look-ups."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from zoneinfo import ZoneInfo

from shapely import STRtree
from shapely.geometry import Point as MapPoint

from linli.contracts.intake.submission import Point
from linli.contracts.workflow.community import Community, Level, Neighbourhood, Party, PartyKind, Rule
from linli.working_time import WorkingCalendar
from workflow.community.domain.outlines import around, metres_to, shape_of

_LEVELS = frozenset(Level)


class Directory:
    """Who is who in a community. Built once for each version, then only read."""

    def __init__(self, community: Community, version: int) -> None:
        self.community, self.version = community, version
        self.zone = ZoneInfo(community.timezone)
        self.calendar = WorkingCalendar.of(community)
        self._calendars = {
            party.id: WorkingCalendar.of(community, party.working_hours)
            for party in community.parties
            if party.working_hours
        }
        self._rules = {rule.id: rule for rule in community.rules}
        self._parties = {party.id: party for party in community.parties}
        self._neighbourhoods = {place.id: place for place in community.neighbourhoods}

    def party(self, id: str) -> Party | None:
        return self._parties.get(id)

    def rule(self, id: str | None) -> Rule | None:
        """None for one that does not exist (any more)."""
        return self._rules.get(id or "")

    def calendar_of(self, party_id: str | None) -> WorkingCalendar:
        """When a party works: by its own hours, or the community's."""
        return self._calendars.get(party_id or "", self.calendar)

    @property
    def triage(self) -> Party:
        """Who decides where a case goes that no rule sends anywhere."""
        return self._parties[self.community.triage]

    def responsible(self, party_id: str | None) -> Party:
        """Who is responsible for a party's cases: the party itself, or the triage desk if it no longer exists."""
        return self._parties.get(party_id or "") or self.triage

    def above(self, party: Party) -> Party:
        """The node that decides what the party hands back; the top of the tree decides for itself."""
        return self._parties[party.parent] if party.parent else party

    def below(self, party_id: str) -> frozenset[str]:
        """A party's own id and those of all below it in the tree; empty for one that does not exist (any more)."""
        return self._below.get(party_id, frozenset())

    def depth(self, party: Party) -> float:
        """How far from the top: 0 for the subdistrict; a party outside the tree stands below its node."""
        if party.kind.level:
            return party.kind.level.depth
        above = self._parties.get(party.parent or "")
        return above.kind.level.depth + 0.5 if above and above.kind.level else len(Level)

    def no_lower_than(self, party: Party, level: Level) -> Party:
        """The lowest node in a party's branch, itself included, that stands on a level of the tree or above it."""
        lowest = party if party.kind.level else self.above(party)
        return next(node for node in self._upwards(lowest.id) if self.depth(node) <= level.depth)

    def above_all(self, parties: Sequence[str]) -> Party:
        """The lowest node above all of the parties; if they have none in common, the triage desk."""
        chains = [
            [node.id for node in self._upwards(self.above(party).id)]
            for party in map(self.party, parties)
            if party is not None
        ]
        common = next((node for node in chains[0] if all(node in chain for chain in chains)), None) if chains else None
        return self._parties[common] if common else self.triage

    @cached_property
    def neighbourhoods(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(self._neighbourhoods)

    def has_neighbourhood(self, id: str) -> bool:
        return id in self._neighbourhoods

    def party_for(self, neighbourhood_id: str | None, role: str) -> Party | None:
        """Who fills a role, seen from a neighbourhood: the neighbourhood's word, the tree, the community's default.

        A level below the grid that nobody was named for falls to the grid.
        """
        place = self._neighbourhoods.get(neighbourhood_id or "")
        if place and role in place.roles:
            return self._parties[place.roles[role]]
        if place and role in _LEVELS:
            return self._level(place, Level(role))
        if role in self.community.roles:
            return self._parties[self.community.roles[role]]
        return self._top if role == Level.SUBDISTRICT else None

    def locate(self, point: Point) -> str | None:
        """The neighbourhood whose outline holds the point (its edge included), the first by id where two do."""
        names, tree = self._outlines
        found = tree.query(MapPoint(point.lon, point.lat), predicate="intersects")
        return min((names[index] for index in found), default=None)

    def near(self, point: Point, within: float) -> list[tuple[Neighbourhood, float]]:
        """The neighbourhoods that lie within so many metres of a point, with how far, the nearest first; 0 inside."""
        names, tree = self._outlines
        box = around(point, within)
        found: dict[str, float] = {}
        for index in tree.query(box):
            apart = metres_to(tree.geometries[index], point)
            if apart <= within:
                found[names[index]] = min(apart, found.get(names[index], apart))
        nearest = sorted(found.items(), key=lambda pair: (pair[1], pair[0]))
        return [(self._neighbourhoods[name], apart) for name, apart in nearest]

    def _level(self, place: Neighbourhood, level: Level) -> Party:
        return next(
            (party for party in self._upwards(place.grid) if party.kind.level == level), self._parties[place.grid]
        )

    def _upwards(self, party_id: str) -> Iterator[Party]:
        party: Party | None = self._parties[party_id]
        while party is not None:
            yield party
            party = self._parties[party.parent] if party.parent else None

    @cached_property
    def ids(self) -> frozenset[str]:
        """Of all parties that there are."""
        return frozenset(self._parties)

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        members: dict[str, set[str]] = {id: set() for id in self._parties}
        for id in self._parties:
            for above in self._upwards(id):
                members[above.id].add(id)
        return {id: frozenset(found) for id, found in members.items()}

    @cached_property
    def _top(self) -> Party | None:
        return next((party for party in self.community.parties if party.kind is PartyKind.SUBDISTRICT), None)

    @cached_property
    def _outlines(self) -> tuple[list[str], STRtree]:
        """Each part of each outline, under its neighbourhood's id."""
        parts = [(place.id, shape_of(part)) for place in self.community.neighbourhoods for part in place.outlines]
        return [name for name, _ in parts], STRtree([shape for _, shape in parts])
