"""Exchange a refresh token for the next pair of tokens."""

from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from app.authorization.dispatch import PublicMessage
from app.core.clock import Clock
from app.core.errors import UnauthenticatedError
from app.core.inputs import Payload
from app.db.engine import Database
from app.repositories.account_lookup import AccountLookup, FoundToken
from app.schemas.auth import RefreshInput
from app.security.secrets import digest_of
from app.services.sessions import SessionRules, SessionService, TokenPair


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession(PublicMessage[TokenPair]):
    """Stay signed in."""

    body: Payload[RefreshInput]


class RefreshSessionHandler:
    """Carries out `RefreshSession`."""

    def __init__(self, database: Database, sessions: SessionRules, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock

    async def __call__(self, command: RefreshSession) -> TokenPair:
        """Run `command`.

        Raises:
            UnauthenticatedError: If the token is not one that can be exchanged.
        """
        began = self._clock.now()
        token = command.body.value.refresh_token.get_secret_value()
        async with self._database.begin_accounts(read_only=True) as transaction:
            found = await AccountLookup(transaction).refresh_token(digest_of(token))
        pair = None if found is None else await self._exchange(token, found, began)
        if pair is None:
            logger.bind(event="refresh", outcome="refused").warning("refresh token refused")
            raise UnauthenticatedError
        return pair

    async def _exchange(self, token: str, found: FoundToken, began: datetime) -> TokenPair | None:
        was_used = found.used_at is not None and found.used_at < began
        async with self._database.begin(found.tenant_id) as transaction:
            service = SessionService(transaction, self._sessions, found.tenant_id)
            return await service.exchange(token, was_used=was_used)
