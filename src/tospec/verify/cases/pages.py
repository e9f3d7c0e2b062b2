"""Pages of lists: limits, cursors, parameters that a list does not know."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Kind, Operation
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import Expected, problem, success
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.listing import ids_of, items_of, next_of, walk
from tospec.verify.scene.parts import Planner, Topic, Trial, control, hold
from tospec.verify.scene.rows import Listed, listed

_ROWS: Final = 5
_PAGE: Final = 2
_MOST_PAGES: Final = 60
_FEW_PAGES: Final = 20
_BAD_LIMITS: Final = ("0", "-1", "201", "1e9", "1_0", "٣", "x", "")


def paged(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases about the pages of a list."""
    yield _walk(planner, topic, operation)
    yield _limits(planner, topic, operation)
    yield _parameters(planner, topic, operation)
    yield _cursors(planner, topic, operation)


def _row(stage: Stage, planner: Planner, operation: Operation) -> Listed:
    return listed(stage, planner, operation, roles_of(planner.system, operation)[0], {})


def _more(row: Listed, count: int) -> list[str]:
    """Make further rows of the same list; return their ids."""
    names = (f"{row.plot.target}-more-{len(row.scene.ids)}-{number}" for number in range(count))
    return [row.another(name).id for name in names]


def _walk(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        row = _row(stage, planner, operation)
        lasting = {row.id, *_more(row, _ROWS - 1)}
        [going] = _more(row, 1)
        trial = Trial("each row that exists all the time exactly once")
        order = _order(planner, operation)
        size = _PAGE if order else max(_PAGE, len(walk(row.scene, row.plot.step)) // _FEW_PAGES)
        seen = _walked(planner, row, trial, lasting, going, [*order, ("limit", str(size))])
        twice = sorted({id_ for id_ in seen if seen.count(id_) > 1})
        trial.need("no row twice", holds=not twice, got=", ".join(twice[:3]))
        missing = lasting - {*seen}
        trial.need("every row", holds=not missing, got=f"{len(missing)} are missing")
        return trial.judgement()

    rule = "A walk through the pages meets each row once, though others come and go."
    return topic.case("walk", rule, run, cost=30)


def _order(planner: Planner, operation: Operation) -> list[tuple[str, str]]:
    """Return an order in which new rows come first, so that the walk is short."""
    sorts = planner.system.entity(operation.entity).listing.sort
    return [("sort", "-created_at")] if "created_at" in sorts else []


def _walked(
    planner: Planner,
    row: Listed,
    trial: Trial,
    lasting: set[str],
    going: str,
    query: list[tuple[str, str]],
) -> list[str]:
    seen: list[str] = []
    asked = query
    for page in range(_MOST_PAGES):
        answer = row.scene.take(row.plot.step, query=asked)
        ids = ids_of(items_of(answer))
        _inspect_page(trial, answer, ids, int(dict(query)["limit"]))
        seen += ids
        cursor = next_of(answer)
        if cursor is None or lasting <= {*seen}:
            return seen
        asked = [*query, ("cursor", cursor)]
        if page == 0:
            _disturb(planner, row, going)
    return seen


def _inspect_page(trial: Trial, answer: Answer, ids: list[str], size: int) -> None:
    trial.need("the page", holds=len(ids) <= size, got=f"{len(ids)} items")
    link = answer.headers.get("link", "")
    linked = 'rel="next"' in link or "rel=next" in link
    has_next = next_of(answer) is not None
    trial.need("Link to the next page", holds=linked is has_next, got=link or "missing")


def _disturb(planner: Planner, row: Listed, going: str) -> None:
    """Let a row come, and another one go."""
    _more(row, 1)
    key = row.scene.key_of(going)
    for operation in planner.system.operations_of(row.row.entity):
        if operation.kind is Kind.DELETE and key is not None:
            for who in planner.cast(row.plot.step.by).everybody:
                step = Step(operation=operation, by=who, on=key)
                if row.allows(step):
                    row.scene.play([step])
                    return


def _limits(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        row = _row(stage, planner, operation)
        wanted = problem(stage.system, 422, "validation-error", tolerant=(400,))
        trial = Trial(str(wanted))
        for limit in _BAD_LIMITS:
            answer = row.scene.take(row.plot.step, query=[("limit", limit)])
            hold(trial, f"limit={limit}", answer, wanted)
        for limit in ("1", "200"):
            answer = row.scene.take(row.plot.step, query=[("limit", limit)])
            control(trial, f"limit={limit}", answer, success(stage.system, operation))
            short = len(ids_of(items_of(answer))) <= int(limit)
            trial.need(f"limit={limit}: the page", holds=short, got="more items")
        return trial.judgement()

    return topic.case("limit", "A page holds 1 to 200 items.", run, cost=14)


def _parameters(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        row = _row(stage, planner, operation)
        wanted = problem(stage.system, 422, "validation-error", tolerant=(400,))
        trial = Trial(str(wanted))
        for query in (
            [("nonsense", "1")],
            [("sort", "nonsense")],
            [("sort", "id; drop table")],
            [("limit", "1"), ("limit", "2")],
            [("tenant_id", "1")],
        ):
            answer = row.scene.take(row.plot.step, query=query)
            hold(trial, "&".join("=".join(pair) for pair in query), answer, wanted)
        plain = row.scene.take(row.plot.step)
        control(trial, "no parameters", plain, success(stage.system, operation))
        return trial.judgement()

    rule = "A list refuses parameters that it does not have."
    return topic.case("parameters", rule, run, cost=12)


def _cursors(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        row = _row(stage, planner, operation)
        _more(row, 2)
        wanted = problem(stage.system, 422, "invalid-cursor", tolerant=(400, 404))
        trial = Trial(str(wanted))
        cursor = _cursor(row)
        for name, spoiled in _spoiled(cursor):
            answer = row.scene.take(row.plot.step, query=_after(spoiled))
            hold(trial, f"a cursor {name}", answer, wanted)
        _of_another(planner, row, trial, cursor, wanted)
        _elsewhere(stage, planner, row, trial, cursor, wanted)
        answer = row.scene.take(row.plot.step, query=_after(cursor))
        control(trial, "the cursor as it was given", answer, success(stage.system, operation))
        return trial.judgement()

    rule = "A cursor works for whom and for what it was given, and cannot be forged."
    return topic.case("cursor", rule, run, cost=16)


def _cursor(row: Listed) -> str:
    cursor = next_of(row.scene.take(row.plot.step, query=[("limit", "1")]))
    if cursor is None:
        raise Unavailable("the first page has no cursor though there are more rows")
    return cursor


def _after(cursor: str) -> list[tuple[str, str]]:
    return [("limit", "1"), ("cursor", cursor)]


def _spoiled(cursor: str) -> Iterator[tuple[str, str]]:
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    yield "of nonsense", "nonsense"
    yield "cut short", cursor[:-2]
    yield "with another sign", f"{cursor[:middle]}{other}{cursor[middle + 1 :]}"


def _of_another(planner: Planner, row: Listed, trial: Trial, cursor: str, wanted: Expected) -> None:
    """A cursor is bound to the person and to the order that was asked for."""
    step = row.plot.step
    somebody = Somebody(role=step.by.role, number=step.by.number + 1)
    answer = row.scene.take(replace(step, by=somebody), query=_after(cursor))
    hold(trial, "a cursor of somebody else", answer, wanted)
    sorts = planner.system.entity(step.operation.entity).listing.sort
    for name in sorts[:1]:
        query = [*_after(cursor), ("sort", f"-{name}")]
        default = (
            step.operation.sort or planner.system.entity(step.operation.entity).listing.default_sort
        )
        if default != f"-{name}":
            hold(trial, "a cursor of another order", row.scene.take(step, query=query), wanted)


def _elsewhere(
    stage: Stage, planner: Planner, row: Listed, trial: Trial, cursor: str, wanted: Expected
) -> None:
    """A cursor is bound to its list: to the path, and to the row that the path names."""
    operation, by = row.plot.step.operation, row.plot.step.by
    if "{" in operation.path:
        other = _row(stage, planner, operation)
        answer = other.scene.take(other.plot.step, query=_after(cursor))
        hold(trial, "a cursor of the same list of another row", answer, wanted)
    for each in planner.system.operations:
        able = each.kind is Kind.LIST and by.role in roles_of(planner.system, each)
        if able and "{" not in each.path and each.name != operation.name:
            answer = row.scene.take(Step(operation=each, by=by), query=_after(cursor))
            hold(trial, f"a cursor of {operation.name} at {each.name}", answer, wanted)
            return
