"""The acts in their order, and what each is called for who watches."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linli_cli.demo.renewal.stage import Stage

Tell = Callable[[str], None]


async def play(stage: Stage, said: Sequence[Mapping[str, Any]], tell: Tell) -> None:
    """The whole story; `said` is what 37 households ask for."""
