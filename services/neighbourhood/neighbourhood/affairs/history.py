"""What was said in an affair, word by word: from its own events, which a state does not repeat."""

from linli.contracts.catalogue import event_named
from linli.contracts.neighbourhood.affairs import Affair
from linli.storage import mongo


class History:
    """That of every affair of this service."""

    def __init__(self, database: mongo.Database) -> None:
        self._events = database.events

    async def of(self, affair: str) -> list[Affair]:
        """In order."""
        cursor = self._events.find({"subject": affair}, {"type": 1, "outgoing.value": 1}).sort("sequence", 1)
        return [_event(document) async for document in cursor]


def _event(document: mongo.Document) -> Affair:
    kind = event_named(document["type"])
    assert kind is not None and issubclass(kind, Affair), f"{document['type']} is of no affair"
    return kind.model_validate_json(document["outgoing"]["value"])
