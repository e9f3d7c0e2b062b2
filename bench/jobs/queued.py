"""Procrastinate by itself, with its defaults: a queue in PostgreSQL that `run.py` compares with.

queued.py KIND N DATABASE    queue N jobs, run them eight at once, print what that took
"""

import asyncio
import json
import sys
import time

import asyncpg
import procrastinate

KIND, NUMBER, DATABASE = sys.argv[1], int(sys.argv[2]), sys.argv[3]
AT_ONCE = 8
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DATABASE))
ENDED: list[float] = []
ALL = asyncio.Event()
POOL: list[asyncpg.Pool] = []


def note() -> None:
    """Note that one is done."""
    ENDED.append(time.time())
    if len(ENDED) >= NUMBER:
        ALL.set()


@app.task
async def no_op(_number: int) -> None:
    """Do nothing."""
    note()


@app.task
async def one_update(_number: int) -> None:
    """Change one row."""
    await POOL[0].execute("UPDATE plain SET version = version + 1 WHERE id = $1", _number)
    note()


async def main() -> None:
    """Queue the jobs, then run them."""
    task = {"no_op": no_op, "one_update": one_update}[KIND]
    POOL.append(await asyncpg.create_pool(DATABASE, min_size=AT_ONCE, max_size=AT_ONCE))
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        await task.batch_defer_async(*({"_number": number} for number in range(NUMBER)))
        used = time.process_time()
        running = asyncio.create_task(
            app.run_worker_async(concurrency=AT_ONCE, install_signal_handlers=False)
        )
        await asyncio.wait_for(ALL.wait(), 120)
        used = time.process_time() - used
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    told = {"per_second": NUMBER / (ENDED[-1] - ENDED[0]), "cpu_ms": used / NUMBER * 1000}
    print(json.dumps(told), flush=True)


asyncio.run(main())
