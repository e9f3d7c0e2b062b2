"""TS0524."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0524", Domain.DATA, Blocker.MISSING_DETAIL)
def file_size_unsaid(system: System) -> Iterator[Finding]:
    """Rows are files, and nothing says how large a file may be.

    Why:
        Without a bound one request can fill the disk.

    Fix:
        Write `max_size: 25MiB`.
    """
    for entity in system.entities:
        if entity.file and not entity.file.max_size:
            yield Finding(
                subject=f"{entity.name}.file",
                span=entity.file.span,
                problem=f"The files of {entity.name} may be of any size.",
                questions=("How many bytes may a file have?",),
                options=("max_size: 10MiB", "max_size: 25MiB"),
                impact="The limit at which an upload is refused stays open.",
            )
