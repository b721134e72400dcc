"""The communities that this service has heard of, always by the newest version that has arrived."""

from collections.abc import Iterable, Mapping

from linli.contracts.workflow.community import Community
from linli.web.localized import Localized, no_community, no_neighbourhood, sentence_of
from linli.web.problems import Problem
from neighbourhood.communities.domain.directory import Directory


class Communities:
    """Directories made from the replica, one per community."""

    def __init__(self) -> None:
        self._directories: dict[str, Directory] = {}

    def refresh(self, communities: Iterable[Community]) -> None:
        """The replica has changed: index what is new."""
        for community in communities:
            known = self._directories.get(community.id)
            if known is None or known.community is not community:
                self._directories[community.id] = Directory.of(community)

    @property
    def all(self) -> Mapping[str, Directory]:
        """By id; empty before the first one has arrived."""
        return self._directories

    def directory(self, community: str) -> Directory | None:
        """What is known of a community now."""
        return self._directories.get(community)

    def of(self, community: str) -> Directory:
        """The data of a community. Raises `Problem` 422, or 503 before any have come."""
        if not self._directories:
            raise Problem(
                "community_not_loaded",
                503,
                "No community's data has arrived here yet; load one with 'linli community load'.",
                retry_after=5,
            )
        directory = self._directories.get(community)
        if directory is None:
            raise _wrong("unknown_community", "community", no_community(community))
        return directory

    def place(self, community: str, neighbourhood: str) -> Directory:
        """The data of the community that has this neighbourhood. Raises the same."""
        directory = self.of(community)
        if neighbourhood not in directory.neighbourhoods:
            raise _wrong("unknown_neighbourhood", "neighbourhood", no_neighbourhood(community, neighbourhood))
        return directory


def _wrong(slug: str, at: str, message: Localized) -> Problem:
    return Problem(slug, 422, sentence_of(message), errors=[{"field": at, "message": message}])
