"""Ids of the requirements that ask for what every backend has to keep."""

from typing import Final

TENANCY: Final[tuple[str, ...]] = ("REQ-001",)
ACCOUNTS: Final[tuple[str, ...]] = ("REQ-002",)
ROLES: Final[tuple[str, ...]] = ("REQ-003",)
AUDIT: Final[tuple[str, ...]] = ("REQ-018",)
EVENTS: Final[tuple[str, ...]] = ("REQ-020", "REQ-022", "REQ-024")
OPERATIONS: Final[tuple[str, ...]] = ("REQ-030",)
IDEMPOTENCY: Final[tuple[str, ...]] = ("REQ-032",)
RATE_LIMITS: Final[tuple[str, ...]] = ("REQ-031",)
ADMIN: Final[tuple[str, ...]] = ("REQ-034",)
JOBS: Final[tuple[str, ...]] = ("REQ-023", "REQ-024", "REQ-021", "REQ-022")
WEBHOOKS: Final[tuple[str, ...]] = ("REQ-022",)
INTEGRATIONS: Final[tuple[str, ...]] = ("REQ-024", "REQ-023", "REQ-021", "REQ-022")
MESSAGES: Final[tuple[str, ...]] = ("REQ-024",)
KEPT_ANSWERS: Final[tuple[str, ...]] = ("REQ-017",)
