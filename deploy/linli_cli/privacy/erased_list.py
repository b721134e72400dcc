"""The list of erased submissions beside the deployment, outside its databases: a restored backup does not know of them.

One line of JSON each: `{"id", "at"}`. No personal data is in it.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say


def remember(path: Path, ids: Sequence[str]) -> None:
    """Add to the list; one that is there already stays."""
    known = set(read(path)) if path.exists() else set()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    lines = "".join(json.dumps({"id": id, "at": at}) + "\n" for id in ids if id not in known)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def read(path: Path) -> list[str]:
    """The ids, in the order they were erased. Raises CliError."""
    try:
        return [str(json.loads(line)["id"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise CliError(say("{name} cannot be read: {strerror}.", name=path, strerror=of_file(error))) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CliError(say("{path} is no list of erased submissions.", path=path)) from error
