"""Tasks that go on whatever happens, until they are ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from loguru import logger

from app.core.errors import AppError


def steadily(do: Callable[[], Awaitable[object]], *, every: float) -> asyncio.Task[None]:
    """Do it now and again, until the task is cancelled."""

    async def repeated() -> None:
        while True:
            await tried(do)
            await asyncio.sleep(every)

    return asyncio.create_task(repeated())


async def tried[T](do: Callable[[], Awaitable[T]]) -> T | None:
    """Do it; a database that is away is told of, and ends nothing."""
    try:
        return await do()
    except AppError as error:
        logger.bind(error=error.slug).warning("background work is held up")
    except Exception as error:  # noqa: BLE001  # one defect must not stop all other work
        logger.opt(exception=error).error("background work has failed")
    return None


async def rung(bell: asyncio.Event, *, within: float) -> bool:
    """Wait until `bell` rings, but so many seconds at the most; return whether it did."""
    try:
        async with asyncio.timeout(within):
            return await bell.wait()
    except TimeoutError:
        return False


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel `tasks`, and wait until all of them have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
