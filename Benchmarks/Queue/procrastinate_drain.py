"""Empties a queue of procrastinate 3.10 at its best settings; called by `scripts/bench queue`. Prints the seconds."""

import asyncio
import logging
import sys
import time

import procrastinate


async def main(url, jobs, concurrency):
    logging.disable(logging.CRITICAL)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=2, max_size=12))

    @app.task(name="noop", queue="bench")
    async def noop():
        return None

    async with app.open_async():
        connector = app.connector
        await connector.execute_query_async("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await app.schema_manager.apply_schema_async()
        await noop.batch_defer_async(*([{}] * jobs))
        start = time.monotonic()
        await app.run_worker_async(
            queues=["bench"], concurrency=concurrency, wait=False, install_signal_handlers=False, listen_notify=False
        )
        print(time.monotonic() - start)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
