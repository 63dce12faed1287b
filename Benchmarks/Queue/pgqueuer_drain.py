"""Empties a queue of pgqueuer 1.6 at its best settings (its drain mode, batches, uvloop, asyncpg); called by
`scripts/bench queue`. Prints the seconds it took."""

import asyncio
import sys
import time

import asyncpg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode


async def main(url, jobs, batch):
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    try:
        await queries.uninstall()
    except asyncpg.PostgresError:
        pass
    await queries.install()
    for _ in range(jobs // 1000):
        await queries.enqueue(["noop"] * 1000, [b"{}"] * 1000, [0] * 1000)
    await connection.execute("VACUUM ANALYZE")
    queue = PgQueuer.from_asyncpg_connection(connection) if hasattr(PgQueuer, "from_asyncpg_connection") else PgQueuer(
        AsyncpgDriver(connection)
    )

    @queue.entrypoint("noop")
    async def noop(job):
        return None

    start = time.monotonic()
    await queue.run(mode=QueueExecutionMode.drain, batch_size=batch)
    print(time.monotonic() - start)
    await connection.close()


uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
