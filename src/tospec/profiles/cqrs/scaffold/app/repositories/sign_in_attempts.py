"""Data access for attempts to sign in."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select, update

from app.core.ids import new_id
from app.db.transactions import Transaction
from app.models.base import hydrate
from app.models.sign_in_attempt import SignInAttempt, SignInOutcome, sign_in_attempts


class SignInAttemptRepository:
    """Attempts to sign in, which belong to no tenant."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self, account: str) -> None:
        """Let no other attempt at `account` be counted until the transaction ends."""
        if self._transaction.dialect == "postgresql":
            # There is no row to lock before the first attempt. SQLite has one writer.
            key = func.hashtextextended(account, 0)
            await self._transaction.scalar(select(func.pg_advisory_xact_lock(key)))

    async def latest(self, account: str, limit: int) -> Sequence[SignInAttempt]:
        """Return the last attempts at `account`, newest first."""
        found = (
            select(sign_in_attempts)
            .where(sign_in_attempts.c.account == account)
            .order_by(sign_in_attempts.c.attempted_at.desc(), sign_in_attempts.c.id.desc())
            .limit(limit)
        )
        return [hydrate(SignInAttempt, row) for row in await self._transaction.all(found)]

    async def insert(self, account: str) -> UUID:
        """Store an attempt whose outcome is not known yet, and return its id."""
        attempt_id = new_id()
        attempt = insert(sign_in_attempts).values(
            id=attempt_id,
            account=account,
            outcome=SignInOutcome.PENDING,
            attempted_at=self._transaction.now,
        )
        await self._transaction.execute(attempt)
        return attempt_id

    async def settle(self, attempt_id: UUID, outcome: SignInOutcome) -> None:
        """Record how the attempt ended."""
        attempt = update(sign_in_attempts).where(sign_in_attempts.c.id == attempt_id)
        await self._transaction.execute(attempt.values(outcome=outcome))
