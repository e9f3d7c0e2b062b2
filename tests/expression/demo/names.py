"""How the demo's names are spelled."""

from collections.abc import Mapping

from tospec.lowering.expressions import Link, RowNames, TableNames
from tospec.python import Code, symbol

_TABLES = "tests.expression.demo.tables"
_FUNCTIONS = "tests.expression.demo.functions"

_INVERSES: Mapping[tuple[str, str], str | Link] = {
    ("User", "reports"): "manager_id",
    ("Project", "tasks"): "project_id",
    ("Task", "subtasks"): "parent_id",
    ("Task", "labels"): Link(symbol(_TABLES, "task_labels"), "task_id", "label_id"),
    ("Label", "tasks"): Link(symbol(_TABLES, "task_labels"), "label_id", "task_id"),
}


class DemoSchema:
    def table(self, entity: str) -> Code:
        return symbol(_TABLES, f"{entity.lower()}s")

    def reference(self, entity: str, relation: str) -> str:
        return f"{relation}_id"

    def inverse(self, entity: str, relation: str) -> str | Link:
        return _INVERSES[entity, relation]

    def tenant(self, entity: str) -> str:
        return "tenant_id"


def row_names() -> RowNames:
    return RowNames(
        enums=_TABLES,
        functions=_FUNCTIONS,
        roots={"principal": Code("actor"), "input": Code("inputs")},
        members={"principal.id": Code("actor.user_id"), "input.user.id": Code("inputs.user_id")},
    )


def table_names(*, is_clock_stored: bool = False) -> TableNames:
    schema = DemoSchema()
    rows = {"task": schema.table("Task")}
    return TableNames(
        schema=schema,
        python=row_names(),
        functions=_FUNCTIONS,
        is_clock_stored=is_clock_stored,
        rows=rows,
    )
