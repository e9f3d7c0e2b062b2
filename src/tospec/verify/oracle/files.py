"""Files as clients send them: the media type as a header, what is said of them in the query."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Operation, System
from tospec.verify.base import Json, Request

CONTENT: Final = b"A file of a verifier.\n"
_FORMS: Final = {
    "image/png": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a49444154789c6360000000020001483dcd3d0000000049454e44ae426082"
    ),
    "image/gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9",
    "application/pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "application/zip": b"PK\5\6" + b"\0" * 18,
}
"""The beginnings of files of their kinds, for targets that look."""


def content_of(media_type: str) -> bytes:
    """Return a small file of a media type."""
    return _FORMS.get(media_type, CONTENT)


def media_types(entity: Entity) -> tuple[str, ...]:
    """Return what the files of an entity may be."""
    return entity.file.media_types if entity.file else ()


def file_for(system: System, operation: Operation) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Return the headers and the bytes of a small file that an upload takes."""
    media_type = media_types(system.entity(operation.entity))[0]
    return (("content-type", media_type),), content_of(media_type)


def as_upload(request: Request, entity: Entity) -> Request:
    """Return a request whose body holds the members of a row, as one that sends a file.

    A body of bytes is sent as it is.
    """
    media_type = media_types(entity)[0]
    content = request.body
    query = request.query
    if not isinstance(content, bytes):
        members = content if isinstance(content, Mapping) else {}
        query = (*query, *((name, _spelled(value)) for name, value in members.items()))
        content = content_of(media_type)
    given = {name.lower() for name, _ in request.headers}
    said = () if "content-type" in given else (("content-type", media_type),)
    return replace(request, query=query, headers=(*request.headers, *said), body=content)


def _spelled(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
