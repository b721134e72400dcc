"""Where updates were read from, when they did not come by HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from linli.contracts.workflow.partner import UpdateReceived
from linli.storage import mongo


@dataclass(frozen=True, slots=True)
class Source:
    """Some records of one topic, in order."""

    offsets: Sequence[int]
    fence: Callable[[mongo.Session], Awaitable[None]]
    """Moves the position in the topic past them, in the transaction in which they take effect."""
    session: mongo.Session
    """The topic's own: its transactions come one after another."""

    def numbered(self, receipts: Sequence[UpdateReceived]) -> list[UpdateReceived]:
        """Receipts of these, in order, each with its record's place."""
        pairs = zip(receipts, self.offsets, strict=True)
        return [each.model_copy(update={"offset": offset}) for each, offset in pairs]
