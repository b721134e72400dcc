"""Kafka and MongoDB for a command that needs them while the services may be stopped."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target
from linli_cli.stack.home import private
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress


@contextmanager
def servers_up(target: Target) -> Iterator[None]:
    """Starts the embedded two for the block when that stack is stopped. Other deployments' must be there."""
    if target.kind is not TargetKind.EMBEDDED:
        yield
        return
    from linli_cli.stack.embedded.alone import kafka_server, mongo_server  # noqa: PLC0415 - needs the embedded stack's packages
    from linli_cli.stack.embedded.state import RunDirectory  # noqa: PLC0415

    settings = load_settings()
    run = RunDirectory(settings.run_dir)
    if run.supervisor():
        yield
        return
    progress = Progress(Console(stderr=True))
    progress.step(say("Starting Kafka and mongod for this, without the services…"))
    private(settings.home)
    with (
        run.locked(),
        mongo_server(settings.home, settings.mongo_port),
        kafka_server(settings.home, settings.kafka_port, settings.kafka_controller_port),
    ):
        progress.done()
        yield
