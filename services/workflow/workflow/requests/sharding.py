"""Requests keep nothing: what they ask of cases and events is said where those are declared."""

from linli.storage.sharding import Sharding

SHARDING: tuple[Sharding, ...] = ()
