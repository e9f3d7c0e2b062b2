"""Lists that show too much, too little, or in the wrong order."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_BASE: Final = "app/repositories/base.py"
_PAGES: Final = "app/api/pages.py"
_FILTERS: Final = "app/db/filters.py"
_ORDERS: Final = "app/repositories/paging.py"
_TASKS: Final = "app/repositories/tasks.py"
_KINDS: Final = "lists stateful"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "lists",
        "the filter by state is ignored",
        (_TASKS, 'among(tasks.c.status, "status")', "tasks.c.id.is_not(None)"),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the filter by label is ignored",
        (
            _TASKS,
            "linked(\n"
            '            task_labels.c.label_id, "label_id", '
            'refers(task_labels, "task_id", to=tasks)\n'
            "        ),\n",
            "tasks.c.id.is_not(None),\n",
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the beginning of a range is left out",
        (_FILTERS, "return value >= ", "return value > "),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the end of a range is put in",
        (_FILTERS, "return value < ", "return value <= "),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "a filter by truth is inverted",
        (_FILTERS, "return condition == parameter", "return condition != parameter"),
        kinds=_KINDS,
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "every order is ascending",
        (_PAGES, 'descending=str(sort).startswith("-")', "descending=False"),
        kinds=_KINDS,
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the order asked for is ignored",
        (
            _PAGES,
            '    sort = getattr(parameters, "sort", None)\n',
            '    sort = type(parameters).model_fields["sort"].default\n',
        ),
        kinds=_KINDS,
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the oldest task comes first",
        (
            "app/schemas/tasks.py",
            '        "-priority",\n    ] = "-created_at"',
            '        "-priority",\n    ] = "created_at"',
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "priorities sort by letter",
        (
            _ORDERS,
            "return case(ranks, value=column)",
            "return column",
        ),
        (
            _ORDERS,
            "return members.index(str(value)) if members and value is not None else value",
            "return value",
        ),
        kinds=_KINDS,
        about=("Task",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "a page begins one row too late",
        (_BASE, "last = items[request.limit - 1]", "last = items[request.limit]"),
        kinds=_KINDS,
        requirement="A-73: every row once",
        first=True,
    ),
    fault(
        "lists",
        "a page repeats the last row of the one before",
        (
            _ORDERS,
            "further = self.value < self._last if self.descending else self.value > self._last",
            "further = self.value <= self._last if self.descending else self.value >= self._last",
        ),
        kinds=_KINDS,
        requirement="A-73: every row once",
    ),
    fault(
        "lists",
        "pages count rows, so that deletions shift them",
        (
            _BASE,
            "        listed = self._listed(conditions, sort, paging.begun(request))\n",
            "        place = _PLACES.get(request.after, 0)\n"
            "        listed = self._listed(conditions, sort, None).statement.offset(place)\n",
        ),
        (
            _BASE,
            "        following = tuple(getattr(last, key.column) for key in sort)\n",
            "        following = tuple(getattr(last, key.column) for key in sort)\n"
            "        _PLACES[following] = place + request.limit\n",
        ),
        (_BASE, "\n\nclass TenantRepository", "_PLACES: dict = {}\n\n\nclass TenantRepository"),
        kinds=_KINDS,
        requirement="A-73: every row once",
    ),
    fault(
        "lists",
        "there is never a next page",
        (
            _BASE,
            "return Page(items=items[: request.limit], next=following)",
            "return Page(items=items[: request.limit])",
        ),
        kinds=_KINDS,
        requirement="A-70: next",
    ),
    fault(
        "lists",
        "pages of 201 are served",
        ("app/schemas/fields.py", "Field(ge=1, le=200, ", "Field(ge=1, le=201, "),
        kinds=_KINDS,
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the limit is ignored",
        (
            _PAGES,
            "return PageRequest(limit=parameters.limit, sort",
            "return PageRequest(limit=50, sort",
        ),
        kinds=_KINDS,
        requirement="A-70: limit",
    ),
    fault(
        "lists",
        "a cursor serves another order",
        (
            _PAGES,
            "        parameters.model_dump_json(exclude=_NOT_BOUND),\n",
            "",
        ),
        kinds=_KINDS,
        requirement="A-72: a cursor is bound to filter and sort",
    ),
    fault(
        "lists",
        "a bad cursor leads to the first page",
        (
            _PAGES,
            "    after = None if cursor is None else _verify(request, cursor)\n",
            "    try:\n"
            "        after = None if cursor is None else _verify(request, cursor)\n"
            "    except InvalidCursorError:\n"
            "        after = None\n",
        ),
        kinds=_KINDS,
        requirement="A-72: invalid-cursor",
    ),
    fault(
        "lists",
        "my tasks are everybody's",
        (_TASKS, "        tasks.c.assignee_id == CALLER.user_id,\n", ""),
        kinds=f"answers role-matrix {_KINDS}",
        about=("MyTasks",),
        requirement="REQ-011",
    ),
    fault(
        "lists",
        "my tasks include what is done",
        (
            _TASKS,
            "        tasks.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "",
        ),
        kinds=f"answers {_KINDS}",
        about=("MyTasks",),
        requirement="REQ-011",
    ),
    fault(
        "lists",
        "deleted comments show",
        (
            "app/repositories/entities.py",
            "return rows.where(cls._is_there()) if cls._keeps_deleted() else rows",
            "return rows",
        ),
        kinds=f"answers references {_KINDS}",
        about=("Comment",),
        requirement="REQ-013",
    ),
)
