"""Turns access tokens into actors."""

from loguru import logger

from app.authorization.actor import Actor
from app.core.errors import TenantSuspendedError, UnauthenticatedError
from app.db.engine import Database
from app.repositories.refresh_tokens import CHECKED, RefreshTokenRepository
from app.security.tokens import AccessClaims, AccessTokens, InvalidTokenError
from app.services.known_sessions import KnownSessions


class Authentication:
    """Knows who sends a request.

    The token names the person, the tenant and the sign-in; whether they still stand, and the
    role, the database says. A person who is disabled, loses a role or signs out is treated so
    from the next request on, in other processes when what they know is out of date.
    """

    def __init__(self, database: Database, tokens: AccessTokens, known: KnownSessions) -> None:
        self._database = database
        self._tokens = tokens
        self._known = known
        database.when_changed(CHECKED, known.forget)

    async def __call__(self, token: str) -> Actor:
        """Return the actor that `token` stands for.

        Raises:
            UnauthenticatedError: If the token is not valid, or no longer.
            TenantSuspendedError: If the tenant is suspended.
        """
        return await self._known.find(self._claims(token), self._ask)

    async def _ask(self, claims: AccessClaims) -> Actor:
        async with self._database.read(claims.tenant_id) as transaction:
            holder = await RefreshTokenRepository(transaction).holder(
                claims.session_id, claims.user_id, tenant_id=claims.tenant_id
            )
        if holder is None:
            raise _refused("ended")
        if holder.suspended:
            raise TenantSuspendedError
        return Actor(
            user_id=claims.user_id,
            tenant_id=claims.tenant_id,
            role=holder.role,
            session_id=claims.session_id,
        )

    def _claims(self, token: str) -> AccessClaims:
        try:
            return self._tokens.verify(token)
        except InvalidTokenError as error:
            raise _refused(str(error)) from None


def _refused(reason: str) -> UnauthenticatedError:
    logger.bind(event="token_refused", reason=reason).warning("access token refused")
    return UnauthenticatedError()
