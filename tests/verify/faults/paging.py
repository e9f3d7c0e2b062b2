"""Lists that are right until two things come together."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_ORDERS: Final = "app/repositories/paging.py"
_TASKS: Final = "app/repositories/tasks.py"
_FILTERS: Final = "app/db/filters.py"
_MATCHING: Final = "members(filters), visible"
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
            _MATCHING,
            'members(filters) | ({"priority": ()} if filters.status else {}), visible',
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
            _MATCHING,
            'members(filters) | ({"project_id": None} if filters.q else {}), visible',
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
            _MATCHING,
            'members(filters) | {"status": filters.status[:1]}, visible',
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
            "return condition == parameter(name, condition)",
            "return condition | ~parameter(name, condition)",
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
            'equal(tasks.c.assignee_id, "assignee_id")',
            'equal(tasks.c.created_by_id, "assignee_id")',
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
            "return value < parameter(name, value)",
            "return (value < parameter(name, value)) | value.is_(None)",
        ),
        kinds="lists",
        about=("ListTasks",),
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "rows of one value are lost between pages",
        (
            _ORDERS,
            "return self.value.is_(None) if null else self.value == self._last",
            "return self.value.is_(None) if null else false()",
        ),
        kinds="lists",
        requirement="A-73: every row exactly once",
    ),
    fault(
        "lists",
        "rows without a value are lost between pages",
        (
            _ORDERS,
            "return or_(further, self.value.is_(None)) if self.nullable else further",
            "return further",
        ),
        kinds="lists",
        about=("Task",),
        requirement="A-73: every row exactly once",
    ),
    fault(
        "lists",
        "rows without a value come first",
        (
            _ORDERS,
            "return (self.value.is_(None), direction) if self.nullable",
            "return (self.value.is_not(None), direction) if self.nullable",
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
            '    if "cursor" in query or not _PLAIN.fullmatch(query):\n'
            "        others = [(name, value) for name, value in "
            'query_pairs(request) if name != "cursor"]',
            "    if query:\n"
            "        others = [(name, value) for name, value in "
            'query_pairs(request) if name == "limit"]',
        ),
        kinds="lists headers",
        requirement="A-70: Link",
    ),
    fault(
        "lists",
        "a list below a task shows those of all tasks",
        (
            "app/repositories/comments.py",
            "self.filtered(request, _filters(), sent, visible, tenant_id=tenant_id)",
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
            _ORDERS,
            "_ranked(table.c[key.column])",
            '_ranked(table.c["created_at" if key.column == "updated_at" else key.column])',
        ),
        kinds="lists",
        requirement="REQ-015",
    ),
    fault(
        "lists",
        "the trail of one row is that of all",
        (
            "app/repositories/audit_entries.py",
            'equal(audit_entries.c.entity_id, "entity_id")',
            "audit_entries.c.id.is_not(None)",
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
            "        tasks.c.assignee_id == CALLER.user_id,\n",
            "        (tasks.c.assignee_id == CALLER.user_id) | tasks.c.assignee_id.is_(None),\n",
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
            "        tasks.c.status.not_in([TaskStatus.DONE, TaskStatus.CANCELLED]),\n",
            "        tasks.c.status.in_([TaskStatus.TODO, TaskStatus.IN_PROGRESS]),\n",
        ),
        kinds="lists",
        about=("MyTasks",),
        requirement="REQ-015",
    ),
)
