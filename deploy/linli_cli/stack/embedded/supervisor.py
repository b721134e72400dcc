"""Starts the stack in order, keeps its processes running, and stops them in the opposite order."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType

from linli.messaging.connection import Cluster
from linli.messaging.kafka import KafkaUnavailable, TopicSpec, apply_topics
from linli_cli.stack.embedded.mail import MailSink
from linli_cli.stack.embedded.server import Server, ended_early, last_lines, spawn
from linli_cli.stack.embedded.service import Service
from linli_cli.stack.embedded.stack import Stack
from linli_cli.stack.embedded.state import Identity, Phase, RunDirectory, StackState
from linli_cli.stack.embedded.supervised import Supervised
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

TICK = 0.1
START_WITHIN = 120.0
"""Seconds for each step of the first start, before it is called failed."""
TRIES = 3
"""How often a program may end before it was ever ready; then the start is called failed."""


class _Stopped(Exception):
    """Ctrl-C, `linli down`, or the terminal was closed."""


class Supervisor:
    """`run` returns when it was asked to stop and everything has stopped. One run for each object."""

    def __init__(self, stack: Stack, mail: MailSink, run: RunDirectory, me: Identity, progress: Progress) -> None:
        self._stack = stack
        self._mail = mail
        self._run = run
        self._me = me
        self._progress = progress
        self._started_at = datetime.now(UTC)
        self._phase = Phase.STARTING
        self._supervised: list[Supervised] = []
        self._migrations: list[subprocess.Popen[bytes]] = []
        self._stop_asked = False

    def run(self, topics: Sequence[TopicSpec], when_ready: Callable[[], None]) -> None:
        """Raises CliError when the stack cannot be started; by then nothing of it is left running."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(name) is not signal.SIG_IGN:  # nohup's wish
                signal.signal(name, self._ask_to_stop)
        try:
            self._start(topics)
            self._progress.done()
            when_ready()
            self._enter(Phase.READY)
            self._until(lambda: False)
        except _Stopped:
            pass
        finally:
            self._stop()

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop_asked = True  # looked at by every loop below: an exception here could lose a process just started

    def _start(self, topics: Sequence[TopicSpec]) -> None:
        kafka, mongo = self._stack.kafka, self._stack.mongo
        self._save()
        self._mail.start()
        self._progress.step(say("Starting mongod and Kafka…"))
        mongo.prepare()
        mongod = self._supervise(Server(mongo))
        kafka.format()
        broker = self._supervise(Server(kafka))
        self._until(mongo.is_listening, "mongod")
        mongo.initialise()
        self._until_ready(mongod, broker)

        self._progress.step(say("Applying topics…"))
        self._apply(topics)
        self._progress.step(say("Running migrations…"))
        self._migrate()
        self._progress.step(say("Starting the services and the portal…"))
        ours = (*self._stack.services, *self._stack.faces)
        self._until_ready(*[self._supervise(Server(program)) for program in ours])
        self._supervise(Server(self._stack.access))  # nobody waits for it: it follows

    def _supervise(self, server: Server) -> Supervised:
        self._check_stop()
        supervised = Supervised(server, self._progress)
        self._supervised.append(supervised)
        supervised.start(time.monotonic())
        self._save()
        return supervised

    def _until_ready(self, *awaited: Supervised) -> None:
        names = say(", ").join(supervised.name for supervised in awaited)
        self._until(lambda: all(supervised.state == "ready" for supervised in awaited), names)

    def _until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Keeps everything running until the condition holds; `what` is named when a first start takes too long."""
        deadline = time.monotonic() + START_WITHIN
        while not condition():
            self._check_stop()
            now = time.monotonic()
            changed = [supervised.tick(now) for supervised in self._supervised]
            if any(changed):
                self._save()
            if self._phase is Phase.STARTING:
                self._give_up_on_a_program_that_keeps_ending()
                if now > deadline:
                    raise CliError(
                        say("{what}: not ready after {seconds:.0f} s.", what=what, seconds=START_WITHIN),
                        say("See the logs in .linli/logs."),
                    )
            time.sleep(TICK)

    def _give_up_on_a_program_that_keeps_ending(self) -> None:
        for supervised in self._supervised:
            if supervised.deaths_before_ready >= TRIES:
                raise ended_early(supervised.server.program, supervised.server.exit_code)

    def _apply(self, topics: Sequence[TopicSpec]) -> None:
        try:
            asyncio.run(asyncio.wait_for(apply_topics(Cluster(self._stack.kafka.address), topics), timeout=60))
        except KafkaUnavailable as error:
            raise CliError(
                say("The topics could not be applied: {error}", error=repr(error)),
                say("Kafka's log: {log}", log=self._stack.kafka.log),
            ) from error

    def _migrate(self) -> None:
        running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        for service in self._stack.services:
            process = spawn(service.migrations(), service.environment(), service.log)
            self._migrations.append(process)
            running.append((service, process))
        self._until(lambda: all(process.poll() is not None for _, process in running), say("migrations"))
        for service, process in running:
            if process.returncode:
                raise CliError(
                    say("The migrations of {name} failed:", name=service.name) + f"\n{last_lines(service.log)}",
                    say("The whole log: {log}", log=service.log),
                )

    def _stop(self) -> None:
        """Services first, so that they finish what they hold; then Kafka, then mongod, then the mail sink."""
        self._enter(Phase.STOPPING)
        for process in self._migrations:
            with suppress(ProcessLookupError):
                process.kill()
        ours = {self._stack.access.name, *(program.name for program in (*self._stack.services, *self._stack.faces))}
        self._stop_together([one for one in self._supervised if one.name in ours])
        self._stop_together([one for one in self._supervised if one.name == self._stack.kafka.name])
        self._stop_together([one for one in self._supervised if one.name == self._stack.mongo.name])
        self._mail.stop()
        self._run.forget()
        self._progress.done()

    def _stop_together(self, stopping: Sequence[Supervised]) -> None:
        alive = [supervised for supervised in stopping if supervised.server.alive()]
        if alive:
            names = say(", ").join(supervised.name for supervised in alive)
            self._progress.step(say("Stopping {names}…", names=names))
        for supervised in alive:
            supervised.server.ask_to_stop()
        asked_at = time.monotonic()
        for supervised in alive:
            left = supervised.server.program.stop_within - (time.monotonic() - asked_at)
            if not supervised.server.wait_ended(max(left, 0.1)):
                message = say("{name} did not stop in time and was killed", name=supervised.name)
                self._progress.note(message, "yellow")
        for supervised in stopping:
            supervised.stopped()
        self._save()

    def _check_stop(self) -> None:
        if self._stop_asked:
            raise _Stopped

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._save()

    def _save(self) -> None:
        programs = [supervised.seen() for supervised in self._supervised]
        state = StackState(
            phase=self._phase,
            supervisor=self._me,
            started_at=self._started_at,
            listening=self._stack.listening,
            programs=programs,
        )
        with suppress(OSError):  # a full disk must not end what still runs
            self._run.write(state)
