"""`linli up` and `linli down`."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from linli_cli.connection.client import language_of
from linli_cli.connection.settings import LOOPBACK, StackSettings, TargetKind, load_settings
from linli_cli.connection.target import find_target
from linli_cli.portal.sign_in import addresses, key_to_show, sign_in_link
from linli_cli.stack.certificates import ensure_authority, ensure_broker, hosts_of
from linli_cli.stack.detached import start_detached
from linli_cli.stack.embedded.jars import ABOUT_MB, KAFKA_VERSION
from linli_cli.stack.embedded.kafka import Kafka
from linli_cli.stack.embedded.secret_files import ensure_secrets
from linli_cli.stack.embedded.server import Program, end_leftover
from linli_cli.stack.embedded.stack import build_stack
from linli_cli.stack.embedded.state import AlreadyRunning, Identity, Phase, RunDirectory
from linli_cli.stack.home import private
from linli_cli.stack.preflight import check_start
from linli_cli.stack.running import as_it_runs
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, term, wide
from linli_cli.terminal.progress import Progress

STOP_WITHIN = 90.0
"""Seconds `linli down` gives the supervisor: 20 for the services, 20 for Kafka, 20 for mongod, and some."""


def up(
    detach: Annotated[
        bool, typer.Option("--detach", "-d", help="Return once everything is ready; keep running.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--topics", metavar="FILE", help="What is otherwise here, instead of deploy/topics.yaml."),
    ] = None,
    in_background: Annotated[bool, typer.Option("--in-background", hidden=True)] = False,
) -> None:
    """Start Kafka, MongoDB, the services and the portal on this machine, and keep them running.

    Needs no Docker, no Java and no MongoDB. Data, keys, mail and logs live in .linli of the working directory
    (LINLI_HOME moves it).

    Ctrl-C, or `linli down` from elsewhere, stops everything in order.
    """
    progress = Progress(Console(), timed=not detach)
    with errors_shown():
        settings = _embedded_settings()
        run = RunDirectory(settings.run_dir)
        supervisor = run.supervisor()
        if supervisor and not _wait_until_stopped(run, supervisor):
            _tell_already_running(progress, settings, run)
        elif detach:
            start_detached(settings, run, progress, file)
            _tell_pages(progress)
        else:
            if not settings.home.exists():
                check_start(settings, file)  # before a home is made where none would be used
            _run_here(progress, settings, run, file, in_background)


def down() -> None:
    """Stop the services, Kafka and MongoDB, in that order. The data stay in .linli."""
    progress = Progress(Console())
    with errors_shown():
        settings = _embedded_settings()
        run = RunDirectory(settings.run_dir)
        supervisor = run.supervisor()
        if supervisor:
            asyncio.run(language_of(find_target()))
            progress.step(say("Stopping the services, Kafka and mongod…"))
            _stop_supervisor(supervisor, progress)
        leftovers = _end_leftovers(run, progress)
        progress.done()
        if supervisor or leftovers:
            progress.note(say("Linli is stopped."))
        else:
            progress.note(say("Linli was not running in {home} (LINLI_HOME).", home=settings.home))


def _embedded_settings() -> StackSettings:
    """Raises CliError where LINLI_TARGET means another deployment."""
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        raise CliError(
            say(
                "LINLI_TARGET is {target}: `linli up` and `linli down` are for the embedded stack.",
                target=settings.target,
            ),
            say("Use docker compose, or whatever the deployment was started with, or unset LINLI_TARGET."),
        )
    return settings


def _run_here(
    progress: Progress, settings: StackSettings, run: RunDirectory, file: Path | None, in_background: bool
) -> None:
    how_to_stop = "`linli down`" if in_background else say("Ctrl-C or `linli down`")
    # Only this process needs Kafka's client and the mail sink; the other commands start half a second sooner.
    from linli_cli.stack.embedded.mail import MailSink  # noqa: PLC0415
    from linli_cli.stack.embedded.supervisor import Supervisor  # noqa: PLC0415

    try:
        private(settings.home)
        with run.locked() as me:
            _end_leftovers(run, progress)
            topics = check_start(settings, file)
            ensure_secrets(settings.secrets_dir)
            ensure_authority(settings.secrets_dir)
            ensure_broker(settings.secrets_dir, hosts_of(settings.partner_host))
            stack = build_stack(settings)
            _fetch(stack.kafka, progress)
            mail = MailSink(settings.mail_dir, settings.smtp_port, settings.retain_deliveries)
            supervisor = Supervisor(stack, mail, run, me, progress)
            supervisor.run(topics, when_ready=lambda: _tell_ready(progress, settings, how_to_stop, in_background))
            progress.note(say("Linli is stopped."))
    except AlreadyRunning:
        _tell_already_running(progress, settings, run)
    finally:
        progress.done()


def _fetch(kafka: Kafka, progress: Progress) -> None:
    # Nothing runs yet, so a signal may simply end this; as an exception, so that a jar cut off is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    message = say(
        "Fetching Kafka {version} from Maven Central, about {megabytes} MB the first time…",
        version=KAFKA_VERSION,
        megabytes=ABOUT_MB,
    )
    if not kafka.jars_are_here():
        progress.step(message)
    kafka.fetch(lambda megabytes, jar: progress.step(message, f"{megabytes:.0f} MB ({jar})"))


def _wait_until_stopped(run: RunDirectory, supervisor: Identity) -> bool:
    """Whether a supervisor that was stopping has stopped; one that is not stopping stays."""
    state = run.read()
    if state is None or state.phase is not Phase.STOPPING:
        return supervisor.process() is None
    return _ended(supervisor, STOP_WITHIN)


def _stop_supervisor(supervisor: Identity, progress: Progress) -> None:
    process = supervisor.process()
    if process is None:
        return
    process.terminate()
    if not _ended(supervisor, STOP_WITHIN):
        message = say("The supervisor (pid {pid}) did not stop in time and is killed", pid=supervisor.pid)
        progress.note(message, "yellow")
        process.kill()
        _ended(supervisor, 10)


def _ended(identity: Identity, within: float) -> bool:
    deadline = time.monotonic() + within
    while identity.process() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _end_leftovers(run: RunDirectory, progress: Progress) -> bool:
    """Ends what a supervisor left behind that was itself killed."""
    leftovers = run.leftovers()
    for name, process in leftovers:
        values = {"name": name, "pid": process.pid}
        progress.note(say("Ending {name} (pid {pid}), left behind by a supervisor that was killed", **values), "yellow")
        end_leftover(process, within=20)
    run.forget()
    return bool(leftovers)


def _tell_already_running(progress: Progress, settings: StackSettings, run: RunDirectory) -> None:
    supervisor, state = run.supervisor(), run.read()
    phase = state.phase if state else Phase.STARTING
    values = {"pid": supervisor.pid if supervisor else "?", "phase": term(phase)}
    progress.note(say("Linli is already running (supervisor pid {pid}, {phase}).", **values))
    _tell_addresses(progress, as_it_runs(settings))
    if phase is Phase.READY:
        _tell_pages(progress)


def _tell_ready(progress: Progress, settings: StackSettings, how_to_stop: str, in_background: bool) -> None:
    progress.note(say("Linli is ready. {how_to_stop} stops it.", how_to_stop=how_to_stop), "bold green")
    _tell_addresses(progress, settings)
    if not in_background:  # its words go into a log, which is no place for a link
        _tell_pages(progress)


def _tell_addresses(progress: Progress, settings: StackSettings) -> None:
    stack = build_stack(settings)
    programs: list[Program] = [*stack.services, *stack.faces, stack.kafka, stack.mongo]
    for program in programs:
        progress.note(f"  {program.name:<10} {program.address}")
    kept = say("{at}, kept in {directory}", at=f"{LOOPBACK}:{settings.smtp_port}", directory=settings.mail_dir)
    for what, where in ((say("mail"), kept), (say("keys"), settings.secrets_dir), (say("logs"), settings.logs_dir)):
        progress.note(f"  {wide(what, 10)} {where}")


def _tell_pages(progress: Progress) -> None:
    """Where to look with a browser, and a link that signs the operator in."""
    try:
        target = find_target()
        link = sign_in_link(target, key_to_show(target))
    except CliError as error:
        progress.note(say("no link to sign in: {why}", why=error), "yellow")
        return
    for what, where in (addresses(link.pages) | {say("sign in as operator"): link.url}).items():
        progress.note(f"  {wide(what, 22)} {where}")
    progress.note(say("A link opens once, within ten minutes. A new one: linli portal sign-in"))
