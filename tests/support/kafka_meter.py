"""A proxy before a broker that counts what each client asks and how much it is answered."""

import struct
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.proxy import Look, Proxy

METADATA = 3
"""Kafka protocol guide, API keys."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer."""

    api: int
    asked: int
    """Bytes."""
    answered: int


class KafkaMeter(Proxy):
    """`of` tells what went through, by the name that a client gives itself (`client_id`)."""

    def __init__(self, port: int, target: int) -> None:
        super().__init__(port, target)
        self._seen: dict[str, list[Exchange]] = defaultdict(list)

    def of(self, client: str) -> list[Exchange]:
        """All of its exchanges since it was forgotten, in order of the answers."""
        return list(self._seen[client])

    def forget(self) -> None:
        self._seen.clear()

    def _watched(self) -> tuple[Look, Look]:
        waiting: deque[tuple[str, int, int]] = deque()

        def asked(frame: bytes) -> None:
            api, _version, _correlation, length = struct.unpack_from(">hhih", frame)
            client = frame[10 : 10 + max(length, 0)].decode()
            waiting.append((client, api, len(frame)))

        def answered(frame: bytes) -> None:  # a broker answers on one connection in the order of the questions
            client, api, size = waiting.popleft()
            self._seen[client].append(Exchange(api, size, len(frame)))

        return _whole_frames(asked), _whole_frames(answered)


def _whole_frames(tell: Callable[[bytes], None]) -> Look:
    """Each has its length before it, in four bytes."""
    pending = bytearray()

    def look(piece: bytes) -> None:
        pending.extend(piece)
        while len(pending) >= 4 and len(pending) >= 4 + (length := int.from_bytes(pending[:4])):
            frame = bytes(pending[4 : 4 + length])
            del pending[: 4 + length]
            tell(frame)

    return look
