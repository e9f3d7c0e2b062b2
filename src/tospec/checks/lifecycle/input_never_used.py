"""TS0613."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import input_names, lifecycles
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0613", Domain.LIFECYCLE, Blocker.CONTRADICTION)
def input_never_used(system: System) -> Iterator[Finding]:
    """A transition asks for an input that it neither stores nor checks.

    Why:
        People would type a reason that nobody ever sees.

    Fix:
        Set a field to it, or remove the input.
    """
    for entity, lifecycle in lifecycles(system):
        for transition in lifecycle.transitions:
            used = input_names(transition)
            for field in transition.input:
                if field.name not in used:
                    yield Finding(
                        subject=f"{entity.name}.{transition.name}.{field.name}",
                        span=field.span,
                        problem=f"{transition.name} asks for {field.name} and forgets it.",
                        questions=(f"Where is {field.name} kept?",),
                        options=(f'set: {{a_field: "input.{field.name}"}}', "remove the input"),
                        impact="The value would be lost.",
                    )
