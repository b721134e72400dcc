"""A document as YAML, the same each time."""

from collections.abc import Mapping
from typing import Any

import yaml


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: an alias is for programs alone."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def in_yaml(document: Mapping[str, Any]) -> str:
    """In the order in which it was made."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
