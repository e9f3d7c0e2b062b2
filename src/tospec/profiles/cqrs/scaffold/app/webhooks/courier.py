"""Takes deliveries that are due, and makes them, a few at once."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Self

from loguru import logger

from app.core.context import WorkContext, entered
from app.core.moved_clock import clock_of
from app.core.settings import Settings
from app.core.webhook_rules import WAITS
from app.db.engine import Database
from app.models.webhook import Webhook
from app.models.webhook_delivery import WebhookDeliveryState, webhook_deliveries
from app.repositories.webhooks import WebhookRepository
from app.security.webhook_secrets import WebhookSecrets
from app.webhooks import taking
from app.webhooks.ledger import Ledger, Taken
from app.webhooks.metrics import ATTEMPT_SECONDS, ATTEMPTS, WAITING, WAITING_SECONDS
from app.webhooks.network import PublicNetwork
from app.webhooks.sending import Outcome, Sender
from app.worker.steadily import ended, rung, steadily, tried

_MEASURE_SECONDS: Final = 15.0
_REMOVE_SECONDS: Final = 600.0


class Courier:
    """Makes the deliveries of all tenants, as many at once as the settings say.

    Any number of them may work, in any number of processes. A delivery may be made twice, if
    whoever made it dies before that is stored; its id is the same then.

    Args:
        database: Where the deliveries are.
        settings: Of the service.
        sender: What makes one attempt.
        chance: Gives a number from 0 to 1 for each wait.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        sender: Sender,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._settings = settings
        self._sender = sender
        self._clock = clock_of(settings)
        self._chance = chance
        self._running: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()
        database.when_changed([webhook_deliveries], lambda _: self._bell.set())

    @classmethod
    def of(cls, settings: Settings, database: Database) -> Self:
        """Return what makes the deliveries of `database`; nothing runs yet."""
        insecure = settings.webhooks_insecure
        sender = Sender(
            WebhookSecrets(settings.secret),
            PublicNetwork(insecure=insecure),
            clock_of(settings),
            insecure=insecure,
        )
        return cls(database, settings, sender)

    async def run(self) -> None:
        """Work until cancelled."""
        others = (
            steadily(self._measure, every=_MEASURE_SECONDS),
            steadily(self._remove_old, every=_REMOVE_SECONDS),
        )
        try:
            while True:
                self._bell.clear()
                if not await tried(self.take):
                    await rung(self._bell, within=self._settings.worker_poll)
        finally:
            await ended(*others)

    async def close(self) -> None:
        """Let what is on its way arrive, and give up what takes too long."""
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.shutdown_timeout)
        await ended(*self._running)

    async def take(self) -> bool:
        """Take deliveries and begin with them; return whether there may be more at once."""
        free = self._settings.webhooks_at_once - len(self._running)
        if not free:
            return False
        rows, token = await taking.take(self._database, free)
        for row in rows:
            task = asyncio.create_task(self._begun(Taken.of(row, token)))
            self._running.add(task)
            task.add_done_callback(self._finish)
        return bool(rows)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._bell.set()

    async def _begun(self, taken: Taken) -> None:
        # What cannot be stored now is attempted again when nobody has it any more.
        await tried(lambda: self.deliver(taken))

    async def deliver(self, taken: Taken) -> None:
        """Attempt a delivery that was taken, and enter what became of it."""
        context = WorkContext(
            correlation_id=str(taken.id), tenant_id=taken.tenant_id, endpoint="webhook"
        )
        with entered(context):
            webhook = await self._webhook(taken)
            if webhook is None or not webhook.active:
                async with self._database.begin(taken.tenant_id) as transaction:
                    await Ledger(transaction, taken).cancel()
                return
            outcome = await self._attempt(taken, webhook)
            wait = WAITS[min(taken.attempt, len(WAITS)) - 1] * self._chance()
            async with self._database.begin(taken.tenant_id) as transaction:
                state = await Ledger(transaction, taken).enter(outcome, wait)
            _tell(taken, outcome, state)

    async def _webhook(self, taken: Taken) -> Webhook | None:
        async with self._database.read(taken.tenant_id) as transaction:
            return await WebhookRepository(transaction).find(
                taken.webhook_id, tenant_id=taken.tenant_id
            )

    async def _attempt(self, taken: Taken, webhook: Webhook) -> Outcome:
        if taken.is_spent:
            return Outcome(reason="worker died")
        salts = [webhook.salt]
        if webhook.earlier_salt and self._is_ahead(webhook.earlier_until):
            salts.append(webhook.earlier_salt)
        return await self._sender.send(taken.message, url=webhook.url, salts=salts)

    def _is_ahead(self, instant: datetime | None) -> bool:
        return instant is not None and instant > self._clock.now()

    async def _measure(self) -> None:
        size, seconds = await taking.backlog(self._database)
        WAITING.set(size)
        WAITING_SECONDS.set(seconds)

    async def _remove_old(self) -> None:
        keep: timedelta = self._settings.webhooks_keep
        await taking.remove_old(self._database, older=keep.total_seconds())


def _tell(taken: Taken, outcome: Outcome, state: WebhookDeliveryState | None) -> None:
    """Tell metrics and those who run the service what became of an attempt."""
    told = state or "lost"
    ATTEMPTS.labels(told).inc()
    ATTEMPT_SECONDS.observe(outcome.seconds)
    logged = logger.bind(
        webhook_id=str(taken.webhook_id),
        delivery_id=str(taken.id),
        event_type=taken.message.type,
        attempt=taken.attempt,
        status=outcome.status,
        reason=outcome.reason,
        outcome=told,
        duration_ms=round(outcome.seconds * 1000, 3),
    )
    logged.info("webhook delivery")
