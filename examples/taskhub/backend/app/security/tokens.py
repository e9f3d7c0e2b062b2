"""Access tokens: signed, short-lived, and refused for every fault alike (RFC 8725, RFC 9068)."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import jwt

from app.core.clock import Clock
from app.core.errors import MalformedJsonError
from app.core.ids import TenantId, UserId, new_id
from app.core.jsonio import check_json

ALGORITHM: Final = "HS256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  # the kind of a token, not one
MAX_TOKEN_LENGTH: Final = 2048
MAX_REMEMBERED: Final = 10_000
MAX_CLOCK_SKEW: Final = 5
"""Seconds that the clock of the machine that issued a token may be ahead."""

_HEADER: Final = {"alg": ALGORITHM, "typ": TOKEN_TYPE}
_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_REQUIRED: Final = ("iss", "aud", "sub", "tid", "sid", "jti", "iat", "nbf", "exp")
_TIMES: Final = ("iat", "nbf", "exp")
_IDS: Final = ("sub", "tid", "sid", "jti")


class InvalidTokenError(Exception):
    """The token is not one that this service issued and still honours.

    The message says why, for the security log; clients are never told.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """What a verified token says.

    Attributes:
        session_id: The sign-in that the token belongs to.
    """

    user_id: UserId
    tenant_id: TenantId
    session_id: UUID


class AccessTokens:
    """Issues and verifies access tokens.

    Args:
        secret: The service's secret; the key is derived from it.
        issuer: Who issues the tokens.
        audience: Who accepts them.
        lifetime: How long they are valid.
        clock: Tells the time.
    """

    def __init__(
        self, secret: bytes, *, issuer: str, audience: str, lifetime: timedelta, clock: Clock
    ) -> None:
        self._key = hmac.digest(secret, b"access-token", hashlib.sha256)
        self._issuer = issuer
        self._audience = audience
        self.lifetime = lifetime
        self._clock = clock
        self._verified: dict[bytes, tuple[AccessClaims, int]] = {}

    def issue(self, claims: AccessClaims) -> str:
        """Return a fresh token that says `claims`."""
        now = int(self._clock.now().timestamp())
        payload = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(claims.user_id),
            "tid": str(claims.tenant_id),
            "sid": str(claims.session_id),
            "jti": str(new_id()),
            "iat": now,
            "nbf": now,
            "exp": now + int(self.lifetime.total_seconds()),
        }
        return jwt.encode(payload, self._key, ALGORITHM, headers={"typ": TOKEN_TYPE})

    def verify(self, token: str) -> AccessClaims:
        """Return what `token` says.

        A token that was verified is known until it expires, by its digest.

        Raises:
            InvalidTokenError: For every fault.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        claims, expires = self._verified.get(digest) or self._remembered(token, digest)
        if expires <= self._clock.now().timestamp():
            msg = "expired"
            raise InvalidTokenError(msg)
        return claims

    def _remembered(self, token: str, digest: bytes) -> tuple[AccessClaims, int]:
        _check_form(token)
        payload = self._payload(token)
        self._check_times(payload)
        user_id, tenant_id, session_id, _ = (_uuid(payload[name]) for name in _IDS)
        claims = AccessClaims(
            user_id=UserId(user_id), tenant_id=TenantId(tenant_id), session_id=session_id
        )
        if len(self._verified) >= MAX_REMEMBERED:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = claims, payload["exp"]
        return self._verified[digest]

    def _payload(self, token: str) -> dict[str, Any]:
        try:
            # Times are held against the service's own clock, below.
            decoded = jwt.decode_complete(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require": list(_REQUIRED),
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise InvalidTokenError(type(error).__name__) from None
        if decoded["header"] != _HEADER:
            # Names no key to fetch, no extension to understand, no other kind of token.
            msg = "header"
            raise InvalidTokenError(msg)
        payload: dict[str, Any] = decoded["payload"]
        return payload

    def _check_times(self, payload: dict[str, Any]) -> None:
        # A bool is an int, and a float may be NaN.
        if any(type(payload[name]) is not int for name in _TIMES):
            msg = "times"
            raise InvalidTokenError(msg)
        issued, valid_from, expires = (payload[name] for name in _TIMES)
        now = self._clock.now().timestamp()
        if expires <= now or max(issued, valid_from) > now + MAX_CLOCK_SKEW:
            msg = "expired" if expires <= now else "not yet valid"
            raise InvalidTokenError(msg)
        if expires - issued > self.lifetime.total_seconds():
            msg = "lifetime"
            raise InvalidTokenError(msg)


def _check_form(token: str) -> None:
    """Refuse what is too long, padded, or not two strict JSON texts and a signature."""
    if len(token) > MAX_TOKEN_LENGTH or not _FORM.fullmatch(token):
        msg = "form"
        raise InvalidTokenError(msg)
    header, payload, _ = token.split(".")
    try:
        check_json(_decoded(header))
        check_json(_decoded(payload))
    except (MalformedJsonError, ValueError):
        # Among them: one claim twice, of which the last would win.
        msg = "json"
        raise InvalidTokenError(msg) from None


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _uuid(value: object) -> UUID:
    try:
        found = UUID(str(value))
    except ValueError:
        found = None
    if found is None or str(found) != value:
        msg = "id"
        raise InvalidTokenError(msg)
    return found
