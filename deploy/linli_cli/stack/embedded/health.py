"""How the processes of the embedded stack are, and the one that follows them where it does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import embedded
from linli_cli.operations import server_figures
from linli_cli.operations.health import ProcessHealth, StackHealth, put_together, read_metrics
from linli_cli.stack.embedded.access import FRESH
from linli_cli.stack.embedded.server import Program
from linli_cli.stack.embedded.service import Service
from linli_cli.stack.embedded.stack import build_stack
from linli_cli.stack.embedded.state import RunDirectory, RunningProgram, StackState
from linli_cli.stack.running import as_it_runs
from linli_cli.terminal.language import say


def look(settings: StackSettings) -> StackHealth | None:
    """None when nothing runs in this home."""
    run = RunDirectory(settings.run_dir)
    state = run.read() if run.supervisor() else None
    return _find_out(as_it_runs(settings), state) if state else None


def access_behind(settings: StackSettings) -> ProcessHealth | None:
    """The program that keeps Kafka in line with partners, where it runs in this home and is not ready."""
    run = RunDirectory(settings.run_dir)
    state = run.read() if run.supervisor() else None
    return behind(build_stack(as_it_runs(settings)).access, state) if state else None


def behind(access: Program, state: StackState) -> ProcessHealth | None:
    """None too while its first look may still come: nobody waits for it at a start."""
    seen = state.program(access.name)
    if seen is None:
        return None
    found = _process(access, state)
    if found.health == "ready" or (found.uptime_seconds is not None and found.uptime_seconds < FRESH):
        return None
    missing = say("Kafka does not follow what changes about partners; see {log}", log=access.log)
    return found.model_copy(update={"health": "down" if found.pid is None else "not ready", "detail": missing})


def _find_out(settings: StackSettings, state: StackState) -> StackHealth:
    """Asks the two servers for figures, then all how they are: at most about ten seconds."""
    stack, home = build_stack(settings), str(settings.home)
    figures = server_figures.look(embedded(settings))
    programs: list[Program] = [stack.kafka, stack.mongo, *stack.services, *stack.faces]
    with ThreadPoolExecutor(len(programs) + len(stack.services)) as threads:
        metrics = [threads.submit(read_metrics, service.url) for service in stack.services]
        processes = list(threads.map(lambda program: _process(program, state), programs))
        processes += filter(None, [behind(stack.access, state)])
        samples = {service.name: metric.result() for service, metric in zip(stack.services, metrics, strict=True)}
    return put_together(home, state.phase, processes, samples, figures, state.supervisor.pid)


def _process(program: Program, state: StackState) -> ProcessHealth:
    seen = state.program(program.name)
    running = seen is not None and seen.identity is not None and seen.identity.process() is not None
    missing = "" if not running else _what_is_missing(program)
    return ProcessHealth(
        name=program.name,
        pid=seen.identity.pid if running and seen and seen.identity else None,
        address=program.address,
        health=_health(seen, running, missing),
        detail=missing,
        uptime_seconds=_seconds_since(seen.started_at) if running and seen else None,
        restarts=seen.restarts if seen else 0,
    )


def _health(seen: RunningProgram | None, running: bool, missing: str) -> str:
    if not running:
        return "down"
    if not missing:
        return "ready"
    return "starting" if seen and seen.state == "starting" else "not ready"


def _what_is_missing(program: Program) -> str:
    if isinstance(program, Service):
        return program.what_is_missing(within=4.0)
    return "" if program.is_ready() else say("does not answer")


def _seconds_since(time: datetime | None) -> float | None:
    return (datetime.now(UTC) - time).total_seconds() if time else None
