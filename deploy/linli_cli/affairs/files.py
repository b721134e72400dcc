"""Files that commands for common affairs take or write: scans, texts, papers."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from linli_cli.community.located_yaml import UnreadableYaml, read_yaml
from linli_cli.terminal.errors import CliError, UsageFault
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say


def text_of(path: Path) -> str:
    """What a file says. Raises CliError."""
    try:
        return path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeError) as error:
        why = of_file(error) if isinstance(error, OSError) else "UTF-8"
        raise CliError(say("{file} cannot be read: {why}.", file=path, why=why)) from error


def content_of(path: Path) -> bytes:
    """Raises CliError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CliError(say("{file} cannot be read: {why}.", file=path, why=of_file(error))) from error


def hash_of(path: Path) -> str:
    """SHA-256 of a scan. Raises CliError."""
    return sha256(content_of(path)).hexdigest()


def document_of(path: Path) -> Any:
    """What a YAML or JSON file says. Raises CliError, with the line where something is wrong."""
    try:
        return read_yaml(path).value
    except OSError as error:
        raise CliError(say("{file} cannot be read: {why}.", file=path, why=of_file(error))) from error
    except UnreadableYaml as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise CliError(say("{file} cannot be read: {why}.", file=where, why=error)) from error


def free(out: Path) -> Path:
    """Before anything is asked: nothing is there that it would replace. Raises UsageFault."""
    if out.exists():
        raise UsageFault(say("{file} is there already.", file=out))
    return out


def keep(out: Path, content: bytes) -> None:
    """Write a file that only its owner reads: there may be codes or names in it. Raises CliError."""
    try:
        out.touch(mode=0o600, exist_ok=False)
        out.write_bytes(content)
    except OSError as error:
        raise CliError(say("{file} cannot be written: {why}.", file=out, why=of_file(error))) from error
