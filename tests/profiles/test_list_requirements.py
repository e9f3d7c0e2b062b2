"""The tests of a list name the requirements of that list, not only those of its entity."""

import ast

from tests.lowering.specs import entity, system_of
from tospec.lowering.cases.suite import suite_of
from tospec.profiles.cqrs.render.tests.requests import render_lists

ORDER = entity("""
entity: Order
fields:
  name: {type: string, length: [1, 9]}
  number: {type: int, range: [0, 9]}
policy: {visible: "true"}
list: {filter: [number], sort: [name], default_sort: nameREQUIREMENTS}
views: {item: OrderView, list: OrderView}
""")
QUERY = """
## REQ-002 Some are large

```yaml tospec
query: LargeOrders
http: GET /v1/large-orders
permission: "all:read"
of: Order
where: "number > 5"
returns: OrderView
```

## REQ-003 Lists

```yaml tospec
view: OrderView
of: Order
fields: [id, name]
```
"""


def marked(order: str, *more: str) -> tuple[list[str], dict[str, set[str]]]:
    """Return the requirements of all tests of the module, and the further ones by list."""
    (cases,) = suite_of(system_of(order, *more)).entities
    module = ast.parse(render_lists(cases, ""))
    shared = [ids(each.value) for each in module.body if isinstance(each, ast.Assign)]
    found: dict[str, set[str]] = {"list_orders": set(), "large_orders": set()}
    for each in module.body:
        if isinstance(each, ast.AsyncFunctionDef):
            name = next(name for name in found if each.name.startswith(f"test_{name}_"))
            found[name].add(" ".join(i for mark in each.decorator_list for i in ids(mark)))
    return (shared[0] if shared else []), found


def ids(mark: ast.expr) -> list[str]:
    texts = (each.value for each in ast.walk(mark) if isinstance(each, ast.Constant))
    return [each for each in texts if isinstance(each, str) and each.startswith("REQ-")]


def test_a_query_has_its_own() -> None:
    shared, own = marked(ORDER.replace("REQUIREMENTS", ""), QUERY)

    assert (shared, own) == ([], {"list_orders": {"REQ-001"}, "large_orders": {"REQ-002"}})


def test_so_has_the_list_of_an_entity() -> None:
    shared, own = marked(ORDER.replace("REQUIREMENTS", ", requirements: [REQ-003]"), QUERY)

    assert shared == []
    assert own == {"list_orders": {"REQ-001 REQ-003"}, "large_orders": {"REQ-002"}}


def test_what_all_lists_serve_stands_once() -> None:
    same = QUERY.replace("## REQ-002 Some are large\n", "")

    shared, own = marked(ORDER.replace("REQUIREMENTS", ", requirements: [REQ-003]"), same)

    assert (shared, own) == (["REQ-001"], {"list_orders": {"REQ-003"}, "large_orders": {""}})
