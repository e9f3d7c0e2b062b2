"""Dramatiq by itself, with its defaults: what `run.py` compares with.

plain.py KIND N REDIS DATABASE    send N messages, run them, print what that took
"""

import json
import sys
import threading
import time
from typing import Any

import asyncpg
import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO

KIND, NUMBER, REDIS, DATABASE = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
broker = RedisBroker(url=REDIS, namespace="plain")
broker.add_middleware(AsyncIO())
dramatiq.set_broker(broker)
ENDED: list[float] = []
ALL = threading.Event()
pool: Any = None


async def updated(number: int) -> None:
    """Change one row."""
    global pool  # noqa: PLW0603  # there is no other place for it in Dramatiq
    if pool is None:
        pool = await asyncpg.create_pool(DATABASE, min_size=8, max_size=8)
    await pool.execute("UPDATE plain SET version = version + 1 WHERE id = $1", number)


def note() -> None:
    """Note that one is done."""
    ENDED.append(time.time())
    if len(ENDED) >= NUMBER:
        ALL.set()


@dramatiq.actor
def no_op(_: int) -> None:
    """Do nothing."""
    note()


@dramatiq.actor
async def one_update(number: int) -> None:
    """Change one row."""
    await updated(number)
    note()


actor: Any = {"no_op": no_op, "one_update": one_update}[KIND]
for each in range(NUMBER):
    actor.send(each)
used = time.process_time()
worker = dramatiq.Worker(broker, worker_threads=8)
worker.start()
ALL.wait(120)
used = time.process_time() - used
told = {"per_second": NUMBER / (ENDED[-1] - ENDED[0]), "cpu_ms": used / NUMBER * 1000}
print(json.dumps(told), flush=True)
worker.stop()
