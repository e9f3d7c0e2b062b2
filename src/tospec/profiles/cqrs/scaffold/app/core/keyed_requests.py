"""Requests that a client may repeat under one `Idempotency-Key`, and what they were answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import BadRequestError, ConflictError, FieldError, ValidationError
from app.core.ids import TenantId, UserId
from app.core.inputs import Payload


class IdempotencyKeyInvalidError(BadRequestError):
    """The `Idempotency-Key` is not one: empty, too long, repeated or not printable."""

    slug = "idempotency-key-invalid"
    title = "The Idempotency-Key header is malformed."


class IdempotencyKeyReusedError(ValidationError):
    """The key was sent before, with another request."""

    slug = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request."

    def __init__(self) -> None:
        fault = FieldError(
            parameter="Idempotency-Key", code="reused", detail="Send a key of its own."
        )
        super().__init__([fault])


class IdempotencyInProgressError(ConflictError):
    """The first request with the key has not been answered yet."""

    slug = "idempotency-in-progress"
    title = "The first request with this Idempotency-Key is still being carried out."
    retry_after = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose key it is, and for which operation: the same key elsewhere is another one.

    Attributes:
        route: The template of the path, such as `/v1/tasks/{task_id}/comments`.
    """

    tenant_id: TenantId
    user_id: UserId
    method: str
    route: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is kept with the answer: whose it is, to what, and until when."""

    scope: Scope
    fingerprint: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it was sent, byte for byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AnsweredBefore(Exception):  # noqa: N818  # nothing went wrong
    """The request was carried out before; `answer` is what was said then."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True, kw_only=True)
class KeyedRequest[R]:
    """A request that may bear a key.

    Attributes:
        key: The key, None for a request without one, or what is wrong with it.
        fingerprint: Digest of all that must be the same when the key is.
        answer_to: Makes the answer of what the operation returns.
        claim: With what the answer is kept; None until the work begins.
    """

    key: Payload[str | None]
    method: str
    route: str
    fingerprint: str
    answer_to: Callable[[R], Answer]
    claim: Claim | None = None
