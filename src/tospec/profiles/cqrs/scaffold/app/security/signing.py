"""Signs short texts that clients carry and must not change."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

_TAG_BYTES: Final = 16


class InvalidSignatureError(Exception):
    """The text was not signed here, for this purpose and context, or was changed."""


class Signer:
    """Signs for one purpose; its key is derived from the service's secret."""

    def __init__(self, secret: bytes, *, purpose: str) -> None:
        key = hmac.digest(secret, f"signing:{purpose}".encode(), hashlib.sha256)
        # To begin with the key anew for each text would cost more than the text does.
        self._keyed = hmac.new(key, digestmod=hashlib.sha256)

    def sign(self, payload: bytes, *, context: bytes) -> str:
        """Return a URL-safe text that holds `payload`, valid only in `context`."""
        return _encode(self._tag(payload, context) + payload)

    def verify(self, signed: str, *, context: bytes) -> bytes:
        """Return the payload of `signed`.

        Raises:
            InvalidSignatureError: If it was not signed here in `context`.
        """
        raw = _decode(signed)
        tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(payload, context)):
            raise InvalidSignatureError
        return payload

    def _tag(self, payload: bytes, context: bytes) -> bytes:
        mac = self._keyed.copy()
        mac.update(len(context).to_bytes(8) + context + payload)
        return mac.digest()[:_TAG_BYTES]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        raise InvalidSignatureError from None
    if _encode(raw) != text:
        # Base64 has several spellings of the same bytes; only ours is accepted.
        raise InvalidSignatureError
    return raw
