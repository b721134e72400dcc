"""`linli init`: makes a deployment's secrets where an operator wants to hold them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from linli_cli.connection.settings import load_settings
from linli_cli.stack.certificates import ensure_authority
from linli_cli.stack.embedded.secret_files import ensure_secrets
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say


def init(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where they go. Default: LINLI_HOME/secrets.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Make the secrets that are missing: operator.key, service.key, portal.key, mongo.key, mongo-keyfile, and for
    partners on Kafka partners.key and partner-ca.

    What is there stays as it is, so it may be repeated. Only you can read what it makes. The stack makes its own at its
    first start; this is for who wants to hold them before, or elsewhere.
    """
    with errors_shown():
        where = (directory or load_settings().secrets_dir).expanduser().absolute()
        try:
            made = [*ensure_secrets(where), *ensure_authority(where)]
        except OSError as error:
            raise CliError(f"{where}: {of_file(error)}.", say("Name another directory, or mend its rights.")) from error
    if as_json:
        print(json.dumps({"directory": str(where), "made": made}, ensure_ascii=False))
    elif made:
        print(say("Made in {where}: {made}.", where=where, made=say(", ").join(made)))
    else:
        print(say("Nothing to do: all secrets are in {where}.", where=where))
