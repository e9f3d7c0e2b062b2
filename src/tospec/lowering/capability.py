"""What a spec may say and this version cannot build."""

from collections.abc import Iterator
from typing import Final

from tospec.diagnostics import Diagnostic
from tospec.model import System

PROFILES: Final = ("cqrs",)
DATABASES: Final = ("postgresql", "sqlite")
CONVENTIONS: Final = ("rest-1", "data-1", "accounts-1", "events-1", "operations-1")

_UNBUILDABLE: Final = "TS1201"


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


def _problem(system: System, message: str, way_out: str) -> Diagnostic:
    return Diagnostic(
        code=_UNBUILDABLE,
        span=system.span,
        message=message,
        help=f"This version of tospec builds systems with `{way_out}`.",
    )
