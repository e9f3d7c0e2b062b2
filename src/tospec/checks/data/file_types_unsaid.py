"""TS0525."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0525", Domain.DATA, Blocker.MISSING_DETAIL)
def file_types_unsaid(system: System) -> Iterator[Finding]:
    """Rows are files, and nothing says of which media types.

    Why:
        A service that takes anything hands out anything: pages with scripts, programs.

    Fix:
        Write `media_types: [image/png, application/pdf]`.
    """
    for entity in system.entities:
        if entity.file and not entity.file.media_types:
            yield Finding(
                subject=f"{entity.name}.file",
                span=entity.file.span,
                problem=f"The files of {entity.name} may be of any media type.",
                questions=("Which media types are taken?",),
                options=("media_types: [image/png, image/jpeg, application/pdf]",),
                impact="What an upload is refused for stays open.",
            )
