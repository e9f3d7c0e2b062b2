"""Domain errors. None of them knows HTTP; `app.api.problems` gives each a status.

    AppError
    ├── ValidationError               ├── ConflictError
    │   └── InvalidReferenceError     │   ├── UniqueConflictError
    ├── InvalidCursorError            │   ├── ReferencedError
    ├── MalformedJsonError            │   ├── InvalidTransitionError
    ├── UnsupportedMediaTypeError     │   ├── ConcurrentUpdateError
    ├── NotAcceptableError            │   └── RuleError
    ├── ContentTooLargeError          ├── PreconditionRequiredError
    ├── UnauthenticatedError          ├── PreconditionFailedError
    ├── AmbiguousCredentialsError     ├── TooManyAttemptsError
    ├── PermissionDeniedError         └── ServiceUnavailableError
    │   └── TenantSuspendedError          └── SerializationError
    └── NotFoundError

`detail` is read by clients: it may name fields and states, never values they sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

type Missing = tuple[str, UUID]


class AppError(Exception):
    """Base of everything the application refuses on purpose.

    Attributes:
        slug: Name of the problem type, kebab-case, unique.
        title: One constant sentence for the problem type.
        detail: What happened this time; safe to show.
        retry_after: Whole seconds after which to ask again; None if that does not help.
        extensions: Further members of the problem document.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "The request could not be carried out."
    code: ClassVar[str | None] = None
    retry_after: int | None = None

    def __init__(self, detail: str | None = None, **extensions: object) -> None:
        self.detail = self.title if detail is None else detail
        self.extensions = extensions
        super().__init__(self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One thing wrong with the input, at a JSON pointer (`#/title`) or a parameter."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None


class ValidationError(AppError):
    """Well-formed input that breaks the schema or a field's rule."""

    slug = "validation-error"
    title = "The input is not valid."

    def __init__(self, errors: Sequence[FieldError], detail: str | None = None) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)


class InvalidReferenceError(ValidationError):
    """The input names an object that this tenant does not have.

    Args:
        pointers: Where the references stand.
        missing: Tables and ids that were looked for, for the security log only.
    """

    slug = "invalid-reference"
    title = "A referenced object does not exist."

    def __init__(self, *pointers: str, missing: Sequence[Missing] = ()) -> None:
        self.missing = tuple(missing)
        super().__init__(
            [
                FieldError(pointer=pointer, code=self.slug, detail="No such object.")
                for pointer in pointers
            ]
        )


class InvalidCursorError(AppError):
    """The cursor was not issued for this caller, route, filter and sort."""

    slug = "invalid-cursor"
    title = "The cursor is not valid here."


class MalformedJsonError(AppError):
    """The body is not the JSON this service reads (I-JSON in UTF-8)."""

    slug = "malformed-json"
    title = "The body is not well-formed JSON."


class BadRequestError(AppError):
    """The request message itself is broken: `Host`, framing."""

    slug = "bad-request"
    title = "The request is not well-formed."


class MethodNotAllowedError(AppError):
    """The path exists; the method does not. `allow` lists the methods that do."""

    slug = "method-not-allowed"
    title = "The resource does not offer this method."

    def __init__(self, allow: str) -> None:
        super().__init__()
        self.allow = allow


class UriTooLongError(AppError):
    """The request target exceeds the limit."""

    slug = "uri-too-long"
    title = "The request target is too long."


class HeadersTooLargeError(AppError):
    """The header section exceeds the limit."""

    slug = "headers-too-large"
    title = "The request headers are too large."


class RequestTimeoutError(AppError):
    """The body did not arrive in time."""

    slug = "request-timeout"
    title = "The request body did not arrive in time."


class UnsupportedMediaTypeError(AppError):
    """The body's media type, charset or encoding is not read here.

    Args:
        encoded: Whether it is the encoding rather than the type.
    """

    slug = "unsupported-media-type"
    title = "The media type is not supported."

    def __init__(self, *, encoded: bool = False, patch: bool = False) -> None:
        super().__init__()
        self.encoded = encoded
        self.patch = patch


class NotAcceptableError(AppError):
    """The client accepts no media type this service writes."""

    slug = "not-acceptable"
    title = "Only application/json can be served."


class ContentTooLargeError(AppError):
    """The body is larger than the limit."""

    slug = "content-too-large"
    title = "The body is too large."


class UnauthenticatedError(AppError):
    """No usable credential.

    Args:
        presented: Whether a credential was sent at all.

    Attributes:
        scheme: How one is presented.
    """

    slug = "unauthenticated"
    title = "Valid credentials are required."
    scheme: ClassVar[str] = "Bearer"

    def __init__(self, *, presented: bool = True) -> None:
        super().__init__()
        self.presented = presented


class AmbiguousCredentialsError(AppError):
    """More than one credential was sent."""

    slug = "ambiguous-credentials"
    title = "Exactly one credential must be sent."


class PermissionDeniedError(AppError):
    """The caller is known and may not do this."""

    slug = "permission-denied"
    title = "You may not do this."


class TenantSuspendedError(PermissionDeniedError):
    """The caller's own tenant is suspended."""

    slug = "tenant-suspended"
    title = "The tenant is suspended."


class NotFoundError(AppError):
    """No such object for this caller: absent, hidden or of another tenant.

    Args:
        missing: Tables and ids that were looked for, for the security log only.
    """

    slug = "not-found"
    title = "There is no such resource."

    def __init__(self, *missing: Missing) -> None:
        self.missing = missing
        super().__init__()


class ConflictError(AppError):
    """The request conflicts with the current state."""

    slug = "conflict"
    title = "The request conflicts with the current state."


class UniqueConflictError(ConflictError):
    """A value that must be unique is already in use."""

    slug = "conflict-unique"
    title = "The value is already in use."

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(fields=list(fields))


class ReferencedError(ConflictError):
    """Other objects still refer to this one."""

    slug = "conflict-referenced"
    title = "Other objects still refer to this one."


class InvalidTransitionError(ConflictError):
    """The lifecycle has no such transition from the current state."""

    slug = "invalid-transition"
    title = "The current state does not allow this."

    def __init__(self, state: str, allowed: Sequence[str]) -> None:
        super().__init__(state=state, allowed=sorted(allowed))


class ConcurrentUpdateError(ConflictError):
    """Another request changed the object first."""

    slug = "concurrent-update"
    title = "The object was changed by another request."


class RuleError(ConflictError):
    """Base of the service's own error cases; `code` is the public name of the case."""


class PreconditionRequiredError(AppError):
    """The operation needs an `If-Match`."""

    slug = "precondition-required"
    title = "An If-Match header is required."


class PreconditionFailedError(AppError):
    """The `If-Match` does not name the current version."""

    slug = "precondition-failed"
    title = "The object is not in the expected version."


class TooManyAttemptsError(AppError):
    """Too many failures in a row; `retry_after` is in whole seconds."""

    slug = "too-many-attempts"
    title = "Too many attempts."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = max(1, retry_after)


class ServiceUnavailableError(AppError):
    """Something this service depends on is away; `retry_after` is in whole seconds."""

    slug = "service-unavailable"
    title = "The service is not available at the moment."

    def __init__(
        self, detail: str | None = None, *, retry_after: int = 2, **extensions: object
    ) -> None:
        super().__init__(detail, **extensions)
        self.retry_after = max(1, retry_after)


class SerializationError(ServiceUnavailableError):
    """The database gave way to a concurrent transaction; running again may succeed."""


class InternalError(AppError):
    """A defect. Says nothing about itself."""

    slug = "internal-error"
    title = "Something went wrong on our side."
