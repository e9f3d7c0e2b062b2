"""Problem documents (RFC 9457): the one table of statuses, and a renderer that cannot fail."""

import json
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.rule_statuses import RULE_STATUSES
from app.core import errors
from app.core.context import correlation_id
from app.core.errors import AppError, FieldError

PROBLEM_JSON: Final = "application/problem+json"
MAX_ERRORS: Final = 100
MAX_BYTES: Final = 16 * 1024
_MAX_DEPTH: Final = 6
_REALM: Final = 'realm="api"'

_OWN_STATUSES: Final[Mapping[type[AppError], int]] = {
    errors.BadRequestError: 400,
    errors.MalformedJsonError: 400,
    errors.AmbiguousCredentialsError: 400,
    errors.UnauthenticatedError: 401,
    errors.PermissionDeniedError: 403,
    errors.NotFoundError: 404,
    errors.MethodNotAllowedError: 405,
    errors.NotAcceptableError: 406,
    errors.RequestTimeoutError: 408,
    errors.ConflictError: 409,
    errors.PreconditionFailedError: 412,
    errors.ContentTooLargeError: 413,
    errors.UriTooLongError: 414,
    errors.UnsupportedMediaTypeError: 415,
    errors.ValidationError: 422,
    errors.InvalidCursorError: 422,
    errors.PreconditionRequiredError: 428,
    errors.TooManyAttemptsError: 429,
    errors.HeadersTooLargeError: 431,
    errors.ServiceUnavailableError: 503,
    errors.AppError: 500,
}
STATUSES: Final[Mapping[type[AppError], int]] = {**_OWN_STATUSES, **dict(RULE_STATUSES.items())}


def status_of(error: type[AppError]) -> int:
    """Return the status that answers `error`."""
    return next(STATUSES[base] for base in error.__mro__ if base in STATUSES)


def problems(*raised: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of an operation that may raise the errors `raised`."""
    by_status: dict[int, list[type[AppError]]] = {}
    for error in sorted(set(raised), key=lambda each: (status_of(each), each.slug)):
        by_status.setdefault(status_of(error), []).append(error)
    return {status: problem_answer(*errors) for status, errors in by_status.items()}


def problem_answer(*raised: type[AppError]) -> dict[str, Any]:
    """Return the OpenAPI response that is a problem document, with an example of each."""
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {error.slug: {"value": _example(error)} for error in raised},
    }
    lines = (f"`{error.slug}`: {error.title}" for error in raised)
    return {"description": "\n\n".join(lines), "content": {PROBLEM_JSON: content}}


def _example(error: type[AppError]) -> dict[str, Any]:
    return {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": status_of(error),
        "detail": error.title,
        "instance": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        "code": error.code or error.slug,
    }


def error_types() -> dict[str, type[AppError]]:
    """Return every problem type of the service by its slug."""
    return {error.slug: error for error in _subclasses(AppError) if "slug" in vars(error)}


class Problems:
    """Renders errors; knows where problem types are described.

    Args:
        public_url: Base of the URIs of problem types, without a final slash.
    """

    def __init__(self, public_url: str) -> None:
        self._base = f"{public_url}/problems/"

    def response(self, error: AppError) -> Response:
        """Return the answer for `error`."""
        status = status_of(type(error))
        body = self._body(error, status)
        return Response(body, status, dict(_headers(error)), media_type=PROBLEM_JSON)

    def install(self, app: FastAPI) -> None:
        """Render every refusal of `app`, its own and the framework's."""

        async def refused(_: Request, error: Exception) -> Response:
            return self.response(_domain_error(error))

        for kind in (AppError, HTTPException, RequestValidationError):
            app.add_exception_handler(kind, refused)

    def _body(self, error: AppError, status: int) -> bytes:
        more = {_text(name): _plain(value) for name, value in error.extensions.items()}
        document = more | {
            "type": self._base + error.slug,
            "title": error.title,
            "status": status,
            "detail": _plain(error.detail),
            "instance": f"urn:uuid:{correlation_id()}",
            "code": error.code or error.slug,
        }
        if not isinstance(error, errors.ValidationError):
            return _encoded(document)
        return _with_errors(document, _ordered(error.errors))


def _with_errors(document: dict[str, Any], faults: list[dict[str, str]]) -> bytes:
    kept = min(len(faults), MAX_ERRORS)
    while True:
        extra: dict[str, Any] = {"errors": faults[:kept]}
        if kept < len(faults):
            extra["truncated"] = True
        body = _encoded(document | extra)
        if len(body) <= MAX_BYTES or kept == 0:
            return body
        kept //= 2


def _ordered(faults: tuple[FieldError, ...]) -> list[dict[str, str]]:
    told = {_told(fault): None for fault in faults}
    return [dict(each) for each in sorted(told)]


def _told(fault: FieldError) -> tuple[tuple[str, str], ...]:
    place = (
        ("pointer", fault.pointer) if fault.parameter is None else ("parameter", fault.parameter)
    )
    where = (place[0], _text(place[1] or "#"))
    return (where, ("code", _text(fault.code)), ("detail", _text(fault.detail)))


def _headers(error: AppError) -> Iterator[tuple[str, str]]:
    match error:
        case errors.UnauthenticatedError(presented=presented, scheme=scheme):
            why = ', error="invalid_token"' if presented else ""
            yield "www-authenticate", f"{scheme} {_REALM}{why}"
        case errors.AmbiguousCredentialsError():
            yield "www-authenticate", f'Bearer {_REALM}, error="invalid_request"'
        case errors.MethodNotAllowedError(allow=allow):
            yield "allow", allow
        case errors.UnsupportedMediaTypeError(encoded=True):
            yield "accept-encoding", "identity"
        case errors.UnsupportedMediaTypeError(patch=patch):
            yield "accept-patch" if patch else "accept", "application/json"
        case errors.ContentTooLargeError() | errors.RequestTimeoutError():
            # What is left of the body must not be read as the next request.
            yield "connection", "close"
    if error.retry_after is not None:
        yield "retry-after", str(error.retry_after)


def _domain_error(error: Exception) -> AppError:
    if isinstance(error, AppError):
        return error
    if isinstance(error, RequestValidationError):
        # Bodies and queries are read elsewhere; what is left is the path, and an id
        # that cannot be one is the id of nothing.
        return errors.NotFoundError()
    status = getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
    return errors.NotFoundError() if status == HTTPStatus.NOT_FOUND else errors.InternalError()


def _subclasses(error: type[AppError]) -> Iterator[type[AppError]]:
    for each in error.__subclasses__():
        yield each
        yield from _subclasses(each)


def _encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object, depth: int = 0) -> Any:
    """Return `value` as JSON can hold it, whatever it is."""
    plain: Any = None
    match value:
        case bool():
            plain = value
        case str():
            plain = _text(value)
        case int() if abs(value) < 2**63:
            plain = value
        case float() if math.isfinite(value):
            plain = value
        case Mapping() if depth < _MAX_DEPTH:
            pairs = list(value.items())[:MAX_ERRORS]
            plain = {_text(str(name)): _plain(each, depth + 1) for name, each in pairs}
        case list() | tuple() if depth < _MAX_DEPTH:
            plain = [_plain(each, depth + 1) for each in value[:MAX_ERRORS]]
    return plain


def _text(value: str) -> str:
    return value[:1000].encode("utf-8", "replace").decode("utf-8")
