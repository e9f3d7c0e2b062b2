"""`Idempotency-Key`: a request that is sent again is answered again, and not carried out twice.

A key counts for one person of one tenant, one method and one path. What is kept is a success,
or a refusal by what is stored. A refusal before the work began and a fault of ours keep nothing:
such a request may be sent again with the same key.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from fastapi import Depends, Request, Response

from app.api.deps import runtime
from app.api.problems import Problems
from app.core.errors import AppError, ConcurrentUpdateError, ConflictError
from app.core.inputs import Payload
from app.core.keyed_requests import (
    Answer,
    AnsweredBefore,
    IdempotencyInProgressError,
    IdempotencyKeyInvalidError,
    IdempotencyKeyReusedError,
    KeyedRequest,
)
from app.services.idempotency import keep_refusal

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "idempotent-replayed"
# A bare key, or a string as structured fields have it.
_SPELLING: Final = r'^(?:[!#-~](?:[ !#-~]{0,253}[!#-~])?|"(?:[ !#-\[\]-~]|\\["\\]){1,255}")$'
PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A text of your own, such as a UUID, under which this request may be sent again: it is "
        "carried out once, and answered alike."
    ),
    "schema": {"type": "string", "pattern": _SPELLING},
}
_BARE: Final = re.compile(r"[\x20\x21\x23-\x7e]{1,255}")
# A string as structured fields have it (RFC 9651).
_QUOTED: Final = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"')
_KEPT_HEADERS: Final = ("content-type", "location", "etag")


@dataclass(frozen=True, slots=True)
class RepeatableRequest:
    """A request that may bear a key."""

    request: Request
    key: Payload[str | None]

    async def answer[R](
        self,
        run: Callable[[KeyedRequest[R]], Awaitable[R]],
        shown: Callable[[R], Response],
        *,
        kept: Callable[[R], Response] | None = None,
    ) -> Response:
        """Return `shown` of what `run` returns, or what the key was answered before.

        Args:
            run: Carries the request out.
            shown: Makes the answer.
            kept: Makes what is kept of it, where that is not all.
        """
        keyed = self._keyed(kept or shown)
        try:
            return shown(await run(keyed))
        except AnsweredBefore as before:
            return _replayed(before.answer)
        except ConflictError as refusal:
            # Whoever lost a race may try again.
            if not isinstance(refusal, ConcurrentUpdateError):
                await self._keep(keyed, refusal)
            raise

    def _keyed[R](self, shown: Callable[[R], Response]) -> KeyedRequest[R]:
        return KeyedRequest(
            key=self.key,
            method=self.request.method,
            route=self.request.scope["route"].path,
            fingerprint=_fingerprint(self.request) if HEADER in self.request.headers else "",
            answer_to=lambda result: _kept(shown(result)),
        )

    async def _keep[R](self, keyed: KeyedRequest[R], refusal: AppError) -> None:
        found = runtime(self.request)
        answer = _kept(Problems(found.public_url).response(refusal))
        await keep_refusal(keyed, answer, database=found.database)


class IdempotencyReader:
    """The dependency behind `Repeatable`; what is wrong with the key waits until it is read."""

    raises: ClassVar = (
        IdempotencyKeyInvalidError,
        IdempotencyInProgressError,
        IdempotencyKeyReusedError,
    )
    parameters: ClassVar = (PARAMETER,)

    async def __call__(self, request: Request) -> RepeatableRequest:
        """Return the request with its key."""
        return RepeatableRequest(request, _key(request.headers.getlist(HEADER)))


if TYPE_CHECKING:
    Repeatable = RepeatableRequest
else:
    Repeatable = Annotated[RepeatableRequest, Depends(IdempotencyReader())]


def _key(lines: list[str]) -> Payload[str | None]:
    if not lines:
        return Payload.of(None)
    if len(lines) == 1 and _BARE.fullmatch(lines[0]):
        return Payload.of(lines[0])
    quoted = _QUOTED.fullmatch(lines[0])
    if len(lines) > 1 or quoted is None:
        return Payload.failed(IdempotencyKeyInvalidError())
    return Payload.of(re.sub(r"\\(.)", r"\1", quoted[1]))


def _fingerprint(request: Request) -> str:
    """Return a digest of all that makes the request what it is, but for the bytes of a file.

    They have not been read yet; the handler adds their digest.
    """
    target = f"{request.method} {request.url.path}?{request.url.query}"
    media_type = request.headers.get("content-type", "")
    told = f"{target}\n{media_type}\n".encode()
    return sha256(told + getattr(request.state, "body", b"")).hexdigest()


def _kept(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(status=response.status_code, headers=headers, body=bytes(response.body))


def _replayed(answer: Answer) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, REPLAYED: "true"})
