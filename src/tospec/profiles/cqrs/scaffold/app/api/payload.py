"""Reads and checks a request's body and query once; faults wait until they may be told."""

import asyncio
from collections import Counter
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, TypeAdapter
from pydantic import ValidationError as SchemaError
from starlette.requests import ClientDisconnect

from app.api.faults import field_errors, unknown_parameters
from app.core.errors import (
    AppError,
    ContentTooLargeError,
    FieldError,
    MalformedJsonError,
    RequestTimeoutError,
    UnsupportedMediaTypeError,
    ValidationError,
)
from app.core.inputs import Payload
from app.core.jsonio import check_json

MAX_QUERY_PARAMETERS: Final = 100


class BodyReader[T]:
    """The dependency behind `JsonBody[T]`.

    Raises:
        ContentTooLargeError: At once, if the declared length exceeds the limit.
        UnsupportedMediaTypeError: At once, if the body is not plain UTF-8 JSON.
    """

    def __init__(self, model: type[T]) -> None:
        self.model = self.body_model = model
        self._adapter = TypeAdapter(model)

    async def __call__(self, request: Request) -> Payload[T]:
        """Return the body, or what is wrong with it; `request.state.body` has its bytes."""
        _check_length(request)
        require_json(request)
        request.state.body = b""
        try:
            request.state.body = await _read(request)
            return Payload.of(self._validated(request.state.body, query_fault(request)))
        except AppError as fault:
            return Payload.failed(fault)

    def _validated(self, body: bytes, query: ValidationError | None) -> T:
        check_json(body)
        errors: tuple[FieldError, ...] = query.errors if query else ()
        try:
            value = self._adapter.validate_json(body)
        except SchemaError as error:
            raise ValidationError([*field_errors(error, self.model), *errors]) from None
        if query is not None:
            raise query
        return value


class QueryReader[T: BaseModel]:
    """The dependency behind `QueryParameters[T]`."""

    def __init__(self, model: type[T]) -> None:
        self.model = model
        self._lists = frozenset(
            name for name, field in model.model_fields.items() if _is_list(field.annotation)
        )

    async def __call__(self, request: Request) -> Payload[T]:
        """Return the parameters, or what is wrong with them."""
        try:
            return Payload.of(self.read(request))
        except ValidationError as fault:
            return Payload.failed(fault)

    def read(self, request: Request) -> T:
        """Return the parameters.

        Raises:
            ValidationError: If one is unknown, repeated or not of its form.
        """
        pairs = query_pairs(request)
        errors = _repeated(pairs, self._lists, known=frozenset(self.model.model_fields))
        values: dict[str, Any] = dict(pairs)
        for name in self._lists & values.keys():
            values[name] = [value for key, value in pairs if key == name]
        try:
            value = self.model.model_validate(values)
        except SchemaError as error:
            errors = [*errors, *field_errors(error, self.model, parameters=True)]
            raise ValidationError(errors) from None
        if errors:
            raise ValidationError(errors)
        return value


def query_pairs(request: Request) -> list[tuple[str, str]]:
    """Return the query's names and values.

    Raises:
        ValidationError: If there are too many, or one is not UTF-8 text.
    """
    raw = request.scope["query_string"].decode("latin-1")
    try:
        pairs = parse_qsl(
            raw,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_QUERY_PARAMETERS,
        )
    except ValueError:
        pairs = [("", "\0")]
    if any("\0" in name or "\0" in value for name, value in pairs):
        fault = FieldError(parameter="?", code="malformed", detail="The query is malformed.")
        raise ValidationError([fault])
    return pairs


def query_fault(request: Request) -> ValidationError | None:
    """Return what is wrong with the query of an operation that knows no parameters."""
    if not request.scope["query_string"] or request.scope["route"].reads_query:
        return None
    return unknown_parameters(())


async def raw_body(request: Request) -> bytes:
    """Return the bytes of the body, of whatever they are.

    Raises:
        ContentTooLargeError: If there are more than the limit.
        RequestTimeoutError: If they come too slowly.
        MalformedJsonError: If there are none.
    """
    _check_length(request)
    return await _read(request)


def _check_length(request: Request) -> None:
    length = request.headers.get("content-length")
    limit: int = request.app.state.runtime.max_body_size
    if length is not None and (not length.isdecimal() or len(length) > 18 or int(length) > limit):
        raise ContentTooLargeError


def require_json(request: Request) -> None:
    """Let pass what the head says is plain UTF-8 JSON.

    Raises:
        UnsupportedMediaTypeError: If it is anything else.
    """
    media_type, _, parameters = _only(request, "content-type").partition(";")
    if media_type.strip().lower() != "application/json" or not _is_utf8(parameters):
        raise UnsupportedMediaTypeError(patch=request.method == "PATCH")
    if _only(request, "content-encoding").lower() not in {"", "identity"}:
        raise UnsupportedMediaTypeError(encoded=True)


def _only(request: Request, header: str) -> str:
    """Return the header; several lines are one list, which no single value equals."""
    return ", ".join(request.headers.getlist(header))


def _is_utf8(parameters: str) -> bool:
    return parameters.strip().lower().replace('"', "") in {"", "charset=utf-8"}


async def _read(request: Request) -> bytes:
    limit: int = request.app.state.runtime.max_body_size
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(request.app.state.runtime.body_timeout):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise ContentTooLargeError
                chunks.append(chunk)
    except (TimeoutError, ClientDisconnect):
        raise RequestTimeoutError from None
    if not chunks:
        raise MalformedJsonError
    return b"".join(chunks)


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in {Annotated, Union, UnionType}:
        return any(map(_is_list, get_args(annotation)))
    return origin in {list, tuple, frozenset, set}


def _repeated(
    pairs: list[tuple[str, str]], lists: frozenset[str], *, known: frozenset[str]
) -> list[FieldError]:
    counts = Counter(name for name, _ in pairs)
    return [
        FieldError(parameter=name, code="repeated", detail="May be given only once.")
        for name in sorted(counts)
        if counts[name] > 1 and name in known and name not in lists
    ]


if TYPE_CHECKING:
    type JsonBody[T] = Payload[T]
    type QueryParameters[T] = Payload[T]
else:

    class JsonBody:
        """`JsonBody[T]`: the body as `Payload[T]`."""

        def __class_getitem__(cls, model: type) -> object:
            return Annotated[Payload, Depends(BodyReader(model))]

    class QueryParameters:
        """`QueryParameters[T]`: the query as `Payload[T]`."""

        def __class_getitem__(cls, model: type) -> object:
            return Annotated[Payload, Depends(QueryReader(model))]
