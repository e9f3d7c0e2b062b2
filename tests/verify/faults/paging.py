"""Lists that are right until two things come together."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_BASE: Final = "app/repositories/base.py"
_TASKS: Final = "app/repositories/tasks.py"
_FILTERS: Final = "app/db/filters.py"
_PAGES: Final = "app/api/pages.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "lists",
        "pages are of twenty",
        ("app/schemas/page.py", "DEFAULT_LIMIT: Final = 50", "DEFAULT_LIMIT: Final = 20"),
        kinds="lists",
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "two filters are one",
        (
            _TASKS,
            "            among(tasks.c.priority, filters.priority),\n",
            "            among(tasks.c.priority, () if filters.status else filters.priority),\n",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "a search forgets the filters",
        (
            _TASKS,
            "            equal(tasks.c.project_id, filters.project_id),\n",
            "            equal(tasks.c.project_id, None if filters.q else filters.project_id),\n",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "of several states the first one counts",
        (
            _TASKS,
            "among(tasks.c.status, filters.status)",
            "among(tasks.c.status, filters.status[:1])",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "what is not overdue is everything",
        (
            _FILTERS,
            "return true() if wanted is None else condition.is_(wanted)",
            "return condition if wanted else true()",
        ),
        kinds="lists",
        about=("ListTasks", "ListProjects"),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the filter by assignee is one by creator",
        (
            _TASKS,
            "equal(tasks.c.assignee_id, filters.assignee_id)",
            "equal(tasks.c.created_by_id, filters.assignee_id)",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "what is never due is due before any day",
        (
            _FILTERS,
            "return true() if end is None else value < end",
            "return true() if end is None else or_(value < end, value.is_(None))",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "rows of one value are lost between pages",
        (
            _BASE,
            "            equal.append(column.is_(None) if value is None else column == value)\n",
            "            equal.append(false() if value is not None else column.is_(None))\n",
        ),
        kinds="lists",
        requirement="A-73: every row exactly once",
    ),
    fault(
        "lists",
        "rows without a value are lost between pages",
        (
            _BASE,
            "return or_(greater, column.is_(None)) if self._nullable(key.column) else greater",
            "return greater",
        ),
        kinds="lists",
        about=("Task",),
        requirement="A-73: every row exactly once",
    ),
    fault(
        "lists",
        "rows without a value come first",
        (
            _BASE,
            "return (column.is_(None), direction) if self._nullable(key.column)",
            "return (column.is_not(None), direction) if self._nullable(key.column)",
        ),
        kinds="lists",
        about=("Task",),
        requirement="A-71: the place of null",
    ),
    fault(
        "lists",
        "lists have no Link",
        (
            _PAGES,
            'headers = {} if following is None else {"link": _link(request, following)}',
            "headers: dict[str, str] = {}",
        ),
        kinds="lists headers",
        requirement="A-70: Link",
    ),
    fault(
        "lists",
        "the Link forgets what was asked",
        (
            _PAGES,
            'for name, value in query_pairs(request) if name != "cursor"]',
            'for name, value in query_pairs(request) if name == "limit"]',
        ),
        kinds="lists headers",
        requirement="A-70: Link",
    ),
    fault(
        "lists",
        "a list below a task shows those of all tasks",
        (
            "app/repositories/comments.py",
            "self.page(request, visible, comments.c.task_id == task_id, tenant_id=tenant_id)",
            "self.page(request, visible, tenant_id=tenant_id)",
        ),
        kinds="lists isolation",
        about=("Comment",),
        requirement="REQ-013",
    ),
    fault(
        "lists",
        "the order by change is one by creation",
        (
            _BASE,
            "        column = self.table.c[name]\n        return _rank_of",
            '        column = self.table.c["created_at" if name == "updated_at" else name]\n'
            "        return _rank_of",
        ),
        kinds="lists",
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the trail of one row is that of all",
        (
            "app/repositories/audit_entries.py",
            "for name, value in filters.items()]",
            'for name, value in filters.items() if name != "entity_id"]',
        ),
        kinds="lists audit",
        about=("Audit", "audit"),
        requirement="REQ-018",
    ),
    fault(
        "lists",
        "my tasks show what others assigned to nobody",
        (
            _TASKS,
            "            tasks.c.assignee_id == principal.user_id,\n",
            "            (tasks.c.assignee_id == principal.user_id)\n"
            "            | tasks.c.assignee_id.is_(None),\n",
        ),
        kinds="lists",
        about=("MyTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "my tasks leave out what is in review",
        (
            _TASKS,
            "            tasks.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "            tasks.c.status.in_([TaskStatus.TODO, TaskStatus.IN_PROGRESS]),\n",
        ),
        kinds="lists",
        about=("MyTasks",),
        requirement="REQ-015",
    ),
)
