"""Lists asked for several things at once, and what leads from page to page."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from tospec.model import FieldType, Kind, Operation
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.isolation import nobody
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.filters import Filter, How, filters_of
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.values import FUTURE, PAST
from tospec.verify.oracle.wire import to_query, values_of
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.scene.listing import ids_of, items_of, next_of, walk
from tospec.verify.scene.parts import Planner, Topic, Trial
from tospec.verify.scene.rows import Listed, listed

_PAGE: Final = 50
_MOST: Final = 200

type Pair = tuple[str, str]


def together(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    """Yield the cases of a list that is asked for more than one thing."""
    entity = planner.system.entity(operation.entity)
    if (
        operation.origin != "spec"
        and len(list(filters_of(entity))) + bool(entity.listing.search) > 1
    ):
        yield _together(planner, topic, operation)
    if "{" in operation.path:
        yield _elsewhere(planner, topic, operation)
    yield _link(planner, topic, operation)
    yield _usual(planner, topic, operation)


def _together(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("rows that pass all filters, and no others")
        row = _full(stage, planner, operation)
        asked = {name: pair for name, *pair in _pairs(stage, planner, row)}
        passing = [(name, right) for name, (right, _) in asked.items()]
        shown = ids_of(walk(row.scene, row.plot.step, passing))
        trial.need("a row that passes them all", holds=row.id in shown, got="it is missing")
        for name, (_, wrong) in asked.items():
            others = [pair for pair in passing if pair[0] != name]
            shown = ids_of(walk(row.scene, row.plot.step, [*others, (name, wrong)]))
            holds = row.id not in shown
            trial.need(f"a row that fails {name}={wrong} alone", holds=holds, got="it is there")
        return trial.judgement()

    return topic.case("filters-together", "A list is narrowed by all that is asked.", run, cost=20)


def _full(stage: Stage, planner: Planner, operation: Operation) -> Listed:
    """Make a row with as many values as can be, so that as many filters as can be pass it."""
    entity = planner.system.entity(operation.entity)
    role = roles_of(planner.system, operation)[0]
    fixed: dict[Place, object] = {}
    row = listed(stage, planner, operation, role, fixed)
    for name in entity.listing.filter:
        field, relation = entity.field(name), entity.relation(name)
        option: object = PAST if field and field.type is FieldType.TIMESTAMP else None
        if relation is not None and relation.to == "User":
            option = Somebody(role=role)
        elif relation is not None:
            option = Other.NEW
        if option is None or (relation and relation.name == entity.under):
            continue
        tried = {**fixed, (name,): (option,) if relation and relation.many else option}
        try:
            row = listed(stage, planner, operation, role, tried)
        except Unavailable:
            continue
        fixed = tried
    return row


def _pairs(stage: Stage, planner: Planner, row: Listed) -> Iterator[tuple[str, str, str]]:
    """Yield parameters with a value that a row passes and one that it does not."""
    entity = row.scene.world.entity_of(row.row)
    for each in filters_of(entity):
        try:
            value = row.value(each.member)
        except Undetermined:
            continue
        if value in (None, ()):
            continue
        wrong = _wrong(stage, planner, row, each, value)
        right = _right(each, value)
        if wrong is not None and right is not None:
            yield each.name, to_query(right), to_query(wrong)
    for name in entity.listing.search[:1]:
        told = row.row.values.get(name)
        if isinstance(told, str) and told.isalnum():
            yield "q", told, f"{told}x"


def _right(each: Filter, value: Any) -> Any:
    if each.how is How.LINKED:
        return value[0]
    if each.how is How.BEFORE:
        return FUTURE if each.type is FieldType.TIMESTAMP else None
    return value


def _wrong(stage: Stage, planner: Planner, row: Listed, each: Filter, value: Any) -> Any:
    """Return a value of a parameter that a row does not pass; None if none is known."""
    if each.how is How.LINKED or (each.how is How.EQUAL and each.type is FieldType.UUID):
        return nobody(stage)
    if each.type is FieldType.TIMESTAMP:
        return value if each.how is How.BEFORE else FUTURE
    if isinstance(value, bool):
        return not value
    entity = planner.system.entity(row.row.entity)
    field = entity.field(each.member)
    known = values_of(entity, field) if field and each.how is How.AMONG else ()
    return next((other for other in known if other != value), None)


def _elsewhere(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        role = roles_of(planner.system, operation)[0]
        here, there = (listed(stage, planner, operation, role, {}) for _ in range(2))
        trial = Trial("rows below the one that the path names")
        shown = ids_of(walk(here.scene, here.plot.step))
        trial.need("a row below it", holds=here.id in shown, got="it is missing")
        trial.need("a row below another one", holds=there.id not in shown, got="it is there")
        return trial.judgement()

    return topic.case("elsewhere", "A list shows what is below its own row.", run, cost=10)


def _link(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        rows = _several(stage, planner, operation, 3)
        row, asked = rows[0], _asked(planner, operation)
        trial = Trial("the page to which the cursor leads")
        first = row.scene.take(row.plot.step, query=[*asked, ("limit", "1")])
        cursor = next_of(first)
        if cursor is None:
            raise Unavailable("the first page has no cursor though there are more rows")
        path, query = _target(first.headers.get("link", ""))
        following = [*asked, ("limit", "1"), ("cursor", cursor)]
        person = row.scene.person(row.plot.step.by)
        before = row.scene.take(row.plot.step, query=following)
        by_link = stage.send(person, "GET", path, query=query)
        after = row.scene.take(row.plot.step, query=following)
        trial.control("the page by the cursor", before, works=before.status == 200)
        holds = by_link.status == 200 and is_one_of(by_link, before, after)
        trial.need("the page by the Link", holds=holds, got=f"another one ({by_link.status})")
        return trial.judgement()

    return topic.case("link", "Link leads where the cursor leads.", run, cost=14)


def is_one_of(page: Answer, *pages: Answer) -> bool:
    """Return whether a page has the items of one of `pages`.

    Other cases add rows meanwhile, so a page may change between two looks at it.
    """
    return ids_of(items_of(page)) in [ids_of(items_of(each)) for each in pages]


def _asked(planner: Planner, operation: Operation) -> list[Pair]:
    """Return an order that is not the usual one, if there is one."""
    listing = planner.system.entity(operation.entity).listing
    usual = operation.sort or listing.default_sort
    orders = (sign + name for name in listing.sort for sign in ("-", ""))
    return [("sort", each) for each in orders if each != usual][:1]


def _target(link: str) -> tuple[str, list[Pair]]:
    found = urlsplit(link.partition(">")[0].lstrip(" <"))
    if not found.path:
        raise Unavailable("the first page has no Link")
    return found.path, parse_qsl(found.query, keep_blank_values=True)


def _several(stage: Stage, planner: Planner, operation: Operation, count: int) -> list[Listed]:
    role = roles_of(planner.system, operation)[0]
    first = listed(stage, planner, operation, role, {})
    more = [first.another(f"{first.plot.target}-{number}") for number in range(1, count)]
    return [first, *more]


def _usual(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        role = roles_of(planner.system, operation)[0]
        row = listed(stage, planner, operation, role, {})
        known = len(items_of(row.scene.take(row.plot.step, query=[("limit", str(_MOST))])))
        for number in range(max(0, _PAGE + 1 - known) if _is_first(planner, operation) else 0):
            row.another(f"{row.plot.target}-{number}")
        answer = row.scene.take(row.plot.step)
        count = len(items_of(answer))
        trial = Trial(f"{_PAGE} items, or all there are")
        full = count == _PAGE if next_of(answer) else count <= _PAGE
        trial.need("a page of a size that nobody asked for", holds=full, got=f"{count} items")
        return trial.judgement()

    rule = f"A page has {_PAGE} items when nobody says how many."
    return topic.case("usual-limit", rule, run, cost=10)


def _is_first(planner: Planner, operation: Operation) -> bool:
    """Whether a list is the one of which so many rows are made that there is a second page."""
    lists = [each for each in planner.system.operations if each.kind is Kind.LIST]
    plain = [each for each in lists if "{" not in each.path and each.origin != "spec"]
    fewest = min(plain, key=lambda each: len(planner.system.entity(each.entity).relations))
    return operation.name == fewest.name
