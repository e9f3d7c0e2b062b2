"""TS0517."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System


@check("TS0517", Domain.DATA, Blocker.AMBIGUITY, answerable=True)
def email_unique_by_case(system: System) -> Iterator[Finding]:
    """An e-mail address is unique, but `A@x.org` and `a@x.org` would be two.

    Why:
        People type their address in either case and expect to be the same person.

    Fix:
        Write `ignore_case: true`.
    """
    for entity in own_entities(system):
        for unique in entity.unique:
            fields = [entity.field(name) for name in unique.fields]
            is_email = any(field and field.type is FieldType.EMAIL for field in fields)
            if is_email and not unique.ignore_case:
                yield Finding(
                    subject=f"{entity.name}.{', '.join(unique.fields)}",
                    span=unique.span,
                    problem="Addresses that differ only in case count as different.",
                    questions=("Are two addresses that differ only in case the same?",),
                    options=("ignore_case: true", "decide that case matters"),
                    impact="The unique index stays open.",
                )
