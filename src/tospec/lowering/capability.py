"""What a spec may say and this version cannot build."""

import builtins
from collections.abc import Iterator
from typing import Final

from tospec import expression
from tospec.diagnostics import Diagnostic
from tospec.expression import Path
from tospec.lowering.cases.unprovable import unprovable
from tospec.model import Kind, System

PROFILES: Final = ("cqrs",)
DATABASES: Final = ("postgresql", "sqlite")
CONVENTIONS: Final = ("rest-1", "data-1", "accounts-1", "events-1", "operations-1")

_UNBUILDABLE: Final = "TS1201"
_TIMES: Final = (expression.Kind.TIMESTAMP, expression.Kind.DURATION)
_TAKEN: Final = frozenset(("Model", "Nesting", "Reference", "Tree", "Update"))
"""Entities whose files, tables or classes would take the place of a backend's own."""


def unbuildable(system: System) -> tuple[Diagnostic, ...]:
    """Return what of a complete spec this version cannot build, in the spec's order.

    A spec that is understood but cannot be built is refused as a whole: nothing is generated that
    would not do its job.
    """
    return tuple(_problems(system))


def _problems(system: System) -> Iterator[Diagnostic]:
    if system.profile not in PROFILES:
        yield _problem(system, f"The profile {system.profile} cannot be built.", "profile: cqrs")
    if system.tenancy is None or system.tenancy.kind != "row":
        yield _problem(system, "A system without tenants cannot be built.", "tenancy: row")
    if system.auth is None or system.auth.kind != "local":
        yield _problem(system, "Only local accounts can be built.", "auth: local")
    if set(system.databases) != set(DATABASES):
        databases = f"databases: [{', '.join(DATABASES)}]"
        yield _problem(system, "A backend runs on both databases or is not built.", databases)
    for name in CONVENTIONS:
        if not system.has(name):
            message = f"Without the convention {name} there is nothing that could be built."
            yield _problem(system, message, f"conventions: [{name}]")

    yield from _public(system)
    yield from _reckoned(system)
    yield from _taken(system)
    yield from unprovable(system)


def _public(system: System) -> Iterator[Diagnostic]:
    for operation in system.operations:
        if operation.public and operation.kind is not Kind.ACCOUNT:
            message = f"{operation.name} is public, but has rows of tenants to do with."
            help_ = "Give it a permission, or leave `public` out: whoever is signed in may use it."
            yield Diagnostic(code=_UNBUILDABLE, span=operation.span, message=message, help=help_)


def _reckoned(system: System) -> Iterator[Diagnostic]:
    for entity in system.entities:
        for computed in entity.computed:
            tree = computed.value.tree.root
            if tree.type.kind in _TIMES and not isinstance(tree, Path):
                message = f"{entity.name}.{computed.name} is a time that the database reckons."
                help_ = "Compute a condition on it instead, or store the time as a field."
                yield Diagnostic(code=_UNBUILDABLE, span=computed.span, message=message, help=help_)


def _taken(system: System) -> Iterator[Diagnostic]:
    for entity in system.entities:
        if entity.name in _TAKEN or hasattr(builtins, entity.name):
            message = f"'{entity.name}' has a meaning in every backend."
            help_ = "Give the entity another name."
            yield Diagnostic(code=_UNBUILDABLE, span=entity.span, message=message, help=help_)


def _problem(system: System, message: str, way_out: str) -> Diagnostic:
    return Diagnostic(
        code=_UNBUILDABLE,
        span=system.span,
        message=message,
        help=f"This version of tospec builds systems with `{way_out}`.",
    )
