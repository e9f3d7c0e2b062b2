"""Connections to other services: attempts, a budget of retries, a breaker, and no crowd.

No transaction is open while a call is made: whoever asks holds none.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from time import perf_counter
from typing import Final

from app.core.outside import HeldError, HopelessError, OutsideError
from app.integrations.breaker import Breaker, State
from app.integrations.budget import Budget
from app.integrations.channel import Channel, TriedError
from app.integrations.metrics import BREAKER_STATE, CALL_SECONDS, CALLS, RETRIES
from app.integrations.policies import Call, Policy

_UNCONFIGURED_WAIT: Final = timedelta(minutes=1)
_NO_HEADERS: Final[Mapping[str, str]] = {}


class Connection:
    """How one other service is asked by this process.

    Args:
        name: What people know it by.
        policy: How it is asked.
        url: Its base URL; None where an installation has none, and calls wait.
        headers: What proves who asks; never shown.
        chance: Gives a number from 0 to 1 for each wait.
    """

    def __init__(
        self,
        name: str,
        policy: Policy,
        *,
        url: str | None,
        headers: Mapping[str, str] = _NO_HEADERS,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._held = HeldError if policy.waits else OutsideError
        self._retry = policy.retry
        self._chance = chance
        self._breaker = Breaker(policy.breaker, pause=policy.timeout)
        self._budget = Budget(policy.retry.budget)
        self._slots = asyncio.Semaphore(policy.concurrency)
        self._channel = url and Channel(
            name, url, headers, timeout=policy.timeout, connections=policy.concurrency
        )
        BREAKER_STATE.labels(name).set_function(lambda: self.state)

    @property
    def state(self) -> State:
        """Whether calls pass now."""
        return self._breaker.state

    async def close(self) -> None:
        """Close what is open."""
        if self._channel:
            await self._channel.close()

    async def call[A](
        self, call: Call, body: Mapping[str, object], *, answer: type[A], key: str
    ) -> A:
        """Ask for `call`, and return what is answered.

        Args:
            call: What is asked for.
            body: Its values.
            answer: The form of the answer.
            key: What the same work is known by, however often it is asked for.

        Raises:
            HeldError: If the service is not to be asked now.
            HopelessError: If it refused, or nobody knows whether it did what must not be repeated.
            OutsideError: If it did not do it; asked again, it may.
        """
        self._budget.call()
        async with self._slots:
            for attempt in count(1):
                try:
                    return await self._attempt(call, body, answer, key)
                except TriedError as error:
                    if not self._may_repeat(call, attempt, error):
                        raise self._given_up(call, error) from None
                    RETRIES.labels(self.name, call.name).inc()
                    await asyncio.sleep(self._wait(attempt, error).total_seconds())
        raise AssertionError

    async def _attempt[A](
        self, call: Call, body: Mapping[str, object], answer: type[A], key: str
    ) -> A:
        if not self._channel:
            msg = f"{self.name} is not configured."
            raise self._held(msg, after=_UNCONFIGURED_WAIT)
        started, outcome = perf_counter(), "failed"
        try:
            with self._breaker.passing():
                answered = await self._channel.attempt(call, body, answer=answer, key=key)
            outcome = "done"
        except HeldError as error:
            outcome = "held"
            msg = f"{self.name} is left alone for a while."
            raise self._held(msg, after=error.after) from None
        except HopelessError:
            outcome = "refused"
            raise
        finally:
            CALLS.labels(self.name, call.name, outcome).inc()
            CALL_SECONDS.labels(self.name, call.name).observe(perf_counter() - started)
        return answered

    def _may_repeat(self, call: Call, attempt: int, error: TriedError) -> bool:
        """Return whether another attempt follows, and take it from the budget."""
        is_harmless = call.is_repeatable or not error.sent
        is_near = error.after <= self._retry.cap
        is_one_left = attempt < self._retry.attempts
        return is_harmless and is_near and is_one_left and self._budget.spend()

    def _wait(self, attempt: int, error: TriedError) -> timedelta:
        # Full jitter: what failed together does not come back together.
        return max(self._retry.longest_wait(attempt) * self._chance(), error.after)

    def _given_up(self, call: Call, error: TriedError) -> OutsideError:
        told = f"{self.name}.{call.name}: {error.told}"
        if error.sent and not call.is_repeatable:
            return HopelessError(f"{told}, and nobody knows whether it was done")
        return OutsideError(told, after=error.after)
