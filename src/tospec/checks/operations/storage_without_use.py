"""TS1011."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1011", Domain.OPERATIONS, Blocker.CONTRADICTION, blocking=False)
def storage_without_use(system: System) -> Iterator[Finding]:
    """The spec says where files are kept, and no row is a file.

    Why:
        Either an entity lacks its `file`, or the block says nothing.

    Fix:
        Give the entity that is meant a `file`, or leave the block out.
    """
    if system.storage and not any(entity.file for entity in system.entities):
        yield Finding(
            subject="storage",
            span=system.storage.span,
            problem="Files have a store, and there are none.",
            questions=("Rows of which entity are files?",),
            options=("file: {max_size: 25MiB, media_types: [image/png]}", "leave the block out"),
            impact="The backend is built without any store.",
        )
