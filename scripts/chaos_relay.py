"""TCP relays whose connections can be cut: before PostgreSQL, before the vendors, before the servers."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

PIECE_BYTES = 65_536
DIAL_SECONDS_MAXIMUM = 2
# Linger on, zero seconds: the peer gets a reset, as from a machine that went away.
RESET = struct.pack("ii", 1, 0)


class Relay:
    """Listens on a port of its own and forwards each connection to the first port of `targets()` that takes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, targets: Callable[[], list[int]]) -> None:
        self._targets = targets
        self._loop = loop
        self._writers: set[asyncio.StreamWriter] = set()
        self._refuses_until = 0.0
        self._server: asyncio.Server | None = None
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), loop).result()

    def cut(self, refuse_seconds: float = 0) -> int:
        """Resets every connection; new ones are reset too for so long. Returns how many were cut."""
        return asyncio.run_coroutine_threadsafe(self._cut(refuse_seconds), self._loop).result()

    def heal(self) -> None:
        self._loop.call_soon_threadsafe(setattr, self, "_refuses_until", 0.0)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def _cut(self, refuse_seconds: float) -> int:
        self._refuses_until = self._loop.time() + refuse_seconds
        count = len(self._writers) // 2
        for writer in list(self._writers):
            reset(writer)
        return count

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = None if self._loop.time() < self._refuses_until else await self._dial()
        if upstream is None:
            reset(writer)
            return
        pair = {writer, upstream[1]}
        self._writers |= pair
        try:
            await asyncio.gather(pump(reader, upstream[1]), pump(upstream[0], writer))
        except OSError:
            for each in pair:
                reset(each)
        finally:
            self._writers -= pair
            for each in pair:
                each.close()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for port in self._targets():
            with suppress(OSError, asyncio.TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), DIAL_SECONDS_MAXIMUM)
        return None


class Relays:
    """The thread in which all relays run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)
        self._thread = threading.Thread(target=self._loop.run_forever, name="relays", daemon=True)
        self._thread.start()

    def to(self, targets: Callable[[], list[int]]) -> Relay:
        return Relay(self._loop, targets)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, to its end, which is passed on."""
    while piece := await reader.read(PIECE_BYTES):
        writer.write(piece)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()


def reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
