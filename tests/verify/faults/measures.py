"""Measures that count wrong, tell of what was before a change, or tell it to whom they must not."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_VALUES: Final = "app/computed/projects.py"
_MEASURES: Final = "app/db/measures.py"
_WATCHED: Final = "app/repositories/watched.py"
_CHANGES: Final = "app/db/changes.py"
_CACHE: Final = "app/core/cache.py"
_QUERY: Final = "app/queries/projects/project_statistics.py"
_ABOUT: Final = ("ProjectStatistics",)
_OF_THE_PROJECT: Final = '        refers(task, "project_id", to=project),\n'
_THIS_WEEK: Final = (
    "        and_(task.c.completed_at.is_not(None), "
    "task.c.completed_at >= NOW - timedelta(days=7)),\n"
)
_SEEN: Final = "            if not await projects.exists(\n"
_UNASKED: Final = "            if query is None and not await projects.exists(\n"


def _measure(id_: str, *edits: tuple[str, str, str], first: bool = False) -> Fault:
    kinds = "measures computed"
    return fault(
        "measures", id_, *edits, kinds=kinds, about=_ABOUT, requirement="REQ-017", first=first
    )


FAULTS: Final[tuple[Fault, ...]] = (
    _measure(
        "a new row leaves what is kept",
        (
            _WATCHED,
            "        self._end_answers(entity, tenant_id=tenant_id)\n        return entity\n",
            "        return entity\n",
        ),
    ),
    _measure(
        "a change leaves what is kept",
        (_WATCHED, "        self._end_answers(entity, changed, tenant_id=tenant_id)\n", ""),
        first=True,
    ),
    _measure(
        "a row that goes leaves what is kept",
        (_WATCHED, "        self._end_answers(*rows, tenant_id=tenant_id)\n", ""),
    ),
    _measure(
        "nothing ends what is kept",
        (_CHANGES, "            if self._noted:\n", "            if not self._noted:\n"),
    ),
    _measure(
        "an answer is kept about all projects",
        (_CACHE, "/{self.tenant_id}/{self.row_id}", "/{self.tenant_id}"),
    ),
    _measure(
        "an answer is told to colleagues who do not see the project",
        (_QUERY, _SEEN, _UNASKED),
        first=True,
    ),
    _measure(
        "an answer is told to other tenants",
        (_CACHE, "/{self.tenant_id}/{self.row_id}", "/{self.row_id}"),
        (_QUERY, _SEEN, _UNASKED),
    ),
    _measure(
        "tasks of all projects and tenants count",
        (_VALUES, _OF_THE_PROJECT + _THIS_WEEK, _THIS_WEEK),
    ),
    _measure(
        "one more is open than there are",
        (_VALUES, "    return open_tasks(project)\n", "    return open_tasks(project) + 1\n"),
    ),
    _measure(
        "whatever is due is overdue",
        (_VALUES, "task_values.is_overdue(task)", "task.c.due_at.is_not(None)"),
    ),
    _measure(
        "what was done long ago counts, and nothing else",
        (_VALUES, ">= NOW - timedelta(days=7)", "<= NOW - timedelta(days=7)"),
    ),
    _measure(
        "the last thirty days lie in the future",
        (_VALUES, ">= NOW - timedelta(days=30)", ">= NOW + timedelta(days=30)"),
    ),
    _measure(
        "of an even number of rows the lower one is the median",
        (_MEASURES, "(ranked.c.total + 2) // 2]", "(ranked.c.total + 1) // 2]"),
    ),
    _measure(
        "the median lies between the least and the greatest",
        (_MEASURES, ".where(ranked.c.place.in_(places))", ".where(ranked.c.place > 0)"),
    ),
    _measure(
        "the median of no rows is none at all",
        (
            _MEASURES,
            "select(low + (high - low) // 2)",
            "select(func.coalesce(low + (high - low) // 2, 0))",
        ),
    ),
)
