"""The files of tests that vary with the spec."""

from tospec.ir.case_tables import EntityCases, TestSuite
from tospec.profiles.base import Artifact
from tospec.profiles.cqrs.render.tests import behaviour, requests
from tospec.profiles.cqrs.render.tests.calls import render_all_calls, render_calls
from tospec.profiles.cqrs.render.tests.factories import render_factories
from tospec.profiles.cqrs.render.tests.operations import render_operations
from tospec.profiles.cqrs.render.tests.scenarios import Group, groups, render_scenarios


def _entities(suite: TestSuite) -> tuple[EntityCases, ...]:
    return suite.entities


def _origins(entity: EntityCases) -> tuple[str, ...]:
    return entity.origins


def _whole(suite: TestSuite) -> tuple[TestSuite, ...]:
    return (suite,)


def _all_origins(suite: TestSuite) -> tuple[str, ...]:
    return tuple(each for entity in suite.entities for each in entity.origins)


TEST_ARTIFACTS = (
    Artifact[TestSuite, EntityCases](
        _entities, "tests/factories/{it.names.plural}.py", render_factories, _origins
    ),
    Artifact[TestSuite, EntityCases](
        _entities, "tests/calls/{it.names.plural}.py", render_calls, _origins
    ),
    Artifact[TestSuite, TestSuite](
        _whole, "tests/calls/__init__.py", render_all_calls, _all_origins
    ),
    Artifact[TestSuite, EntityCases](
        _entities,
        "tests/operations/test_{it.names.plural}.py",
        render_operations,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(filter(behaviour.has_cells, suite.entities)),
        "tests/authorization/test_{it.names.plural}.py",
        behaviour.render_cells,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(filter(behaviour.has_rules, suite.entities)),
        "tests/rules/test_{it.names.plural}.py",
        behaviour.render_rules,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(each for each in suite.entities if each.lifecycle),
        "tests/lifecycles/test_{it.names.plural}.py",
        behaviour.render_lifecycle,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(filter(requests.has_bodies, suite.entities)),
        "tests/validation/test_{it.names.plural}.py",
        requests.render_validation,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(filter(requests.has_lists, suite.entities)),
        "tests/lists/test_{it.names.plural}.py",
        requests.render_lists,
        _origins,
    ),
    Artifact[TestSuite, EntityCases](
        lambda suite: tuple(filter(behaviour.has_announcements, suite.entities)),
        "tests/events/test_{it.names.plural}.py",
        behaviour.render_announcements,
        _origins,
    ),
    Artifact[TestSuite, TestSuite](
        _whole, "tests/events/payloads.py", behaviour.render_payloads, _all_origins
    ),
    Artifact[TestSuite, Group](
        groups,
        "tests/scenarios/test_{it.names.plural}.py",
        render_scenarios,
        lambda group: group.origins,
    ),
)
