"""A TCP proxy that can be told to cut, to slow and to reset what goes through it. Runs in a thread of its own."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from enum import Enum
from typing import TypeAlias


class Mood(Enum):
    """How the proxy treats its connections."""

    CLEAR = "clear"
    CUT = "cut"
    """Nothing goes through and nothing is said: a cable pulled out."""
    SLOW = "slow"
    """Each piece comes late and in little parts."""


Look: TypeAlias = Callable[[bytes], None]
"""Is shown each piece that goes one way over a connection."""
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends RST instead of FIN."""


class Proxy:
    """Listens on `port`, connects to `target`, both on loopback."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self._target = port, target
        self._mood = Mood.CLEAR
        self._clear = asyncio.Event()
        self._clear.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def be(self, mood: Mood) -> None:
        self._loop.call_soon_threadsafe(self._change, mood)

    def reset(self) -> None:
        """End all connections at once, as a firewall does that has forgotten them."""
        self._loop.call_soon_threadsafe(self._reset)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=500))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _change(self, mood: Mood) -> None:
        self._mood = mood
        if mood is Mood.CUT:
            self._clear.clear()
        else:
            self._clear.set()

    def _reset(self) -> None:
        for writer in self._writers:
            with contextlib.suppress(OSError, AttributeError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._clear.wait()
        try:
            beyond_reader, beyond = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, beyond}
        try:
            asked, answered = self._watched()
            await asyncio.gather(self._pass_on(reader, beyond, asked), self._pass_on(beyond_reader, writer, answered))
        finally:
            for each in (writer, beyond):
                each.close()
            self._writers -= {writer, beyond}

    def _watched(self) -> tuple[Look, Look]:
        """Who looks at a new connection: at what is asked, and at what is answered."""
        return _look_away, _look_away

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, look: Look) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65_536):
                await self._clear.wait()
                if self._mood is Mood.SLOW:
                    await asyncio.sleep(0.05)
                look(piece)
                writer.write(piece)
                await writer.drain()
        writer.close()


def _look_away(_piece: bytes) -> None:
    pass
