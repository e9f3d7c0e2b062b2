"""List schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_JOBS
from app.core.clock import Clock, SystemClock
from app.db.engine import Database
from app.repositories.tenants import OwnTenantRepository
from app.worker.schedule import Schedule, Upcoming, upcoming


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSchedules(Message[Sequence[Upcoming]]):
    """List schedules, and when they fire next."""

    permission: ClassVar = MANAGE_JOBS


class ListSchedulesHandler:
    """Answers `ListSchedules`."""

    def __init__(
        self, database: Database, schedules: Sequence[Schedule], clock: Clock | None = None
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._clock = clock or SystemClock()

    async def __call__(self, _: ListSchedules, *, actor: Actor) -> Sequence[Upcoming]:
        """Answer on behalf of `actor`."""
        tenant_id = actor.tenant_id
        async with self._database.read(tenant_id) as transaction:
            tenant = await OwnTenantRepository(transaction).get(tenant_id=tenant_id)
        return upcoming(self._schedules, self._clock.now(), tenant.time_zone)
