"""What the communities' data says about the places and categories that a submission names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from intake.submissions.domain.request import Location, NewMatter, NewSubmission
from linli.contracts.kinds import Kind
from linli.contracts.workflow.community import Community
from linli.text.coordinates import Crs, to_wgs84
from linli.web.localized import Localized, listed, no_category, no_community, no_neighbourhood, not_meant, sentence_of
from linli.web.problems import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")
Placed = TypeVar("Placed", NewMatter, NewSubmission)


@dataclass(frozen=True, slots=True)
class Known:
    """One community's neighbourhoods, and its categories with the kinds that each is meant for."""

    neighbourhoods: frozenset[str]
    categories: Mapping[str, frozenset[Kind]]
    crs: Crs = Crs.WGS84
    """What locations are counted in that do not say it."""
    retired: bool = False
    """It takes no new submissions."""
    zone: ZoneInfo = SHANGHAI


@dataclass(frozen=True, slots=True)
class Directory:
    """Looked up once per submission, so built anew only when a community changes."""

    communities: Mapping[str, Known] = field(default_factory=dict)
    by_neighbourhood: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, communities: Iterable[Community]) -> "Directory":
        known: dict[str, Known] = {}
        places: dict[str, list[str]] = defaultdict(list)
        for community in communities:
            for place in community.neighbourhoods:
                places[place.id].append(community.id)
            known[community.id] = Known(
                frozenset(place.id for place in community.neighbourhoods),
                {category.id: frozenset(category.kinds) for category in community.categories},
                community.location_crs,
                community.retired_at is not None,
                ZoneInfo(community.timezone),
            )
        return cls(known, {place: tuple(sorted(ids)) for place, ids in places.items()})

    def community_of(self, new: NewSubmission | NewMatter) -> str:
        """The community that a submission is for, with all that it names there. Raises `Problem` 409, 422 or 503."""
        if not self.communities:
            raise Problem(
                "community_not_loaded",
                503,
                "No community's data has arrived here yet; load one with 'linli community load'.",
                retry_after=5,
            )
        community = self._resolved(new)
        known = self.communities[community]
        if known.retired:
            over = "'{community}' takes no new submissions any more."
            raise Problem(
                "community_retired", 409, Localized(over, "“{community}”已停止受理新的事项。", community=community)
            )
        if new.neighbourhood and new.neighbourhood not in known.neighbourhoods:
            raise _wrong("unknown_neighbourhood", "neighbourhood", no_neighbourhood(community, new.neighbourhood))
        if new.category:
            kinds = known.categories.get(new.category)
            if kinds is None:
                raise _wrong("unknown_category", "category", no_category(community, new.category))
            if kinds and new.kind not in kinds:
                raise _wrong("category_kind_mismatch", "category", not_meant(new.category, new.kind, sorted(kinds)))
        return community

    def on_the_map(self, new: Placed, community: str) -> Placed:
        """The same with its location in WGS 84."""
        if new.location is None:
            return new
        crs = Crs(new.location.crs) if new.location.crs else self.communities[community].crs
        lon, lat = to_wgs84((new.location.lon, new.location.lat), crs)
        return new.model_copy(update={"location": Location(lon=lon, lat=lat)})

    def _resolved(self, new: NewSubmission | NewMatter) -> str:
        if new.community:
            if new.community not in self.communities:
                raise _wrong("unknown_community", "community", no_community(new.community))
            return new.community
        if new.neighbourhood:
            candidates = self.by_neighbourhood.get(new.neighbourhood, ())
            if not candidates:
                none = "there is no neighbourhood '{id}'"
                raise _wrong(
                    "unknown_neighbourhood", "neighbourhood", Localized(none, "没有小区“{id}”", id=new.neighbourhood)
                )
        else:
            candidates = tuple(sorted(self.communities))
        candidates = tuple(id for id in candidates if not self.communities[id].retired) or candidates
        if len(candidates) > 1:
            which = "say which one is meant: {candidates}"
            listing = listed(candidates[:50])
            raise _wrong(
                "community_needed", "community", Localized(which, "请说明是哪个街道：{candidates}", candidates=listing)
            )
        return candidates[0]


def _wrong(slug: str, at: str, message: Localized) -> Problem:
    return Problem(slug, 422, sentence_of(message), errors=[{"field": at, "message": message}])
