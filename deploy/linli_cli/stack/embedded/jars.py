"""Kafka's jars, fetched once from Maven Central by jgo and kept in its cache."""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

KAFKA_VERSION = "4.3.1"
# slf4j-simple and not log4j: with log4j's coordinates Maven settles on kafka-clients 3.9.1, and the broker dies.
COORDINATES = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
ABOUT_MB = 44

Fetched = Callable[[float, str], None]
"""Told of each piece: megabytes so far, and the jar that is being fetched."""


def kafka_jars(remembered: Path, fetched: Fetched) -> list[Path]:
    """The class path. What was resolved is kept in the file `remembered`, so a later start asks no resolver."""
    jars = _recall(remembered)
    if jars is None:
        jars = _resolve(fetched)
        remembered.parent.mkdir(parents=True, exist_ok=True)
        remembered.write_text(json.dumps({"coordinates": COORDINATES, "jars": [str(jar) for jar in jars]}, indent=1))
    return jars


def are_remembered(remembered: Path) -> bool:
    """Whether `kafka_jars` will answer at once."""
    return _recall(remembered) is not None


def _recall(remembered: Path) -> list[Path] | None:
    try:
        content = json.loads(remembered.read_text())
        jars = [Path(jar) for jar in content["jars"]]
        return jars if content["coordinates"] == COORDINATES and all(jar.is_file() for jar in jars) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _resolve(fetched: Fetched) -> list[Path]:
    import jgo  # noqa: PLC0415 - takes half a second, and is needed at the first start only
    import requests  # noqa: PLC0415 - jgo's own HTTP client, for its error
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.maven import PythonResolver  # noqa: PLC0415

    repository: Path = GlobalSettings.load().repo_cache
    resolver = PythonResolver(progress_callback=_Download(repository, fetched))
    try:
        environment = jgo.build(COORDINATES, resolver=resolver)
        if not _complete(environment.path):  # an earlier resolve was cut off
            _remove_cut_off(repository, environment.path)
            environment = jgo.build(COORDINATES, resolver=resolver, update=True)
    except requests.RequestException as error:
        raise CliError(
            say("Kafka's jars could not be fetched from Maven Central: {error}", error=error),
            say(
                "Check the network (behind a proxy, set HTTPS_PROXY) and run `linli up` again; what was fetched is "
                "kept."
            ),
        ) from error
    if not _complete(environment.path):
        raise CliError(
            say("Kafka's jars in {path} are incomplete.", path=environment.path),
            say(
                "Delete that directory and {other}, and run `linli up` again.",
                other=repository / "org" / "apache" / "kafka",
            ),
        )
    return _jars(environment.path)


def _jars(path: Path) -> list[Path]:
    return sorted([*(path / "jars").glob("*.jar"), *(path / "modules").glob("*.jar")])


def _complete(path: Path) -> bool:
    """jgo writes its lock file last; a jar that was cut off is no zip file."""
    return (path / "jgo.lock.toml").is_file() and all(zipfile.is_zipfile(jar) for jar in _jars(path))


def _remove_cut_off(repository: Path, path: Path) -> None:
    for jar in _jars(path):
        if not zipfile.is_zipfile(jar):
            _forget(repository, jar.name)


def _forget(repository: Path, filename: str) -> None:
    for cut_off in repository.rglob(filename):
        with suppress(OSError):
            cut_off.unlink()


class _Download:
    """jgo's progress callback. Removes a jar whose download was cut off: jgo would take it for a whole one."""

    def __init__(self, repository: Path, fetched: Fetched) -> None:
        self._repository = repository
        self._fetched = fetched
        self._bytes = 0

    @contextmanager
    def __call__(self, filename: str, _total: int) -> Iterator[Callable[[int], Any]]:
        def update(count: int) -> None:
            self._bytes += count
            self._fetched(self._bytes / 1e6, filename)

        try:
            yield update
        except BaseException:
            _forget(self._repository, filename)
            raise
