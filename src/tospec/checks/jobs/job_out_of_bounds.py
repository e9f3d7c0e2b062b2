"""TS1312."""

from collections.abc import Iterator
from decimal import Decimal

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.expression import Constant, Typed
from tospec.expression import Kind as TypeKind
from tospec.model import Assignment, Field, Job, System
from tospec.model.pattern_matching import matches


@check("TS1312", Domain.JOBS, Blocker.CONTRADICTION)
def job_out_of_bounds(system: System) -> Iterator[Finding]:
    """A job stores a value that its field never holds.

    Why:
        The database refuses it, for each row and in each attempt, and nobody waits for the answer.

    Fix:
        Store a value within the bounds of the field, or widen them.
    """
    for job in system.jobs:
        for field, assignment in _stored(system, job):
            if not _fits(field, assignment.value.tree.root):
                yield Finding(
                    subject=f"{job.name}.{field.name}",
                    span=assignment.span,
                    problem=f"`{assignment.value.text}` is out of the bounds of {field.name}.",
                    questions=(f"Which value of {field.name} is meant?",),
                    options=("a value within its bounds", f"wider bounds of {field.name}"),
                    impact="Every attempt would fail.",
                )


def _stored(system: System, job: Job) -> Iterator[tuple[Field, Assignment]]:
    for assignment in (each for update in job.updates for each in update.set):
        field = system.entity(job.entity).field(assignment.target) if job.entity else None
        if field:
            yield field, assignment


def _fits(field: Field, value: Typed) -> bool:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return _text_fits(field, value.value)
    least, most = field.range or (None, None)
    if isinstance(value, Constant) and type(value.value) in (int, Decimal):
        low = high = Decimal(str(value.value))
    elif value.type.kind is TypeKind.INT:
        low, high = Decimal(value.type.minimum), Decimal(value.type.maximum)
    else:
        return True
    return (least is None or high >= least) and (most is None or low <= most)


def _text_fits(field: Field, text: str) -> bool:
    least, most = field.length or (0, len(text))
    return least <= len(text) <= most and (not field.pattern or matches(field.pattern, text))
