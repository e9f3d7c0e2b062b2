"""Signatures of messages that other services send, as Standard Webhooks has them."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_SIGNATURES: Final = 16
_PREFIX: Final = "whsec_"
_ID: Final = re.compile(r"[!-~]{1,255}")
_TIME: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the head of a message says of it, believed by nobody so far.

    Attributes:
        timestamp: Seconds since 1970 in digits: when it was signed.
        signatures: `v1,` and a signature, for each secret that was in use; with blanks between.
    """

    message_id: str
    timestamp: str
    signatures: str


class MessageSignatures:
    """Tells messages of one sender from those of anybody else.

    Args:
        secrets: What signs, and what signed before; none of a sender whom nobody believes.
        tolerance: How far the time of a message may be from ours.
    """

    def __init__(self, secrets: Iterable[str], *, tolerance: timedelta) -> None:
        self._keys = tuple(b64decode(each.removeprefix(_PREFIX)) for each in secrets)
        self._tolerance = tolerance.total_seconds()

    def fault(self, claim: Claim, body: bytes, *, now: datetime) -> str | None:
        """Return why a message is not to be believed, for the log only; None if it is."""
        if not self._keys:
            return "no secret"
        if not _ID.fullmatch(claim.message_id) or not _TIME.fullmatch(claim.timestamp):
            return "malformed"
        if not self._is_signed(claim, body):
            return "signature"
        if abs(now.timestamp() - int(claim.timestamp)) > self._tolerance:
            return "time"
        return None

    def _is_signed(self, claim: Claim, body: bytes) -> bool:
        signed = f"{claim.message_id}.{claim.timestamp}.".encode() + body
        wanted = [_signature(key, signed) for key in self._keys]
        given = claim.signatures.encode().split(b" ", MOST_SIGNATURES)[:MOST_SIGNATURES]
        # All of them are compared, so that the time tells nothing of which one is right.
        return sum(hmac.compare_digest(one, other) for one in given for other in wanted) > 0


def _signature(key: bytes, signed: bytes) -> bytes:
    return b"v1," + b64encode(hmac.digest(key, signed, hashlib.sha256))
