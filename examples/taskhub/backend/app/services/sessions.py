"""Sign-ins: the pairs of tokens that begin, carry on and end them."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from loguru import logger

from app.core.ids import TenantId, UserId, new_id
from app.db.transactions import Transaction
from app.models.refresh_token import RefreshToken
from app.repositories.refresh_tokens import RefreshTokenRepository
from app.security.secrets import digest_of, new_secret
from app.security.tokens import AccessClaims, AccessTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """What a person holds while signed in.

    Attributes:
        expires_in: Seconds for which the access token is valid.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """How tokens are made, and how long a refresh token is valid."""

    tokens: AccessTokens
    refresh_lifetime: timedelta


class SessionService:
    """What happens to the sign-ins of one tenant's people, within one transaction."""

    def __init__(self, transaction: Transaction, rules: SessionRules, tenant_id: TenantId) -> None:
        self._now = transaction.now
        self._rules = rules
        self._tenant_id = tenant_id
        self._refresh_tokens = RefreshTokenRepository(transaction)

    async def start(self, user_id: UserId) -> TokenPair:
        """Begin a new sign-in of a person."""
        return await self._issue(user_id, family_id=new_id())

    async def exchange(self, refresh_token: str, *, was_used: bool) -> TokenPair | None:
        """Exchange a refresh token for the next pair.

        A token that comes a second time has been stolen from somebody, so nobody keeps
        the sign-in. Two exchanges at the same time are not that: the first wins, and the
        sign-in goes on.

        Args:
            refresh_token: The token.
            was_used: Whether it had been exchanged before this exchange began.

        Returns:
            The next pair; None if the token is refused. The caller must let the
            transaction commit either way.
        """
        token = await self._refresh_tokens.by_hash(
            digest_of(refresh_token), tenant_id=self._tenant_id
        )
        if token is None or not await self._is_alive(token):
            return None
        if token.used_at is not None:
            if was_used:
                await self._revoke_stolen(token)
            return None
        await self._refresh_tokens.mark_used(token, tenant_id=self._tenant_id)
        return await self._issue(token.user_id, family_id=token.family_id)

    async def end(self, family_id: UUID) -> None:
        """End one sign-in; every token of it is refused from now on."""
        await self._refresh_tokens.revoke_family(family_id, tenant_id=self._tenant_id)

    async def _is_alive(self, token: RefreshToken) -> bool:
        if token.expires_at <= self._now:
            return False
        holder = await self._refresh_tokens.holder(
            token.family_id, token.user_id, tenant_id=self._tenant_id
        )
        return holder is not None and not holder.suspended

    async def _revoke_stolen(self, token: RefreshToken) -> None:
        await self.end(token.family_id)
        logger.bind(
            event="refresh_token_reuse",
            session_id=str(token.family_id),
            account_id=str(token.user_id),
        ).warning("refresh token used twice")

    async def _issue(self, user_id: UserId, *, family_id: UUID) -> TokenPair:
        secret = new_secret()
        values = {
            "user_id": user_id,
            "family_id": family_id,
            "token_hash": digest_of(secret),
            "expires_at": self._now + self._rules.refresh_lifetime,
        }
        await self._refresh_tokens.insert(values, tenant_id=self._tenant_id)
        claims = AccessClaims(user_id=user_id, tenant_id=self._tenant_id, session_id=family_id)
        return TokenPair(
            access_token=self._rules.tokens.issue(claims),
            refresh_token=secret,
            expires_in=int(self._rules.tokens.lifetime.total_seconds()),
        )
