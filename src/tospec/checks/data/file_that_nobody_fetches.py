"""TS0526."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0526", Domain.DATA, Blocker.MISSING_DETAIL)
def file_that_nobody_fetches(system: System) -> Iterator[Finding]:
    """Rows are files that clients send, and no client can fetch one.

    Why:
        Reading a row brings the operation that hands out its file; without it the bytes are kept
        for nobody.

    Fix:
        Give `crud` the permission for `read`.
    """
    for entity in system.entities:
        kinds = {operation.kind for operation in system.operations_of(entity.name)}
        if entity.file and Kind.CREATE in kinds and Kind.DOWNLOAD not in kinds:
            yield Finding(
                subject=f"{entity.name}.file",
                span=entity.file.span,
                problem=f"The files of {entity.name} can be sent, and never fetched.",
                questions=("Who may fetch a file?",),
                options=('crud: {read: "a permission"}',),
                impact="No operation hands out the files.",
            )
