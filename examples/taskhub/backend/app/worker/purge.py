"""Jobs that remove rows which have expired."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, Table, and_, delete, select, true

from app.core.settings import Settings
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.metadata import TENANT_OWNED
from app.db.parameters import NOW, TENANT, given, named, parameter
from app.db.statements import Fixed
from app.models.idempotency_record import idempotency_records
from app.models.invitation import invitations
from app.models.received_message import received_messages
from app.models.refresh_token import refresh_tokens
from app.models.sign_in_attempt import sign_in_attempts
from app.worker.work import Progress, Work

AT_ONCE: Final = 500
"""How many rows one transaction removes from a table."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """Rows that expire.

    Attributes:
        table: Their table.
        expired: Holds for those that may go; may ask for the instant `since`.
        keep: How long they are kept, as the settings say; not at all by default.
    """

    table: Table
    expired: ColumnElement[bool]
    keep: Callable[[Settings], timedelta] = lambda _: timedelta()


def _lockout(settings: Settings) -> timedelta:
    """Return how long an attempt to sign in may still lock an account."""
    return timedelta(seconds=settings.lockout_window + settings.lockout_duration)


SESSIONS: Final = Expiring(refresh_tokens, refresh_tokens.c.expires_at <= NOW)
INVITATIONS: Final = Expiring(
    invitations, and_(invitations.c.expires_at <= NOW, invitations.c.accepted_at.is_(None))
)
IDEMPOTENCY_RECORDS: Final = Expiring(idempotency_records, idempotency_records.c.expires_at <= NOW)
RECEIVED_MESSAGES: Final = Expiring(received_messages, received_messages.c.expires_at <= NOW)
SIGN_IN_ATTEMPTS: Final = Expiring(
    sign_in_attempts,
    sign_in_attempts.c.attempted_at <= parameter("since", sign_in_attempts.c.attempted_at),
    _lockout,
)


class Purge(Work):
    """A job that removes rows which have expired, and tells nobody.

    Attributes:
        purged: Which ones.
    """

    purged: ClassVar[tuple[Expiring, ...]]

    @classmethod
    async def prepare(cls, database: Database, settings: Settings) -> None:
        """Remove what belongs to no tenant."""
        for kind in cls.purged:
            if not kind.table.info[TENANT_OWNED]:
                while await _removed_everywhere(kind, database, settings) == AT_ONCE:
                    pass

    async def step(self, progress: Progress) -> Progress:
        """Remove some rows of each kind, and return how far the run has come."""
        owned = [each for each in self.purged if each.table.info[TENANT_OWNED]]
        counts = [await self._remove(each) for each in owned]
        return replace(
            progress,
            changed=progress.changed + sum(counts),
            finished=max(counts, default=0) < AT_ONCE,
        )

    async def _remove(self, kind: Expiring) -> int:
        since = self._now - kind.keep(self._settings)
        values = given(self._tenant_id, None, {"since": since})
        return await self._transaction.execute(_removed(kind), values)


async def _removed_everywhere(kind: Expiring, database: Database, settings: Settings) -> int:
    async with database.opened(WORKER_SCOPE) as transaction:
        since = transaction.now - kind.keep(settings)
        return await transaction.execute(_removed(kind), named({"since": since}))


@cache
def _removed(kind: Expiring) -> Fixed:
    table = kind.table
    own = table.c.tenant_id == TENANT if table.info[TENANT_OWNED] else true()
    expired = select(table.c.id).where(own, kind.expired).limit(AT_ONCE)
    return Fixed(delete(table).where(own, table.c.id.in_(expired)))
