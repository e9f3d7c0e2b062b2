"""What becomes of a delivery after an attempt, and of the webhook that it was for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Row

from app.core.errors import NotFoundError
from app.core.ids import TenantId
from app.core.webhook_rules import DISABLE_AFTER
from app.db.transactions import Transaction
from app.models.webhook import Webhook, WebhookDisabledBecause
from app.models.webhook_delivery import TEST_EVENT, WebhookDeliveryState
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from app.repositories.webhooks import WebhookRepository
from app.services.webhooks import WebhookService
from app.webhooks.metrics import DISABLED
from app.webhooks.sending import Message, Outcome
from app.worker.work import Itself

MOST_ATTEMPTS: Final = 20
"""How many attempts are told of, the newest ones: those made by hand know no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A delivery as it was taken.

    Attributes:
        token: What proves that it is still the worker's.
        attempt: The number of this attempt, from 1.
        attempts: What became of those before.
    """

    id: UUID
    webhook_id: UUID
    token: UUID
    attempt: int
    max_attempts: int
    attempts: list[dict[str, Any]]
    message: Message

    @classmethod
    def of(cls, row: Row[Any], token: UUID) -> Self:
        """Return the delivery that `row` held before it was taken."""
        return cls(
            id=row.id,
            webhook_id=row.webhook_id,
            token=token,
            attempt=row.attempt + 1,
            max_attempts=row.max_attempts,
            attempts=row.attempts,
            message=Message(
                event_id=row.event_id,
                type=row.type,
                tenant_id=TenantId(row.tenant_id),
                payload=row.payload,
                occurred_at=row.occurred_at,
            ),
        )

    @property
    def tenant_id(self) -> TenantId:
        """Return whose it is."""
        return self.message.tenant_id

    @property
    def is_last(self) -> bool:
        """Return whether no further attempt follows this one."""
        return self.attempt >= self.max_attempts

    @property
    def is_spent(self) -> bool:
        """Return whether its last attempt was made by somebody who told nothing of it."""
        return self.attempt > self.max_attempts


class Ledger:
    """Enters what became of one delivery, in one transaction of its tenant."""

    def __init__(self, transaction: Transaction, taken: Taken) -> None:
        self._now = transaction.now
        self._taken = taken
        self._tenant_id = taken.tenant_id
        self._webhooks = WebhookRepository(transaction)
        self._deliveries = WebhookDeliveryRepository(transaction)
        self._service = WebhookService(transaction, Itself(taken.tenant_id))

    async def enter(self, outcome: Outcome, wait: timedelta) -> WebhookDeliveryState | None:
        """Enter what became of an attempt; another one follows after `wait`, if one does.

        Returns:
            In which state the delivery is then; None if it was no longer the worker's.
        """
        try:
            # Before the delivery, as whoever changes the webhook does.
            webhook = await self._webhooks.get_for_update(
                self._taken.webhook_id, tenant_id=self._tenant_id
            )
        except NotFoundError:
            return None
        if not (outcome.is_delivered or outcome.is_gone or self._taken.is_last):
            waiting = {"wait": wait.total_seconds(), **self._told(outcome)}
            is_own = await self._deliveries.put_off(
                self._taken.id, waiting, tenant_id=self._tenant_id
            )
            return WebhookDeliveryState.WAITING if is_own else None
        state = (
            WebhookDeliveryState.DELIVERED if outcome.is_delivered else WebhookDeliveryState.FAILED
        )
        concluded = {"state": state, **self._told(outcome)}
        if not await self._deliveries.conclude(
            self._taken.id, concluded, tenant_id=self._tenant_id
        ):
            return None
        await self._count(webhook, outcome)
        return state

    async def cancel(self) -> None:
        """Enter that nothing is delivered to the webhook any more."""
        told = {"state": WebhookDeliveryState.CANCELLED, "status": None, "reason": None}
        attempts = self._taken.attempts
        await self._deliveries.conclude(
            self._taken.id,
            {"token": self._taken.token, "attempts": attempts, **told},
            tenant_id=self._tenant_id,
        )

    def _told(self, outcome: Outcome) -> dict[str, Any]:
        entry = {
            "at": self._now.isoformat(),
            "status": outcome.status,
            "reason": outcome.reason,
            "duration_ms": round(outcome.seconds * 1000),
        }
        return {
            "token": self._taken.token,
            "status": outcome.status,
            "reason": outcome.reason,
            "attempts": [*self._taken.attempts, entry][-MOST_ATTEMPTS:],
        }

    async def _count(self, webhook: Webhook, outcome: Outcome) -> None:
        """Count failures in a row, and switch the webhook off once there are too many."""
        if outcome.is_gone:
            await self._disable(webhook, WebhookDisabledBecause.GONE)
        elif outcome.is_delivered:
            await self._count_failures(webhook, 0)
        elif self._taken.message.type != TEST_EVENT:
            await self._count_failures(webhook, webhook.failures + 1)
            if webhook.failures + 1 >= DISABLE_AFTER:
                await self._disable(webhook, WebhookDisabledBecause.FAILURES)

    async def _count_failures(self, webhook: Webhook, failures: int) -> None:
        if failures != webhook.failures:
            await self._webhooks.count_failures(webhook.id, failures, tenant_id=self._tenant_id)

    async def _disable(self, webhook: Webhook, because: WebhookDisabledBecause) -> None:
        if webhook.active:
            await self._service.disable(webhook, because)
            DISABLED.labels(because).inc()
