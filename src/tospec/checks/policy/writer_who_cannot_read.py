"""TS0708."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import holders, own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0708", Domain.POLICY, Blocker.CONTRADICTION, answerable=True)
def writer_who_cannot_read(system: System) -> Iterator[Finding]:
    """A role may change rows of an entity, but may not read them.

    Why:
        The answer to its change would show what it may not see.

    Fix:
        Let the role read as well, or decide that it writes blindly.
    """
    for entity in own_entities(system):
        operations = system.operations_of(entity.name)
        readers = {r for o in operations if o.kind is Kind.READ for r in holders(system, o)}
        for operation in operations if readers else ():
            blind = [role for role in holders(system, operation) if role not in readers]
            if blind and not operation.kind.is_query:
                yield Finding(
                    subject=operation.name,
                    span=operation.span,
                    problem=f"{', '.join(blind)} may not read what {operation.name} shows.",
                    questions=(f"May {blind[0]} see the {entity.name} that the answer shows?",),
                    options=("give the role the permission to read", "decide that it may"),
                    impact="The answer of the operation contradicts the permission to read.",
                )
