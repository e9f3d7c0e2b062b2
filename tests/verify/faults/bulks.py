"""Several changes in one request that are not what they would be alone, or not all or none."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_RUN: Final = "app/commands/bulk.py"
_TASKS: Final = "app/commands/tasks/change_tasks.py"
_SCHEMA: Final = "app/schemas/bulk.py"
_BODY: Final = "app/schemas/tasks.py"
_SHOWN: Final = "app/api/bulk.py"
_PARTS: Final = "app/db/savepoints.py"
_ABOUT: Final = ("ChangeTasks",)


def _bulk(id_: str, *edits: tuple[str, str, str], first: bool = False) -> Fault:
    return fault(
        "bulk", id_, *edits, kinds="bulks", about=_ABOUT, requirement="REQ-016", first=first
    )


FAULTS: Final[tuple[Fault, ...]] = (
    _bulk(
        "all or none keeps what was done",
        (
            _RUN,
            "                if together:\n                    require_all(outcomes)\n",
            "            if together:\n                require_all(outcomes)\n",
        ),
        first=True,
    ),
    _bulk(
        "all or none is not heard",
        (_RUN, "                if together:\n", "                if together and not outcomes:\n"),
    ),
    _bulk(
        "results come in the order of ids",
        (
            _RUN,
            "transaction, actor) for item in items]",
            "transaction, actor) for item in sorted(items, key=lambda item: item.id)]",
        ),
    ),
    _bulk("one item more than there may be", (_BODY, "max_length=100)", "max_length=101)")),
    _bulk("one item less than there may be", (_BODY, "max_length=100)", "max_length=99)")),
    _bulk(
        "a request without items",
        (_BODY, "Field(min_length=1, max_length=100)", "Field(min_length=0, max_length=100)"),
    ),
    _bulk(
        "a row twice",
        (_SCHEMA, "!= len(items):", "!= len(items) and not items:"),
    ),
    _bulk(
        "a foreign row is told from none",
        (
            _SHOWN,
            '"status": alone.status_code,',
            '"status": 403 if alone.status_code == 404 else alone.status_code,',
        ),
    ),
    _bulk(
        "refusals look like success",
        (_SHOWN, '"status": alone.status_code,', '"status": 200,'),
    ),
    _bulk("what failed counts as done", (_SHOWN, "len(told) - failed", "len(told)")),
    _bulk(
        "the policy is asked for an owner",
        (_RUN, "from dataclasses import dataclass", "from dataclasses import dataclass, replace"),
        (
            _RUN,
            "transaction, message, actor=actor)",
            'transaction, message, actor=replace(actor, role=type(actor.role)("owner")))',
        ),
        first=True,
    ),
    _bulk(
        "a refused item keeps its effect",
        (_PARTS, "        await transaction.execute(_UNDO)\n", ""),
    ),
    _bulk(
        "an item is undone after its answer",
        (
            _PARTS,
            "        raise\n    await transaction.execute(_FORGET)",
            "        raise\n    await transaction.execute(_UNDO)",
        ),
    ),
    _bulk(
        "the version of an item is not heard",
        (_SCHEMA, "if item.version is None:", "if item.version is None or item.version:"),
    ),
    _bulk(
        "everybody who reads may ask",
        (_TASKS, "Permission.TASK_UPDATE", "Permission.TASK_READ"),
    ),
    _bulk(
        "an update forgets what it was sent",
        (_SCHEMA, "in sent(item).items() if name in", 'in sent(item).items() if name + "_" in'),
    ),
    _bulk(
        "the reason of a cancellation is another",
        (
            _TASKS,
            "body=Payload.of(item)",
            'body=Payload.of(item.model_copy(update={"reason": "cancelled"}))',
        ),
    ),
    _bulk(
        "submitting completes",
        (
            _TASKS,
            "Part(_submit_task, SubmitTaskHandler(database, settings))",
            "Part(_complete_task, CompleteTaskHandler(database, settings))",
        ),
    ),
    _bulk(
        "an update may set the title",
        (
            _BODY,
            '    do: Literal["update"]\n',
            '    do: Literal["update"]\n    title: str = absent()\n',
        ),
    ),
)
