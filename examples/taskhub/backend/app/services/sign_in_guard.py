"""Keeps passwords from being guessed: an account locks after failures in a row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loguru import logger

from app.core.errors import TooManyAttemptsError
from app.db.transactions import Transaction
from app.models.sign_in_attempt import SignInAttempt, SignInOutcome
from app.repositories.sign_in_attempts import SignInAttemptRepository

_CHECKING: Final = timedelta(seconds=30)
"""How long a password may take to be checked before the attempt counts as failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutRules:
    """So many failures in a row within `window` lock an account for `duration`."""

    failures: int
    window: timedelta
    duration: timedelta


class SignInGuard:
    """Counts attempts, for addresses with and without an account alike.

    An attempt is counted before its password is checked, so that no number of attempts
    at the same time gets more guesses than one after the other.
    """

    def __init__(self, transaction: Transaction, rules: LockoutRules) -> None:
        self._now = transaction.now
        self._rules = rules
        self._attempts = SignInAttemptRepository(transaction)

    async def admit(self, account: str) -> UUID:
        """Count one more attempt at `account` and return its id.

        Raises:
            TooManyAttemptsError: If the account is locked.
        """
        await self._attempts.lock(account)
        latest = await self._attempts.latest(account, self._rules.failures)
        wait = self._wait(latest)
        if wait > timedelta():
            logger.bind(event="sign_in", outcome="locked", account=account).warning(
                "sign-in refused"
            )
            raise TooManyAttemptsError(math.ceil(wait.total_seconds()))
        return await self._attempts.insert(account)

    async def settle(self, attempt_id: UUID, *, succeeded: bool) -> None:
        """Record how the attempt ended."""
        outcome = SignInOutcome.SUCCEEDED if succeeded else SignInOutcome.FAILED
        await self._attempts.settle(attempt_id, outcome)

    def _wait(self, latest: Sequence[SignInAttempt]) -> timedelta:
        """Return how long the account stays locked, given the last attempts at it."""
        if len(latest) < self._rules.failures or any(_succeeded(each) for each in latest):
            return timedelta()
        newest, oldest = latest[0].attempted_at, latest[-1].attempted_at
        if newest - oldest >= self._rules.window:
            return timedelta()
        if any(_is_being_checked(each, self._now) for each in latest):
            return timedelta(seconds=1)
        return newest + self._rules.duration - self._now


def _succeeded(attempt: SignInAttempt) -> bool:
    return attempt.outcome is SignInOutcome.SUCCEEDED


def _is_being_checked(attempt: SignInAttempt, now: datetime) -> bool:
    pending = attempt.outcome is SignInOutcome.PENDING
    return pending and now - attempt.attempted_at < _CHECKING
