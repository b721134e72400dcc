"""`python -m linli.contracts.asyncapi`: whether `docs/asyncapi.yaml` and its page are those of the code; `--write`
makes them so."""

import sys
from pathlib import Path
from typing import Any

import yaml

from linli.contracts.asyncapi import in_yaml, page, whole
from linli.contracts.topics import Otherwise

REPOSITORY = Path(__file__).parents[4]


def deployed(file: Path) -> tuple[Otherwise, dict[str, Otherwise]]:
    """What `deploy/topics.yaml` says: for all topics, and for some. `linli topics apply` says what is wrong in it."""
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return _part(said.get("defaults")), {name: _part(part) for name, part in (said.get("topics") or {}).items()}


def _part(said: dict[str, Any] | None) -> Otherwise:
    part = said or {}
    config = {name: str(value) for name, value in (part.get("config") or {}).items()}
    return Otherwise(partitions=part.get("partitions"), config=config)


def main(arguments: list[str], docs: Path = REPOSITORY / "docs") -> int:
    """The check, or with `--write` the update. Exit code 1 when something is stale."""
    document = whole(*deployed(REPOSITORY / "deploy" / "topics.yaml"))
    files = {docs / "asyncapi.yaml": in_yaml(document), docs / "asyncapi.html": page(document)}
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if arguments == ["--write"]:
        for path in stale:
            path.write_text(files[path], encoding="utf-8")
        return 0
    if stale:
        print("Not those of the contracts; run 'make schemas':", *stale, sep="\n  ")  # noqa: T201
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
