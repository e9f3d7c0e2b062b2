"""What events have in common."""

from dataclasses import dataclass
from typing import ClassVar

from app.core.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a tenant. Its fields are its payload.

    Attributes:
        NAME: Name on the wire, such as `TenantCreated`; empty for an event that is not announced.
    """

    NAME: ClassVar[str]
    tenant_id: TenantId
