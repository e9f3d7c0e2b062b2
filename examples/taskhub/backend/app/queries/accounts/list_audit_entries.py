"""Read the audit trail."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import READ_AUDIT
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.audit_entry import AuditEntry
from app.repositories.audit_entries import AuditEntryRepository
from app.schemas.audit import AuditEntryListParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuditEntries(Message[Page[AuditEntry]]):
    """List audit entries."""

    permission: ClassVar = READ_AUDIT
    listing: Payload[ListRequest[AuditEntryListParameters]]


class ListAuditEntriesHandler:
    """Answers `ListAuditEntries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListAuditEntries, *, actor: Actor) -> Page[AuditEntry]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await AuditEntryRepository(transaction).matching(
                listing.filters(), listing.page, tenant_id=actor.tenant_id
            )
