"""Workflow's answers about communities."""

from datetime import datetime

from linli.contracts.base import Record


class PublishedCommunity(Record):
    """The version of a community's data that is in force."""

    id: str
    version: int
    changed: bool


class RetiredCommunity(PublishedCommunity):
    """The same of one that was retired, or taken back."""

    retired_at: datetime | None
    """Since when it takes no new submissions."""


class CommunityHead(Record):
    """A community that is loaded."""

    id: str
    name: str
    version: int
    timezone: str
    """Of the IANA time zone database."""
    retired_at: datetime | None = None
    """Since when it takes no new submissions."""


class CommunityList(Record):
    """All that are loaded."""

    items: list[CommunityHead]


class CommunityVersion(Record):
    """A version of a community's data."""

    version: int
    at: datetime
    """Since when it was in force."""


class CommunityVersions(Record):
    """Versions, the newest first."""

    items: list[CommunityVersion]
    next: int | None
    """`before` of the page that follows."""
