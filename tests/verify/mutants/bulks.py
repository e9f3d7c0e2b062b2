"""Several changes in one request: who may ask, for what, and for how many."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, mutant
from tospec.model import Bulk, System


def mutants(system: System) -> Iterator[Mutant]:
    """Change the bulks."""
    for bulk in system.bulks:
        for change, changed in _changes(system, bulk):
            bulks = tuple(changed if each is bulk else each for each in system.bulks)
            yield mutant(
                "bulk",
                f"bulk {bulk.name}",
                change,
                replace(system, bulks=bulks),
                kinds="bulks openapi",
                about=(bulk.name, "document"),
            )


def _changes(system: System, bulk: Bulk) -> Iterator[tuple[str, Bulk]]:
    if bulk.most is not None:
        yield "takes one item more", replace(bulk, most=bulk.most + 1)
        yield "takes one item less", replace(bulk, most=bulk.most - 1)
    yield "is elsewhere", replace(bulk, path=f"{bulk.path}-changes")
    for move in bulk.transitions:
        rest = tuple(each for each in bulk.transitions if each != move)
        yield f"without {move}", replace(bulk, transitions=rest)
    for permission in system.permissions:
        asked = system.permission(bulk.permission).roles if bulk.permission else system.roles
        if permission.roles != asked:
            yield f"needs {permission.name}", replace(bulk, permission=permission.name)
