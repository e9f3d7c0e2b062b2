"""TS0401."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Bulk, Kind, Operation, System


@check("TS0401", Domain.API, Blocker.MISSING_DETAIL)
def operation_without_permission(system: System) -> Iterator[Finding]:
    """An operation does not say who may use it.

    Why:
        Access is denied unless it is granted, so somebody must be named.

    Fix:
        Give the operation a `permission`, or write `public: true`.
    """
    open_to = (o for o in system.operations if o.public or o.kind is Kind.ACCOUNT)
    known = {operation.name for operation in open_to}
    asked: tuple[Operation | Bulk, ...] = (*system.operations, *system.bulks)
    for operation in asked:
        if operation.permission is None and operation.name not in known:
            yield Finding(
                subject=operation.name,
                span=operation.span,
                problem=f"{operation.method} {operation.path} names no permission.",
                questions=(f"Which permission does {operation.name} need?",),
                options=tuple(f'permission: "{p.name}"' for p in system.permissions[:3])
                or ("declare a permission and name it here",),
                impact="The operation cannot be built: without a permission nobody may call it.",
            )
