"""TS0502."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_relations
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0502", Domain.DATA, Blocker.UNDEFINED_BEHAVIOUR, convention="data-1")
def on_delete_unsaid(system: System) -> Iterator[Finding]:
    """A relation does not say what happens when the row at its other end is deleted.

    Why:
        Refusing, deleting along and forgetting are three different businesses.

    Fix:
        Write `on_delete: restrict`, `cascade` or `set_null`, or adopt data-1: restrict.
    """
    for entity, relation in own_relations(system):
        if not relation.many and not relation.on_delete_given:
            yield Finding(
                subject=f"{entity.name}.{relation.name}",
                span=relation.span,
                problem=f"A {entity.name} whose {relation.name} is deleted: what becomes of it?",
                questions=(f"May a {relation.to} be deleted while a {entity.name} refers to it?",),
                options=("on_delete: restrict", "on_delete: cascade", "on_delete: set_null"),
                impact="The foreign key, and the answer of the delete operation, stay open.",
            )
