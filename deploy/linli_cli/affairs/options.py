"""Options and arguments that the commands for common affairs have alike."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Neighbourhood = Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name.")]
CommunityName = Annotated[
    str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
]
OnBehalf = Annotated[str | None, typer.Option("--for", metavar="PARTY", help="The party that did it, by its id.")]
Out = Annotated[Path, typer.Option(metavar="FILE", help="Where it goes; no file is replaced.")]
