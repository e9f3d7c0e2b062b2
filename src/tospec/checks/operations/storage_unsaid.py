"""TS1010."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1010", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def storage_unsaid(system: System) -> Iterator[Finding]:
    """Rows are files, and nothing says where files may be kept.

    Why:
        A folder is gone with its machine, and several processes need one that all of them see.

    Fix:
        Write a block `storage: files` with `stores: [folder, s3]`.
    """
    first = next((entity.file for entity in system.entities if entity.file), None)
    if first and system.storage is None:
        yield Finding(
            subject="storage",
            span=first.span,
            problem="No store of files is named.",
            questions=("Where may an installation keep files?",),
            options=("stores: [folder, s3]", "stores: [s3]"),
            impact="The settings of the store stay open.",
        )
