"""How a deployment is that runs elsewhere: the containers of docker compose, or the services at given addresses."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from linli_cli.connection.settings import TargetKind
from linli_cli.connection.target import Target, docker
from linli_cli.operations import server_figures
from linli_cli.operations.health import ProcessHealth, StackHealth, put_together, read_all_metrics
from linli_cli.stack.embedded.service import Service
from linli_cli.terminal.language import say

HEALTHS = {"healthy": "ready", "starting": "starting", "unhealthy": "not ready", "": "ready"}
"""What docker says of a running container, and what we say; without a health check, running is all that is known."""


def look(target: Target) -> StackHealth | None:
    """None when nothing of it is there. Raises CliError when docker is needed and does not answer."""
    processes = containers(target) if target.kind is TargetKind.COMPOSE else _services(target)
    if all(process.health == "down" for process in processes):
        return None
    return put_together(target.name, "ready", processes, read_all_metrics(target.urls), server_figures.look(target))


def _services(target: Target) -> list[ProcessHealth]:
    urls = {**target.urls, **target.faces}

    def one(name: str) -> ProcessHealth:
        missing = Service.lacks(name, urls[name], within=4.0)
        away = missing.startswith(say("does not answer"))
        health = "down" if away else "not ready" if missing else "ready"
        return ProcessHealth(
            name=name,
            pid=None,
            address=urls[name],
            health=health,
            detail=missing,
            uptime_seconds=None,
            restarts=None,
        )

    with ThreadPoolExecutor(len(urls)) as threads:
        return list(threads.map(one, urls))


def containers(target: Target) -> list[ProcessHealth]:
    """All but those that have done what they were started for."""
    listed = read_listing(docker("compose", "ps", "--all", "--format", "json"))
    ids = [str(container["ID"]) for container in listed]
    seen = {str(each["Id"]): each for each in json.loads(docker("inspect", *ids))} if ids else {}
    processes = []
    for container in listed:
        state: dict[str, Any] = next((each for id_, each in seen.items() if id_.startswith(str(container["ID"]))), {})
        if container["State"] == "exited" and container["ExitCode"] == 0 and _is_one_shot(state):
            continue
        processes.append(_container(container, state, target))
    return sorted(processes, key=lambda process: process.name)


def _is_one_shot(inspected: dict[str, Any]) -> bool:
    return inspected.get("HostConfig", {}).get("RestartPolicy", {}).get("Name", "no") in {"", "no"}


def read_listing(printed: str) -> list[dict[str, Any]]:
    """`docker compose ps --format json`: one object a line, or one array in versions before 2.21."""
    text = printed.strip()
    if text.startswith("["):
        found: list[dict[str, Any]] = json.loads(text)
        return found
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def containers_of(service: str, listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """The running containers of a service, with those of `workflow-2` and the like, which are copies of it."""
    copy = re.compile(rf"{service}(-\d+)?")
    running = [each for each in listed if each["State"] == "running" and copy.fullmatch(str(each["Service"]))]
    return sorted(str(each["Name"]) for each in running)


def _container(listed: dict[str, Any], inspected: dict[str, Any], target: Target) -> ProcessHealth:
    running = listed["State"] == "running"
    health = HEALTHS.get(listed.get("Health") or "", "not ready") if running else "down"
    service = str(listed["Service"])
    detail = "" if health == "ready" else str(listed.get("Status") or listed["State"])
    urls = {**target.urls, **target.faces}
    if running and health != "ready" and service in urls:
        detail = Service.lacks(service, urls[service], within=4.0) or detail
    state = inspected.get("State", {})
    return ProcessHealth(
        name=str(listed["Name"]),
        pid=state.get("Pid") or None,
        address=urls.get(service) or _published(listed.get("Publishers") or ()),
        health=health,
        detail=detail,
        uptime_seconds=_seconds_since(state.get("StartedAt")) if running else None,
        restarts=inspected.get("RestartCount"),
    )


def _published(publishers: Sequence[dict[str, Any]]) -> str:
    """The addresses on the host, such as `127.0.0.1:19092`."""
    return ", ".join(
        sorted({f"{each['URL']}:{each['PublishedPort']}" for each in publishers if each.get("PublishedPort")})
    )


def _seconds_since(time: str | None) -> float | None:
    """Of docker's time, which has nanoseconds that Python's parser cuts off."""
    return (datetime.now(UTC) - datetime.fromisoformat(time)).total_seconds() if time else None
