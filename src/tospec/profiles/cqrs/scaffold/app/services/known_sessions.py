"""Sessions that were found to stand a short while ago."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from app.authorization.actor import Actor
from app.core.ids import TenantId
from app.security.tokens import AccessClaims

MOST_KNOWN: Final = 10_000


class KnownSessions:
    """Knows for a while whose session stands, so that not each request has to ask.

    Each process knows for itself. Only what was found to stand is known, and no longer than until
    the next change in its tenant of which this process hears.

    Args:
        seconds: How long a session is known after it was asked about; 0: not at all.
        clock: Tells the time in seconds, which never goes back.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._tenants: dict[TenantId, dict[AccessClaims, tuple[Actor, float]]] = {}
        self._count = 0
        self._changes = 0

    async def find(
        self, claims: AccessClaims, ask: Callable[[AccessClaims], Awaitable[Actor]]
    ) -> Actor:
        """Return the actor whose session `claims` tell, whom `ask` finds unless they are known.

        Raises:
            AppError: What `ask` raises.
        """
        now, changes = self._clock(), self._changes
        actor, until = self._tenants.get(claims.tenant_id, {}).get(claims, (None, now))
        if actor is not None and now < until:
            return actor
        actor = await ask(claims)
        # What changed in the meantime may have come too late for the answer.
        if changes == self._changes and self._seconds:
            self._keep(claims, actor, now + self._seconds)
        return actor

    def forget(self, tenant_id: TenantId | None) -> None:
        """Know nobody of the tenant any longer, nor anybody who is being asked about.

        Args:
            tenant_id: The tenant; None for all of them.
        """
        self._changes += 1
        if tenant_id is None:
            self._tenants.clear()
            self._count = 0
        else:
            self._count -= len(self._tenants.pop(tenant_id, {}))

    def _keep(self, claims: AccessClaims, actor: Actor, until: float) -> None:
        if self._count >= MOST_KNOWN:
            # All of them would be asked about again in a moment.
            self.forget(None)
        known = self._tenants.setdefault(claims.tenant_id, {})
        self._count += claims not in known
        known[claims] = actor, until
