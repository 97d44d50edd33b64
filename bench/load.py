"""A closed loop of HTTP calls over plain sockets, so that the generator costs little beside what it measures."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["Connection", "closed_loop"]


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post JSON and give the answer's data; anything but a success ends the run."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        raw = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\ncontent-type: application/json\r\n"
        self.writer.write(head.encode() + b"content-length: %d\r\n\r\n" % len(raw) + raw)
        status = await self.reader.readline()
        length = 0
        while (line := await self.reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = json.loads(await self.reader.readexactly(length))
        if status.split()[1] not in (b"200", b"201"):
            raise SystemExit(f"{path}: {answer}")
        data: dict[str, Any] = answer.get("data", {})
        return data


async def closed_loop(
    port: int, clients: int, seconds: float, once: Callable[[Connection, str], Awaitable[None]]
) -> tuple[float, float, float]:
    """Run `once` over and over in each client.

    Returns:
        How many a second, and the latency at the 50th and the 99th percentile in milliseconds.

    """
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        connection, count = Connection(port), 0
        while time.perf_counter() < end:
            began = time.perf_counter()
            await once(connection, f"{number}-{count}-{began}")
            latencies.append(time.perf_counter() - began)
            count += 1

    began = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    took = time.perf_counter() - began
    latencies.sort()
    return (
        len(latencies) / took,
        latencies[len(latencies) // 2] * 1000,
        latencies[min(int(len(latencies) * 0.99), len(latencies) - 1)] * 1000,
    )
