"""Jobs that an event starts, in the tenant where it happened."""

from typing import Any
from uuid import UUID

from app.events.base import Event
from app.events.reading import Announced, UnreadableEventError, read
from app.models.base import TenantOwned
from app.repositories.base import TenantRepository
from app.worker.work import Work


class GoneError(Exception):
    """A row that an event leads to is no longer there."""


def known[T](value: T | None) -> T:
    """Return a value of an event that `applies` has found to be there."""
    if value is None:
        message = "an event was acted on that does not apply"
        raise LookupError(message)
    return value


class OnEvent[E: Event](Work):
    """A job that an event starts: one of those in `on`."""

    _event: E

    async def hear(self, announced: Announced) -> bool:
        """Take in the event; return whether there is anything to do.

        There is not once a row that it leads to is gone.

        Raises:
            UnreadableEventError: If its payload is that of none of the events.
        """
        self._event = self._read(announced)
        try:
            await self.follow()
        except GoneError:
            return False
        return self.applies()

    async def follow(self) -> None:
        """Read the rows that the event leads to.

        Raises:
            GoneError: If one of them is no longer there.
        """

    def applies(self) -> bool:
        """Return whether the event asks for anything."""
        return True

    async def found[M: TenantOwned](
        self, repository: TenantRepository[M], row_id: UUID | None
    ) -> M:
        """Return a row that the event leads to, as it is now.

        Raises:
            GoneError: If there is none.
        """
        row = None
        if row_id is not None:
            row = await repository.find(row_id, tenant_id=self._tenant_id)
        if row is None:
            raise GoneError
        return row

    def _read(self, announced: Announced) -> Any:
        for event_type in self.on:
            if announced.type == event_type.NAME:
                return read(event_type, announced, self._tenant_id)
        raise UnreadableEventError(announced.type)
