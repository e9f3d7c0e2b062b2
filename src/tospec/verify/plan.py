"""The plan: which cases a run puts, in a stable order."""

from collections.abc import Sequence
from itertools import groupby

from tospec.errors import UsageError
from tospec.model.system import System
from tospec.verify.base import CaseKind, PlannedCase


def planned(
    system: System, kinds: Sequence[CaseKind], only: Sequence[str] = ()
) -> tuple[PlannedCase, ...]:
    """Return the cases that a system calls for; nothing is sent.

    Args:
        system: The system of the spec.
        kinds: The kinds of cases to plan.
        only: Beginnings of ids that are wanted, such as `role-matrix` or
            `role-matrix/operation StartTask`; none for all.

    Raises:
        UsageError: If one of `only` begins no case's id.
    """
    cases = tuple(case for kind in kinds for case in kind.plan(system))
    _require_unique(cases)
    for wanted in only:
        if not any(_is_wanted(case, (wanted,)) for case in cases):
            names = ", ".join(dict.fromkeys(case.kind for case in cases))
            raise UsageError(
                f"No case is called {wanted!r}.",
                f"Kinds of cases are: {names}. 'tospec verify --list' lists all cases.",
            )
    return tuple(case for case in cases if not only or _is_wanted(case, only))


def groups_of(cases: Sequence[PlannedCase]) -> list[tuple[PlannedCase, ...]]:
    """Return the cases in groups that run one after another; groups may run side by side.

    Cases of a kind about an element make a group, since they use the same objects. Those that
    spoil something or mostly wait are not among them.
    """
    calm = [case for case in cases if not (case.spoils or case.waits)]
    return [tuple(group) for _, group in groupby(calm, key=lambda case: (case.kind, case.element))]


def _is_wanted(case: PlannedCase, only: Sequence[str]) -> bool:
    names = (case.id, f"{case.kind}/{case.element}", f"{case.kind}/{case.operation}")
    return any(name == want or name.startswith(f"{want}/") for want in only for name in names)


def _require_unique(cases: Sequence[PlannedCase]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            message = f"two cases are called {case.id}"
            raise ValueError(message)
        seen.add(case.id)
