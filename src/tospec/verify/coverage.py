"""Coverage: which elements of the spec were judged, by which kind of case, with what outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tospec.evidence import Case, Coverage, Outcome
from tospec.model.entities import Entity
from tospec.model.system import System
from tospec.verify.scene.accounts import ABSENT


def coverage_of(cases: Iterable[Case]) -> tuple[Coverage, ...]:
    """Return, for each element and kind, how many cases there are by outcome, sorted."""
    counts = Counter((case.element, case.kind, case.outcome) for case in cases)
    return tuple(
        Coverage(
            element=element,
            kind=kind,
            passed=counts[element, kind, Outcome.PASSED],
            failed=counts[element, kind, Outcome.FAILED],
            inconclusive=counts[element, kind, Outcome.INCONCLUSIVE],
            skipped=counts[element, kind, Outcome.SKIPPED],
        )
        for element, kind in sorted({(element, kind) for element, kind, _ in counts})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An element that no passed or failed case judged.

    Attributes:
        excused: Whether it cannot be judged from outside, as the cases about it say.
    """

    element: str
    reason: str
    excused: bool


def gaps_of(system: System, cases: Sequence[Case]) -> tuple[Gap, ...]:
    """Return the elements of a system that no passed or failed case judged."""
    judged: set[str] = set()
    tried: dict[str, Case] = {}
    for case in cases:
        elements = list(_judged_by(system, case))
        if case.outcome in (Outcome.PASSED, Outcome.FAILED):
            judged.update(elements)
        for element in elements:
            if element not in tried or case.outcome is Outcome.INCONCLUSIVE:
                tried[element] = case
    missing = [element for element in elements_of(system) if element not in judged]
    return tuple(_gap(element, tried.get(element)) for element in missing)


def _gap(element: str, case: Case | None) -> Gap:
    if case is None:
        return Gap(element=element, reason="no case", excused=False)
    excused = case.outcome is Outcome.SKIPPED
    reason = case.detail if excused else "no case about it came to a verdict"
    return Gap(element=element, reason=reason, excused=excused)


def elements_of(system: System) -> tuple[str, ...]:
    """Return what of a spec can be judged over HTTP, in the spec's order."""
    found = [f"operation {operation.name}" for operation in system.operations]
    found += [f"bulk {bulk.name}" for bulk in system.bulks]
    found += [f"permission {name}" for name in _permissions_in_use(system)]
    for entity in system.entities:
        if not entity.built_in:
            found += _elements_of_entity(entity)
    found += [f"view {name}" for name in _views_in_use(system)]
    found += [f"error {error.code}" for error in system.errors]
    found += [f"endpoint {path}" for path in (system.watch.endpoints if system.watch else ())]
    asking = [job for job in system.jobs if job.ask and job.on and not job.follows]
    found += [f"job {job.name}" for job in asking]
    asked = dict.fromkeys(job.ask.integration for job in asking if job.ask)
    found += [f"integration {name}" for name in asked]
    found += [f"schedule {schedule.name}" for schedule in system.schedules]
    if system.webhooks:
        found += ["webhooks", *(f"event {name}" for name in system.webhooks.events)]
    found += ["page /admin"] if system.admin else []
    found += [f"budget {budget.name}" for budget in system.budgets]
    found += [f"scenario {scenario.title}" for scenario in system.scenarios]
    return tuple(dict.fromkeys(found))


def _elements_of_entity(entity: Entity) -> Iterator[str]:
    yield f"entity {entity.name}"
    for field in entity.fields:
        if field.writable and field.origin == "spec" and not field.secret:
            yield f"field {entity.name}.{field.name}"
    for relation in entity.relations:
        if relation.writable and relation.origin == "spec":
            yield f"relation {entity.name}.{relation.name}"
    for unique in entity.unique:
        if all(_is_writable(entity, name) for name in unique.fields):
            yield f"unique {entity.name}.{'-'.join(unique.fields)}"
    for transition in entity.lifecycle.transitions if entity.lifecycle else ():
        yield from (f"field {entity.name}.{field.name}" for field in transition.input)
    for computed in entity.computed:
        yield f"computed {entity.name}.{computed.name}"
    for transition in entity.lifecycle.transitions if entity.lifecycle else ():
        yield f"transition {entity.name}.{transition.name}"


def _is_writable(entity: Entity, name: str) -> bool:
    member = entity.field(name) or entity.relation(name)
    return member is not None and member.writable


def _permissions_in_use(system: System) -> list[str]:
    used = {operation.permission for operation in system.operations}
    return [permission.name for permission in system.permissions if permission.name in used]


def _views_in_use(system: System) -> list[str]:
    asked = (each for each in system.operations if each.name not in ABSENT)
    return [each.view for each in asked if each.view is not None]


def _judged_by(system: System, case: Case) -> Iterator[str]:
    """Yield what a case says something about: its element, and what that brings along."""
    yield case.element
    # What a case is about at its end, such as `guard-2-SELF_REVIEW`.
    end = case.id.rpartition("/")[2]
    yield from (f"error {error.code}" for error in system.errors if end.endswith(f"-{error.code}"))
    for operation in system.operations:
        if operation.name == case.operation:
            yield f"operation {operation.name}"
            yield f"entity {operation.entity}"
            if case.kind == "role-matrix" and operation.permission:
                yield f"permission {operation.permission}"
            if case.kind == "answers" and operation.view:
                yield f"view {operation.view}"
