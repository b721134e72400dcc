"""What must hold before a stack is started: its topics can be read, its addresses are free."""

import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from linli_cli.connection.settings import LOOPBACK, PROGRAMS, StackSettings
from linli_cli.operations.topics import topics_here
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

if TYPE_CHECKING:
    from linli.messaging.kafka import TopicSpec


def check_start(settings: StackSettings, file: Path | None) -> "list[TopicSpec]":
    """The topics to be applied. Raises CliError; writes nothing. `file` is what `--topics` names."""
    topics = topics_here(file, option="--topics")
    family = _family(settings.host)
    of_services = {f"LINLI_{service.upper()}_PORT" for service in PROGRAMS}
    for variable, port in settings.ports().items():
        if variable in of_services:
            _refuse_if_busy(family, settings.host, variable, port)
        else:
            _refuse_if_busy(socket.AF_INET, LOOPBACK, variable, port)
    return topics


def _family(host: str) -> socket.AddressFamily:
    try:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except (OSError, UnicodeError) as error:
        raise CliError(
            say("LINLI_HOST is '{host}', which cannot be resolved to an address.", host=host),
            say("Set it to an address of this machine, to 0.0.0.0 for all of them, or unset it."),
        ) from error


def _refuse_if_busy(family: socket.AddressFamily, host: str, variable: str, port: int) -> None:
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed is free
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise CliError(
                    say("LINLI_HOST is '{host}', which is no address of this machine.", host=host),
                    say("Set it to one that is, to 0.0.0.0 for all of them, or unset it."),
                ) from error
            raise CliError(
                say(
                    "Port {port} cannot be used ({strerror}): {variable} is {port}.",
                    port=port,
                    strerror=of_file(error),
                    variable=variable,
                ),
                say(
                    "End the program that listens there, or choose another port: {variable}={other} linli up",
                    variable=variable,
                    other=port + 1000,
                ),
            ) from error
