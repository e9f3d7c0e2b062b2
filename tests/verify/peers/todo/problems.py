"""Refusals: problem documents (RFC 9457) that say nothing of what was sent."""

from collections.abc import Mapping
from typing import Any, Final

REALM: Final = 'Bearer realm="todo"'

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "malformed-json": (400, "The body is not JSON as this service reads it."),
    "ambiguous-credentials": (400, "Exactly one credential may be sent."),
    "unauthenticated": (401, "Valid credentials are needed."),
    "permission-denied": (403, "This is not allowed."),
    "not-found": (404, "There is nothing here."),
    "method-not-allowed": (405, "This method is not offered here."),
    "not-acceptable": (406, "Only JSON can be served."),
    "conflict-unique": (409, "The value is taken."),
    "last-owner": (409, "Somebody must stay who may do what the last owner may do."),
    "task-completed": (409, "The task is completed already."),
    "task-not-completed": (409, "The task is not completed."),
    "precondition-failed": (412, "It has changed since it was read."),
    "content-too-large": (413, "The body is too large."),
    "uri-too-long": (414, "The address is too long."),
    "unsupported-media-type": (415, "Bodies are plain JSON in UTF-8."),
    "validation-error": (422, "The input is not valid."),
    "invalid-reference": (422, "Something that it refers to does not exist."),
    "invalid-cursor": (422, "The cursor does not belong to this list."),
    "precondition-required": (428, "An If-Match is needed."),
    "too-many-attempts": (429, "Too many failed attempts."),
    "headers-too-large": (431, "The headers are too large."),
    "internal-error": (500, "Something went wrong here."),
}
CODES: Final = {
    "last-owner": "LAST_OWNER",
    "task-completed": "TASK_COMPLETED",
    "task-not-completed": "TASK_NOT_COMPLETED",
}


class Refused(Exception):  # noqa: N818 - an answer, not a mishap
    """An answer that is not the one hoped for."""

    def __init__(self, slug: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = TITLES[slug][0]
        self.headers = dict(headers or {})
        self.more = more

    def document(self, base: str, request_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        title = TITLES[self.slug][1]
        return {
            "type": f"{base}problems/{self.slug}",
            "title": title,
            "status": self.status,
            "detail": title,
            "instance": f"urn:uuid:{request_id}",
            "code": CODES.get(self.slug, self.slug),
            **self.more,
        }


def faults(found: list[tuple[str, str, str]], slug: str = "validation-error") -> Refused:
    """Return the refusal of an input.

    Args:
        found: Where (`#/title`, or `?sort`), a code, and a sentence.
    """
    errors = []
    for where, code, detail in sorted(set(found)):
        place = {"pointer": where} if where.startswith("#") else {"parameter": where[1:] or "?"}
        errors.append({**place, "code": code, "detail": detail})
    return Refused(slug, errors=errors[:100])


def unauthenticated(*, presented: bool = True) -> Refused:
    """Return the one refusal of every credential."""
    challenge = f'{REALM}, error="invalid_token"' if presented else REALM
    return Refused("unauthenticated", {"WWW-Authenticate": challenge})
