"""Secrets that are handed out and come back: only their digests are kept."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Final

_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """Return a fresh secret of 256 random bits, fit for URLs."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(secret: str) -> str:
    """Return what is stored of `secret`: 64 hexadecimal digits.

    A plain digest is enough, for the secrets are random and too many to try.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


class KeyedDigest:
    """Turns values into texts that nobody can work out without the service's secret.

    The same value always gives the same text, so that a secret made of an id can be
    told again later, in a mail for instance, without being stored anywhere.
    """

    def __init__(self, secret: bytes, *, purpose: str) -> None:
        self._key = hmac.digest(secret, f"digest:{purpose}".encode(), hashlib.sha256)

    def of(self, value: str) -> str:
        """Return the text for `value`: 43 characters, fit for URLs."""
        tag = hmac.digest(self._key, value.encode(), hashlib.sha256)
        return urlsafe_b64encode(tag).decode().rstrip("=")
