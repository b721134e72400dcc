"""`linli shard`: how the databases would be spread over MongoDB's shards."""

import json
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from linli_cli.operations.databases import OUTBOXES
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say

if TYPE_CHECKING:
    from linli.storage.sharding import Sharding


def shard(
    print_: Annotated[
        bool, typer.Option("--print", help="Write the commands for mongosh, with the reasons as comments.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the declarations as one line of JSON.")] = False,
    prefix: Annotated[
        str, typer.Option(envvar="LINLI_DATABASE_PREFIX", metavar="NAME", help="What the databases' names begin with.")
    ] = "linli",
) -> None:
    """How the databases would be spread over MongoDB's shards. Says it and does nothing.

    Nobody has tried it: docs/operations.md says what to look at first.
    """
    with errors_shown():
        if not (print_ or as_json):
            raise UsageFault(say("Say --print for the commands, or --json. Nothing is run either way."))
        databases = {f"{prefix}_{service}": _declared(service) for service in OUTBOXES}
    if as_json:
        print(json.dumps({name: [_plain(each) for each in those] for name, those in databases.items()}))
        return
    from linli.storage.sharding import commands  # noqa: PLC0415 - only here

    print("// " + say("Not tried. Stop the services, take a backup, read docs/operations.md#shards first."))
    for name, those in databases.items():
        print()
        print("\n".join(commands(name, those)))


def _declared(service: str) -> "Sequence[Sharding]":
    # As in `migrations`: a service's stores load its drivers.
    found: Sequence[Sharding] = import_module(f"{service}.main").SHARDING
    return found


def _plain(declared: "Sharding") -> dict[str, object]:
    from dataclasses import asdict  # noqa: PLC0415 - only here

    from linli.storage.sharding import Sharded  # noqa: PLC0415 - only here

    return {"sharded": isinstance(declared, Sharded)} | asdict(declared)
