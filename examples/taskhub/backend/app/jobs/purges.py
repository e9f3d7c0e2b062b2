"""Jobs that remove what has expired."""

from datetime import timedelta
from typing import ClassVar

from app.worker.purge import (
    IDEMPOTENCY_RECORDS,
    INVITATIONS,
    RECEIVED_MESSAGES,
    SESSIONS,
    SIGN_IN_ATTEMPTS,
    Purge,
)
from app.worker.work import Retry


class PurgeExpired(Purge):
    """Remove what has expired."""

    name: ClassVar = "purge_expired"
    timeout: ClassVar = timedelta(minutes=5)
    retry: ClassVar = Retry(attempts=5, base=timedelta(seconds=2), cap=timedelta(minutes=10))
    purged: ClassVar = (
        SESSIONS,
        INVITATIONS,
        SIGN_IN_ATTEMPTS,
        IDEMPOTENCY_RECORDS,
        RECEIVED_MESSAGES,
    )
