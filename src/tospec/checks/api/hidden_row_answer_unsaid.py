"""TS0418."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0418", Domain.API, Blocker.UNDEFINED_BEHAVIOUR, convention="rest-1")
def hidden_row_answer_unsaid(system: System) -> Iterator[Finding]:
    """Some rows are hidden from some people, but not what these are told.

    Why:
        403 tells that the row exists; 404 does not.

    Fix:
        Adopt rest-1: a hidden row is answered like one that does not exist.
    """
    for entity in own_entities(system):
        if entity.policy and entity.policy.visible is not None:
            yield Finding(
                subject=entity.name,
                span=entity.policy.span,
                problem=f"Nothing says what somebody is told who may not see a {entity.name}.",
                questions=("Is a hidden row answered 404 or 403?",),
                options=("adopt rest-1 (404, the same as for a row that does not exist)",),
                impact="The answer to a request for a hidden row stays open.",
            )
