"""Secrets of webhooks, and signatures made with them, as Standard Webhooks has them.

A secret is worked out from the secret of the service and a salt that is kept with the webhook, so
that the database alone signs nothing. Another `SECRET_KEY` gives every webhook another secret.
"""

import hashlib
import hmac
import secrets
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

_PREFIX: Final = "whsec_"
_SALT_BYTES: Final = 24


def new_salt() -> str:
    """Return a fresh salt."""
    return secrets.token_urlsafe(_SALT_BYTES)


class WebhookSecrets:
    """Works secrets out, and signs with them.

    Args:
        secret: That of the service.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"webhook", hashlib.sha256)

    def told(self, salt: str) -> str:
        """Return a secret as its owner is told it, once."""
        return _PREFIX + b64encode(self._secret(salt)).decode()

    def signatures(
        self, salts: Iterable[str], *, message_id: str, timestamp: int, body: bytes
    ) -> str:
        """Return the value of `Webhook-Signature`: a signature for each salt."""
        signed = f"{message_id}.{timestamp}.".encode() + body
        return " ".join(self._signature(salt, signed) for salt in salts)

    def _signature(self, salt: str, signed: bytes) -> str:
        tag = hmac.digest(self._secret(salt), signed, hashlib.sha256)
        return f"v1,{b64encode(tag).decode()}"

    def _secret(self, salt: str) -> bytes:
        return hmac.digest(self._key, salt.encode(), hashlib.sha256)
