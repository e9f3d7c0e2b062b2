"""Bodies and answers that are files: read and sent in pieces, never whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol, Unpack
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app.api.conditions import not_modified
from app.api.deps import runtime
from app.api.routing import Decorator, OperationOptions, Router
from app.core import errors
from app.core.errors import RequestTimeoutError, UnsupportedMediaTypeError
from app.core.uploads import Upload
from app.db.files import StoredFile

LEAST_RATE: Final = 64 * 1024
"""Bytes a second that a file must bring, beyond the time that any body has."""
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_OF_UPLOADS: Final = (
    errors.ContentTooLargeError,
    errors.RequestTimeoutError,
    errors.UnsupportedMediaTypeError,
)
_HARMLESS: Final = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}


class FileRow(Protocol):
    """A row that is a file."""

    @property
    def name(self) -> str:
        """Return what the file is called."""
        ...

    @property
    def media_type(self) -> str:
        """Return what it is said to be."""
        ...

    @property
    def sha256(self) -> str:
        """Return the digest of its bytes."""
        ...


class FileRouter(Router):
    """A router of operations whose body or whose answer may be a file."""

    def upload(
        self, path: str, *, media_types: Sequence[str], **options: Unpack[OperationOptions]
    ) -> Decorator:
        """Declare an operation whose body is a file, by default of one of `media_types`."""
        content = dict.fromkeys(media_types, _BINARY)
        body = {"requestBody": {"required": True, "content": content}}
        options["raises"] = (*options.get("raises", ()), *_OF_UPLOADS)
        return self._described(self.post(path, **options), body)

    def download(
        self, path: str, *, media_types: Sequence[str], **options: Unpack[OperationOptions]
    ) -> Decorator:
        """Declare an operation whose answer is a file."""
        answer = {"content": dict.fromkeys(media_types, _BINARY)}
        options["negotiated"] = False
        add = self._described(self.get(path, **options), {"responses": {"200": answer}})

        def add_plain(endpoint: Any) -> Any:
            added = add(endpoint)
            self.routes[-1].response_class = Response
            return added

        return add_plain

    def _described(self, declare: Decorator, told: dict[str, Any]) -> Decorator:
        def add(endpoint: Any) -> Any:
            declared = declare(endpoint)
            route = self.routes[-1]
            route.openapi_extra = {**(route.openapi_extra or {}), **told}
            return declared

        return add


async def upload_of(request: Request) -> Upload:
    """Return the file that `request` brings; none of it has been read."""
    length = request.headers.get("content-length", "")
    media_type, _, _ = ", ".join(request.headers.getlist("content-type")).partition(";")
    encoding = ", ".join(request.headers.getlist("content-encoding")).lower()
    return Upload(
        media_type=media_type.strip().lower(),
        length=int(length[:18]) if length.isdecimal() else None,
        fault=None if encoding in {"", "identity"} else UnsupportedMediaTypeError(encoded=True),
        chunks=_chunks(request),
    )


if TYPE_CHECKING:
    FileBody = Upload
else:
    FileBody = Annotated[Upload, Depends(upload_of)]


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield the body of `request`.

    Raises:
        RequestTimeoutError: If it comes too slowly, or ends before its end.
    """
    clock, stream = asyncio.get_running_loop(), request.stream()
    deadline = clock.time() + runtime(request).body_timeout
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except (TimeoutError, ClientDisconnect):
            raise RequestTimeoutError from None
        deadline += len(chunk) / LEAST_RATE
        if chunk:
            yield chunk


def download(request: Request, row: FileRow, file: StoredFile) -> Response:
    """Return the answer that hands out a file, to be saved rather than shown."""
    tag = f'"{row.sha256}"'
    headers = {"etag": tag, **_HARMLESS}
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    headers |= {
        "content-disposition": _attachment(row.name),
        "content-length": str(file.size),
        "content-type": row.media_type,
    }
    if request.method == "HEAD":
        return Response(headers=headers)
    return StreamingResponse(file.chunks, headers=headers)


def _attachment(name: str) -> str:
    """Return the header for a name, in which nothing of the name has a meaning (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
