"""The search through sequences: it finds what the model and the target disagree about."""

from collections.abc import Callable
from dataclasses import replace

from tests.verify.putting import Plan
from tospec.evidence import Case, Outcome
from tospec.model import Entity, System


def _with(system: System, name: str, change: Callable[[Entity], Entity]) -> System:
    entities = tuple(change(each) if each.name == name else each for each in system.entities)
    return replace(system, entities=entities)


def _only_owners_delete(system: System) -> System:
    """Return the system with a policy by which less is allowed than the target allows."""
    narrow = next(each for each in system.entities if each.name == "Task").policy
    assert narrow is not None
    allowed = dict(narrow.allow)
    policy = replace(narrow, allow=tuple({**allowed, "delete": allowed["submit"]}.items()))
    return _with(system, "Task", lambda task: replace(task, policy=policy))


def _walked(system: System, url: str, entity: str, seed: int) -> Case:
    plan = Plan.of(system, {"stateful"})
    (case,) = (each for each in plan.cases if each.element == f"entity {entity}")
    (found,) = plan.put(url, [case], seed=seed)
    return found


def test_the_example_does_as_the_model_says(taskhub_url: str, system: System) -> None:
    found = _walked(system, taskhub_url, "Label", 1)
    assert found.outcome is Outcome.PASSED, found.got
    assert "walks of" in found.got


def test_a_disagreement_is_found_and_its_story_is_short(taskhub_url: str, system: System) -> None:
    found = _walked(_only_owners_delete(system), taskhub_url, "Task", 1)
    assert found.outcome is Outcome.FAILED
    assert "DeleteTask by" in found.got
    assert "expected 403 permission-denied, got 204" in found.got
    assert found.got.count("→") <= 2


def test_the_same_seed_walks_the_same_way(taskhub_url: str, system: System) -> None:
    first = _walked(system, taskhub_url, "Label", 3)
    again = _walked(system, taskhub_url, "Label", 3)
    other = _walked(system, taskhub_url, "Label", 4)
    assert first.got == again.got
    assert first.got != other.got
