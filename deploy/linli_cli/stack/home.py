"""Directories of LINLI_HOME: nobody but their owner looks into them."""

from pathlib import Path

from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

OTHERS = 0o077


def private(directory: Path) -> Path:
    """The directory, made where it is missing, and closed to others where an earlier start left it open.

    Raises CliError naming what is in the way.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = directory.stat().st_mode
        if mode & OTHERS:
            directory.chmod(mode & 0o700)
    except OSError as error:
        raise CliError(
            say("{directory} cannot be used: {strerror}.", directory=directory, strerror=of_file(error)),
            say("Set LINLI_HOME to a directory that you may write, such as ~/.linli."),
        ) from error
    return directory
