"""What `linli doctor` looks at from outside: services, ports, clocks, disk, keys."""

import asyncio
import shutil
import socket
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from linli_cli.cases.case_words import HOLIDAYS_TODO
from linli_cli.connection.settings import SERVICES, TargetKind
from linli_cli.connection.target import CONTAINER_SECRETS, Target, docker, in_a_tool
from linli_cli.operations import deployed_health
from linli_cli.operations.finding import Finding, Level, note, ok, wrong
from linli_cli.operations.health import ProcessHealth, read_metrics
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE, MONGO_PASSWORD, OPERATOR_KEY, PORTAL_KEY, SERVICE_KEY
from linli_cli.stack.embedded.service import reasons
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, term
from linli_cli.terminal.words import counted

LEAST_FREE_BYTES = 2 * 2**30
LEAST_FREE_SHARE = 0.05
HOLIDAYS_KNOWN_UNTIL = "linli_workflow_holidays_known_until_seconds"
WORKING_DAYS_REACH = "linli_workflow_working_days_reach_seconds"
TIME_TO_UPGRADE = timedelta(days=30)
"""So long before a deadline can reach beyond the holidays that are known, it is told."""
SKEW_SECONDS = 2.0
"""A Date header is a second long; leases and deadlines bear more than this, people who compare logs do not."""

CLOCK_LOOKS = 3


# Services, ports, clocks ----------------------------------------------------------------------------------------------


async def services(target: Target) -> tuple[list[Finding], list[str]]:
    """Each answers at its address, is ready, and has our time; and those that can do their work."""
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as http:
        found = await asyncio.gather(*(_surely(http, target, name) for name in _addresses(target)))
    firsts = {name: first for name, (first, *_) in zip(_addresses(target), found, strict=True)}
    working = [name for name in target.urls if firsts[name].level is not Level.WRONG]
    return [finding for each in found for finding in each], working


def _addresses(target: Target) -> Mapping[str, str]:
    return {**target.urls, **target.faces}


async def _surely(http: httpx2.AsyncClient, target: Target, name: str) -> list[Finding]:
    """Look again before a clock is called wrong: a busy service writes the time of its answers late."""
    for _ in range(CLOCK_LOOKS - 1):
        found = await _service(http, target, name)
        if not any(each.check == "clocks" and each.level is Level.WRONG for each in found):
            return found
        await asyncio.sleep(1)
    return await _service(http, target, name)


async def _service(http: httpx2.AsyncClient, target: Target, name: str) -> list[Finding]:
    url = _addresses(target)[name]
    sent = datetime.now(UTC)
    try:
        answer = await http.get(f"{url}/readyz")
    except httpx2.HTTPError as error:
        return [_unanswered(target, name, error)]
    half = (datetime.now(UTC) - sent) / 2
    if '"checks"' not in answer.text:
        message = say("What answers at {url} is not Linli's {service}.", url=url, service=name)
        return [wrong("ports", message, _another(url))]
    if lacks := reasons(answer.text):
        return [_lacking(name, lacks, goes_on=answer.status_code == 200)]
    date = answer.headers.get("Date")
    clock = [skew(name, parsedate_to_datetime(date), sent + half, half)] if date else []
    return [ok("services", say("{name} is ready at {url}.", name=name, url=url)), *clock]


def _unanswered(target: Target, name: str, error: httpx2.HTTPError) -> Finding:
    url = _addresses(target)[name]
    if isinstance(error, httpx2.ReadTimeout):
        message = say(
            "{name} takes connections at {url} and says nothing: it hangs, or has too much to do.", name=name, url=url
        )
        return wrong("services", message, say("See its log; if it stays so, start it anew."))
    if listens(url):
        message = say("What listens at {url} does not speak HTTP as {name} does.", url=url, name=name)
        return wrong("ports", message, _another(url))
    message = say("{name} does not answer at {url} ({error}).", name=name, url=url, error=type(error).__name__)
    return wrong("services", message, say("Start it: {start}. If it does not stay: its log.", start=target.start))


def _lacking(name: str, lacks: str, *, goes_on: bool) -> Finding:
    if goes_on:
        message = say("{name} goes on without what is away: {lacks}.", name=name, lacks=lacks)
        return note("services", message, say("It catches up when that is back."))
    message = say("{name} is not ready: {lacks}.", name=name, lacks=lacks)
    return wrong("services", message, say("See below what it waits for."))


def containers(target: Target) -> list[Finding]:
    """Those of docker compose that are not as they should be: also a second one that nobody's address leads to."""
    if target.kind is not TargetKind.COMPOSE:
        return []
    try:
        return [container(each) for each in deployed_health.containers(target) if each.health != "ready"]
    except CliError as error:
        return [note("services", say("The containers could not be looked at: {error}", error=error.message))]


def container(found: ProcessHealth) -> Finding:
    """One that does not run, or is not healthy."""
    message = say(
        "The container {name} is {health}: {detail}.", name=found.name, health=term(found.health), detail=found.detail
    )
    todo = say("Its log: docker logs --tail 100 {name}. To start it: docker compose up --wait", name=found.name)
    return wrong("services", message, todo)


def there(target: Target, answering: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Service → what is there of it, as others know: its containers, or the address that answers; unknown: left out."""
    if target.kind is TargetKind.COMPOSE:
        try:
            listed = deployed_health.read_listing(docker("compose", "ps", "--all", "--format", "json"))
        except CliError:
            return {}
        return {name: deployed_health.containers_of(name, listed) for name in target.urls}
    return {name: [target.urls[name]] for name in answering}


async def holidays(target: Target) -> list[Finding]:
    """Whether workflow knows the holidays that deadlines will soon reach into; nothing where it does not answer."""
    samples = await asyncio.to_thread(read_metrics, target.urls["workflow"])
    values = {each.name: each.value for each in samples or () if not each.labels}
    moments = [values.get(name) for name in (HOLIDAYS_KNOWN_UNTIL, WORKING_DAYS_REACH)]
    known_until, reach = (None if at is None else datetime.fromtimestamp(at, UTC) for at in moments)
    return [calendar(known_until, reach)] if known_until and reach else []


def calendar(known_until: datetime, reach: datetime) -> Finding:
    """Whether the calendar of public holidays lasts as long as the longest span of working days that begins today."""
    message = say("The public holidays are known to the end of {year}.", year=known_until.year - 1)
    if reach + TIME_TO_UPGRADE <= known_until:
        return ok("calendar", message)
    message += say(
        " Deadlines in working days that begin today reach to {reach:%Y-%m-%d}; beyond, Monday to Friday count.",
        reach=reach,
    )
    return note("calendar", message, say(HOLIDAYS_TODO))


def _another(url: str) -> str:
    return say(
        "End the other program at port {port}, or give Linli another port (docs/configuration.md).",
        port=urlsplit(url).port,
    )


def listens(address: str) -> bool:
    """Whether anybody takes a connection at a URL or at `host:port`."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=2):
            return True
    except OSError:
        return False


def skew(whose: str, theirs: datetime, ours: datetime, unsure: timedelta = timedelta()) -> Finding:
    """A clock beside ours. How much earlier or later it may have been read is not sure: some answers take long."""
    seconds = (theirs - ours).total_seconds()
    if abs(seconds) <= SKEW_SECONDS + unsure.total_seconds():
        return ok("clocks", say("{whose} has the same time.", whose=whose))
    message = say(
        "{whose}'s clock is {seconds:.0f} s ahead of this machine's."
        if seconds > 0
        else "{whose}'s clock is {seconds:.0f} s behind this machine's.",
        whose=whose,
        seconds=abs(seconds),
    )
    return wrong("clocks", message, say("Let NTP set both: timedatectl"))


# Disk and keys --------------------------------------------------------------------------------------------------------


def disk(where: str, free: int, total: int) -> Finding:
    """Room on a file system, in bytes."""
    message = say(
        "{where}: {free:.1f} of {total:.1f} GB are free.", where=where, free=free / 2**30, total=total / 2**30
    )
    if free >= LEAST_FREE_BYTES and free >= total * LEAST_FREE_SHARE:
        return ok("disk", message)
    todo = say("Make room, or enlarge the disk: a full one makes MongoDB refuse and Kafka stop.")
    return wrong("disk", message, todo)


def disk_of(directory: Path) -> Finding:
    """The disk of a directory that may not be there yet."""
    there = next(path for path in (directory, *directory.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return disk(str(directory), usage.free, usage.total)


def key_files(target: Target) -> list[Finding]:
    """Nobody but their owner may read the keys."""
    try:
        modes = _modes_in_a_container() if target.kind is TargetKind.COMPOSE else _modes(target)
    except CliError as error:
        return [note("keys", say("The keys could not be looked at: {error}", error=error.message))]
    open_ones = [path for path, mode in modes.items() if mode & 0o077]
    if open_ones:
        todo = say(
            "chmod go-rwx {files}   Whoever read them has them: make new ones (docs/operations.md).",
            files=" ".join(open_ones),
        )
        return [wrong("keys", say("Others may read {files}.", files=say(", ").join(open_ones)), todo)]
    if not modes:
        return [note("keys", say("There are none yet; the first start makes them."))]
    return [ok("keys", say("{files}, which only their owner can read.", files=counted(len(modes), "file")))]


def _modes(target: Target) -> dict[str, int]:
    files = {target.secret(name) for name in (OPERATOR_KEY, SERVICE_KEY, PORTAL_KEY, MONGO_PASSWORD, MONGO_KEYFILE)}
    files |= {file.parent for file in files}
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in sorted(files) if path.exists()}


def _modes_in_a_container() -> dict[str, int]:
    """Of all of them, and of those that each service that runs has got."""
    find = ("find", CONTAINER_SECRETS, "-type", "f", "-printf", r"%m %p\n")
    listed = {"linli": in_a_tool(*find)}
    for service in SERVICES:
        with suppress(CliError):
            listed[service] = docker("compose", "exec", "-T", service, *find)
    lines = [(where, line.partition(" ")) for where, printed in listed.items() for line in printed.splitlines()]
    return {f"{where}:{path}": int(mode, 8) for where, (mode, _, path) in lines}
