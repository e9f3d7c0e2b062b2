"""TS0523."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import assigned_targets, own_fields
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0523", Domain.DATA, Blocker.CONTRADICTION)
def managed_field_never_written(system: System) -> Iterator[Finding]:
    """A field is written by the system alone, but no transition, command or job writes it.

    Why:
        It would keep its first value for ever, or could not be stored at all.

    Fix:
        Set it in a transition, command or job, or let clients write it.
    """
    for entity, field in own_fields(system):
        if field.managed and field.name not in assigned_targets(system, entity.name):
            yield Finding(
                subject=f"{entity.name}.{field.name}",
                span=field.span,
                problem=f"{field.name} is managed, but nothing sets it.",
                questions=(f"Which transition, command or job sets {field.name}, and to what?",),
                options=(f"set: {{{field.name}: …}} in a transition", "remove `managed: true`"),
                impact="The field would never change.",
            )
