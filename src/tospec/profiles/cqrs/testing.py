"""The tests of a backend of this profile: the part of the output tree that proves the rest."""

from collections.abc import Iterable
from typing import Any, Final

from tospec.ir.backend import Backend
from tospec.ir.case_tables import EntityCases, Suite
from tospec.ir.logic import Logic
from tospec.profiles.base import Artifact
from tospec.profiles.cqrs.render.tests import behaviour, facts, requests
from tospec.profiles.cqrs.render.tests.asking import render_asking
from tospec.profiles.cqrs.render.tests.budgets import render_budgets
from tospec.profiles.cqrs.render.tests.bulks import has_bulks, render_bulks
from tospec.profiles.cqrs.render.tests.calls import render_all_calls, render_calls
from tospec.profiles.cqrs.render.tests.event_jobs import has_event_jobs, render_event_work
from tospec.profiles.cqrs.render.tests.factories import render_factories
from tospec.profiles.cqrs.render.tests.files import has_files, render_files
from tospec.profiles.cqrs.render.tests.integrations import (
    render_contract,
    render_known_integrations,
)
from tospec.profiles.cqrs.render.tests.jobs import has_jobs, render_work
from tospec.profiles.cqrs.render.tests.kept import has_kept, render_kept
from tospec.profiles.cqrs.render.tests.messages import render_known_messages
from tospec.profiles.cqrs.render.tests.operations import render_operations
from tospec.profiles.cqrs.render.tests.scenarios import Group, groups, render_scenarios


def _suite(backend: Backend) -> tuple[Suite]:
    return (backend.tests,)


def _budgeted(backend: Backend) -> Iterable[Logic]:
    return (backend.logic,) if backend.logic.budgets else ()


def _with_bulks(backend: Backend) -> Iterable[Suite]:
    return filter(has_bulks, _suite(backend))


def _with_kept(backend: Backend) -> Iterable[Suite]:
    return filter(has_kept, _suite(backend))


def _entities(backend: Backend) -> tuple[EntityCases, ...]:
    return backend.tests.entities


def _called(backend: Backend) -> Iterable[EntityCases]:
    return (each for each in backend.tests.entities if each.operations)


def _guarded(backend: Backend) -> Iterable[EntityCases]:
    return filter(behaviour.has_cells, backend.tests.entities)


def _ruled(backend: Backend) -> Iterable[EntityCases]:
    return filter(behaviour.has_rules, backend.tests.entities)


def _living(backend: Backend) -> Iterable[EntityCases]:
    return filter(behaviour.has_lifecycle, backend.tests.entities)


def _announcing(backend: Backend) -> Iterable[EntityCases]:
    return filter(behaviour.has_announcements, backend.tests.entities)


def _filled_in(backend: Backend) -> Iterable[EntityCases]:
    return filter(requests.has_bodies, backend.tests.entities)


def _listed(backend: Backend) -> Iterable[EntityCases]:
    return filter(requests.has_lists, backend.tests.entities)


def _filed(backend: Backend) -> Iterable[EntityCases]:
    return filter(has_files, backend.tests.entities)


def _worked_on(backend: Backend) -> Iterable[EntityCases]:
    return filter(has_jobs, backend.tests.entities)


def _moved_by_events(backend: Backend) -> Iterable[EntityCases]:
    return filter(has_event_jobs, backend.tests.entities)


def _asking(backend: Backend) -> Iterable[Logic]:
    return (backend.logic,) if backend.logic.integrations else ()


def _with_messages(backend: Backend) -> Iterable[Suite]:
    return (backend.tests,) if backend.tests.messages else ()


def _of_messages(suite: Suite) -> Iterable[str]:
    for each in suite.messages:
        yield from (*each.requirements, f"integration:{each.sender}", f"event:{each.event}")


def _with_asking_jobs(backend: Backend) -> Iterable[Suite]:
    return (backend.tests,) if backend.tests.asking else ()


def _of_asking(suite: Suite) -> Iterable[str]:
    for job in suite.asking:
        yield from (*job.requirements, f"job:{job.type}")


def _of_integrations(logic: Logic) -> Iterable[str]:
    return (origin for each in logic.integrations for origin in each.origins)


def _scenarios(backend: Backend) -> Iterable[Group]:
    return groups(backend.tests)


def _of_entity(entity: EntityCases) -> tuple[str, ...]:
    return entity.origins


def _of_work(entity: EntityCases) -> Iterable[str]:
    yield from entity.origins
    for job in entity.jobs:
        yield from (*job.requirements, f"job:{job.type}")


def _of_event_work(entity: EntityCases) -> Iterable[str]:
    yield from entity.origins
    for job in entity.event_jobs:
        yield from (*job.requirements, f"job:{job.type}")


def _of_suite(suite: Suite) -> Iterable[str]:
    return (origin for entity in suite.entities for origin in entity.origins)


def _of_scenarios(group: Group) -> tuple[str, ...]:
    return group.origins


def _of_budgets(logic: Logic) -> Iterable[str]:
    for budget in logic.budgets:
        yield from (*budget.requirements, f"budget:{budget.name}")


_MODULE: Final = "{it.names.plural}.py"

TESTS: Final[tuple[Artifact[Backend, Any], ...]] = (
    Artifact(_entities, "tests/factories/" + _MODULE, render_factories, _of_entity),
    Artifact(_called, "tests/calls/" + _MODULE, render_calls, _of_entity),
    Artifact(_suite, "tests/calls/__init__.py", render_all_calls, _of_suite),
    Artifact(_called, "tests/operations/test_" + _MODULE, render_operations, _of_entity),
    Artifact(_guarded, "tests/authorization/test_" + _MODULE, behaviour.render_cells, _of_entity),
    Artifact(_ruled, "tests/rules/test_" + _MODULE, behaviour.render_rules, _of_entity),
    Artifact(_living, "tests/lifecycles/test_" + _MODULE, behaviour.render_lifecycle, _of_entity),
    Artifact(
        _filled_in, "tests/validation/test_" + _MODULE, requests.render_validation, _of_entity
    ),
    Artifact(_listed, "tests/lists/test_" + _MODULE, requests.render_lists, _of_entity),
    Artifact(
        _announcing, "tests/events/test_" + _MODULE, behaviour.render_announcements, _of_entity
    ),
    Artifact(_filed, "tests/files/test_" + _MODULE, render_files, _of_entity),
    Artifact(_with_asking_jobs, "tests/work/test_outside.py", render_asking, _of_asking),
    Artifact(_asking, "tests/stubs/contract.py", render_contract, _of_integrations),
    Artifact(_asking, "tests/integrations/known.py", render_known_integrations, _of_integrations),
    Artifact(_with_messages, "tests/inbox/known.py", render_known_messages, _of_messages),
    Artifact(_worked_on, "tests/work/test_" + _MODULE, render_work, _of_work),
    Artifact(
        _moved_by_events,
        "tests/work/test_{it.names.plural}_after_events.py",
        render_event_work,
        _of_event_work,
    ),
    Artifact(_with_bulks, "tests/bulk/known.py", render_bulks, _of_suite),
    Artifact(_budgeted, "tests/load/budgets.py", render_budgets, _of_budgets),
    Artifact(_with_kept, "tests/kept/known.py", render_kept, _of_suite),
    Artifact(_suite, "tests/requirements.py", facts.render_concerns, _of_suite),
    Artifact(_suite, "tests/installation.py", facts.render_installation, _of_suite),
    Artifact(_suite, "tests/events/payloads.py", facts.render_payloads, _of_suite),
    Artifact(_scenarios, "tests/scenarios/test_" + _MODULE, render_scenarios, _of_scenarios),
)
