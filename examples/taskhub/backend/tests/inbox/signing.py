"""Signs messages as another service does that knows but the standard."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping


def new_secret() -> str:
    """Return a secret that nobody else has."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    tag = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(tag).decode()}"


def signed(
    body: bytes, *by: str, message_id: str | None = None, timestamp: int | None = None
) -> Mapping[str, str]:
    """Return the head of a message that is signed with each secret of `by`."""
    id_ = message_id or f"msg_{secrets.token_hex(16)}"
    at = int(time.time()) if timestamp is None else timestamp
    return {
        "content-type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(each, id_, at, body) for each in by),
    }
