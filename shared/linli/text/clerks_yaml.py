"""YAML as a clerk writes it: of its rules for words without quotes only those that nobody is surprised by."""

import re
from typing import Any

import yaml


class Clerk(yaml.SafeLoader):
    """Plain scalars are numbers, true, false, null or text: `22:00` is no number in base 60 and `no` no boolean.

    What begins with a zero is a code, a telephone or a room number, and stays as it is written.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape; add_implicit_resolver copies it


Clerk.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Clerk.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
Clerk.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
Clerk.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-+0123456789")
)
