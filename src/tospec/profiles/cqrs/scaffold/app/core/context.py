"""What is known about the work in hand, for logs, audit entries and problem documents."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from app.core.ids import TenantId, UserId, new_id


@dataclass(slots=True, kw_only=True)
class WorkContext:
    """One request or job. Filled in as more becomes known.

    Attributes:
        correlation_id: The request id, as sent back in `X-Request-Id`.
        trace_id: 32 hexadecimal digits (W3C Trace Context).
        span_id: 16 hexadecimal digits.
        sampled: Whether whoever began the trace records it.
        endpoint: Method and route template, such as `GET /v1/users/{user_id}`.
        decisions: Authorization decisions taken so far, for the access line.
    """

    correlation_id: str = field(default_factory=lambda: str(new_id()))
    trace_id: str | None = None
    span_id: str | None = None
    sampled: bool = True
    tenant_id: TenantId | None = None
    user_id: UserId | None = None
    endpoint: str | None = None
    decisions: list[str] = field(default_factory=list)

    def identify(self, *, tenant_id: UUID, user_id: UUID) -> None:
        """Record on whose behalf the work is done."""
        self.tenant_id = TenantId(tenant_id)
        self.user_id = UserId(user_id)


_current: ContextVar[WorkContext | None] = ContextVar("work_context", default=None)


def current_context() -> WorkContext | None:
    """Return the context of the work in hand, or None outside of any."""
    return _current.get()


class entered:  # noqa: N801  # used as a function is
    """Makes a context the one of the running task, and of tasks it starts, for a while.

    Each request enters one, so it is a class: generators cost several times as much.
    """

    __slots__ = ("_context", "_token")

    def __init__(self, context: WorkContext) -> None:
        self._context = context

    def __enter__(self) -> WorkContext:
        """Enter the context."""
        self._token = _current.set(self._context)
        return self._context

    def __exit__(self, *_error: object) -> None:
        """Return to the one before."""
        _current.reset(self._token)


def correlation_id() -> str | None:
    """Return the id of the request in hand, or None outside of any."""
    context = _current.get()
    return context.correlation_id if context else None
