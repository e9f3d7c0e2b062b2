"""Situations in which operations come to the end that is wanted."""

import pytest

from tospec.model import Kind, Operation, System
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.planning import Goal, Planner, Plot, done, new_world
from tospec.verify.oracle.predicting import predict, roles_of
from tospec.verify.oracle.steps import Prediction, Situation, Step
from tospec.verify.oracle.world import Somebody

MEMBER, ADMIN = Somebody(role="member"), Somebody(role="admin")


def operation(system: System, name: str) -> Operation:
    return next(each for each in system.operations if each.name == name)


def plot(system: System, name: str, me: Somebody, **more: object) -> Plot:
    goal = Goal(operation=operation(system, name), me=me, **{"wanted": done, **more})  # type: ignore[arg-type]
    found = Planner(system).find(goal)
    assert found is not None
    return found


def test_every_operation_can_succeed_for_each_role_that_holds_its_permission(
    system: System,
) -> None:
    planner = Planner(system)
    tried = 0
    for each in system.operations:
        for role in roles_of(system, each) if each.kind is not Kind.ACCOUNT else ():
            found = planner.find(Goal(operation=each, me=Somebody(role=role), wanted=done))
            assert found is not None, (each.name, role)
            tried += 1
    assert tried > 60


def test_the_steps_lead_where_the_plot_says(system: System) -> None:
    found = plot(system, "CompleteTask", MEMBER)

    world = new_world(system).with_person(MEMBER)
    for step in found.steps:
        prediction = predict(world, step)
        assert prediction.done
        world = prediction.world

    assert world.rows[found.target].values["status"] == "in_review"
    assert predict(world, found.step).world.rows[found.target].values["status"] == "done"


def test_rows_reach_every_state(system: System) -> None:
    lifecycle = system.entity("Task").lifecycle
    assert lifecycle is not None
    for state in lifecycle.states:
        found = plot(system, "GetTask", ADMIN, state=state)
        assert found.world.rows[found.target].values["status"] == state


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("StartTask", "TASK_UNASSIGNED"),
        ("CompleteTask", "OPEN_SUBTASKS"),
        ("CompleteTask", "SELF_REVIEW"),
        ("CreateTask", "PARENT_IN_OTHER_PROJECT"),
        ("UpdateTask", "PARENT_IN_OTHER_PROJECT"),
        ("UpdateTask", "ASSIGNEE_CANNOT_SEE_PROJECT"),
        ("UpdateComment", "PROJECT_ARCHIVED"),
        ("DeleteProject", "PROJECT_NOT_EMPTY"),
    ],
)
def test_each_rule_can_be_the_only_one_that_is_broken(
    system: System, name: str, error: str
) -> None:
    def broken(prediction: Prediction) -> bool:
        return prediction.errors == (error,)

    assert plot(system, name, ADMIN, wanted=broken).prediction.situation is Situation.RULE
    assert plot(system, name, ADMIN).prediction.done


def test_what_nobody_can_bring_about_is_not_found(system: System) -> None:
    viewer = Goal(operation=operation(system, "StartTask"), me=Somebody(role="viewer"), wanted=done)
    assert Planner(system).find(viewer) is None
    assert plot(system, "StartTask", MEMBER).prediction.done


def test_who_sees_what(system: System) -> None:
    planner, project = Planner(system), system.entity("Project")
    assert planner.hiding(project, "admin") is None
    assert planner.hiding(project, "member") == {("visibility",): "private"}
    assert planner.hiding(system.entity("Label"), "member") is None


def test_the_same_goal_gives_the_same_situation(system: System) -> None:
    first, second = (plot(system, "ReopenTask", MEMBER) for _ in range(2))
    assert [s.operation.name for s in first.steps] == [s.operation.name for s in second.steps]
    assert first.choices == second.choices


def test_computed_values_differ(system: System) -> None:
    task = system.entity("Task")
    overdue = next(each for each in task.computed if each.name == "is_overdue")
    assert len(Planner(system).differing(task, overdue)) == 2


def _private(system: System) -> Plot:
    return plot(
        system,
        "GetTask",
        ADMIN,
        fixed={("project",): Other.NEW, ("project", "visibility"): "private"},
    )


def test_the_order_of_evaluation(system: System) -> None:
    found = _private(system)
    start = operation(system, "StartTask")

    def by(who: Somebody) -> Situation:
        return predict(found.world, Step(operation=start, by=who, on=found.target)).situation

    assert by(Somebody(role="viewer")) is Situation.NO_PERMISSION
    assert by(Somebody(role="member")) is Situation.HIDDEN
    assert by(Somebody(role="admin", tenant=1)) is Situation.HIDDEN
    assert by(ADMIN) is Situation.RULE
    submit = Step(operation=operation(system, "SubmitTask"), by=ADMIN, on=found.target)
    assert predict(found.world, submit).situation is Situation.FORBIDDEN
    reopen = Step(operation=operation(system, "ReopenTask"), by=ADMIN, on=found.target)
    assert predict(found.world, reopen).situation is Situation.BAD_MOVE


def test_references_are_judged_by_what_the_one_who_asks_may_see(system: System) -> None:
    found = _private(system)
    project = found.world.rows[found.target].refs["project"]
    create = operation(system, "CreateTask")

    def by(who: Somebody) -> Situation:
        body = {"title": "x", "project": project}
        return predict(found.world, Step(operation=create, by=who, body=body)).situation

    assert by(MEMBER) is Situation.BAD_REFERENCE
    assert by(ADMIN) is Situation.DONE


def test_what_goes_with_what(system: System) -> None:
    def referenced(prediction: Prediction) -> bool:
        return prediction.situation is Situation.REFERENCED

    found = plot(system, "DeleteTask", ADMIN, wanted=referenced, fixed={("subtasks",): 1})
    world, task = found.world, found.target
    deletion = Step(operation=operation(system, "DeleteTask"), by=ADMIN, on=task)
    assert predict(world, deletion).situation is Situation.REFERENCED
    child = next(k for k, row in world.rows.items() if row.refs.get("parent") == task)
    alone = predict(world, Step(operation=deletion.operation, by=ADMIN, on=child))
    assert alone.done
    assert child not in alone.world.rows
    assert predict(alone.world, deletion).done
