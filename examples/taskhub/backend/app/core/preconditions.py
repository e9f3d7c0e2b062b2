"""Versions of objects as entity tags, and the condition a client puts on them."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

from app.core.errors import AppError, PreconditionFailedError, PreconditionRequiredError


class Versioned(Protocol):
    """An object whose version grows with every accepted change."""

    @property
    def id(self) -> UUID:
        """Return the object's identifier."""
        ...

    @property
    def version(self) -> int:
        """Return the object's version, from 1."""
        ...


def entity_tag(entity: Versioned) -> str:
    """Return the strong, quoted entity tag of `entity`.

    The tag is a digest of id and version: it tells nothing of how often an object
    changed, and two objects never share one.
    """
    return content_tag(entity.id.bytes + entity.version.to_bytes(8))


def content_tag(content: bytes) -> str:
    """Return the strong, quoted entity tag of `content`."""
    digest = blake2b(content, digest_size=15)
    return f'"{urlsafe_b64encode(digest.digest()).decode()}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """What `If-Match` asked for.

    Attributes:
        tags: The strong entity tags named; None if the header was absent.
        matches_any: Whether the header was `*`.
        required: Whether the operation refuses to run without the header.
        fault: An earlier fault of the request to raise instead of checking.
    """

    tags: frozenset[str] | None = None
    matches_any: bool = False
    required: bool = False
    fault: AppError | None = None

    @property
    def present(self) -> bool:
        """Return whether the client sent a condition."""
        return self.tags is not None

    def check(self, entity: Versioned) -> None:
        """Hold the condition against the current `entity`.

        Raises:
            PreconditionRequiredError: If a condition is required and was not sent.
            PreconditionFailedError: If none of the tags is the current one.
        """
        if self.fault is not None:
            raise self.fault
        if self.tags is None:
            if self.required:
                raise PreconditionRequiredError
        elif not self.matches_any and entity_tag(entity) not in self.tags:
            raise PreconditionFailedError


NO_PRECONDITION = Precondition()
