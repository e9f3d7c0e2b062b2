"""Conditional requests: `If-Match` for writers, `If-None-Match` for readers (RFC 9110)."""

import re
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from app.api.payload import query_fault
from app.core.errors import AppError, PreconditionFailedError
from app.core.preconditions import Precondition

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST: Final = re.compile(rf"[ \t]*{_TAG}(?:[ \t]*,[ \t]*{_TAG})*[ \t]*")
_TAGS: Final = re.compile(_TAG)


class IfMatchReader:
    """The dependency behind `IfMatch`; a malformed header matches nothing."""

    def __init__(self, *, required: bool) -> None:
        self.required = required

    async def __call__(self, request: Request) -> Precondition:
        """Return what the header asks for, to be held against the object later."""
        fault = query_fault(request)
        lines = request.headers.getlist("if-match")
        if not lines:
            return Precondition(required=self.required, fault=fault)
        return _precondition(",".join(lines), fault)


if TYPE_CHECKING:
    IfMatch = Precondition
    RequiredIfMatch = Precondition
else:
    IfMatch = Annotated[Precondition, Depends(IfMatchReader(required=False))]
    RequiredIfMatch = Annotated[Precondition, Depends(IfMatchReader(required=True))]


def not_modified(request: Request, tag: str) -> bool:
    """Return whether the client already holds the representation with `tag`.

    The comparison is weak, as the RFC asks for `If-None-Match`.
    """
    if request.method not in {"GET", "HEAD"}:
        return False
    lines = request.headers.getlist("if-none-match")
    if not lines:
        return False
    header = ",".join(lines)
    if header.strip() == "*":
        return True
    return tag in (each.removeprefix("W/") for each in _TAGS.findall(header))


def _precondition(header: str, fault: AppError | None) -> Precondition:
    if header.strip() == "*":
        return Precondition(tags=frozenset(), matches_any=True, fault=fault)
    if not _LIST.fullmatch(header):
        malformed = PreconditionFailedError("The If-Match header is malformed.")
        return Precondition(tags=frozenset(), fault=fault or malformed)
    strong = frozenset(tag for tag in _TAGS.findall(header) if not tag.startswith("W/"))
    return Precondition(tags=strong, fault=fault)
