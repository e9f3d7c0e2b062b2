"""Preconditions that are not held, and races with two winners."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_CONDITIONS: Final = "app/core/preconditions.py"
_UNVERSIONED: Final = (
    "app/repositories/asking.py",
    "            changed = changed.where(cls.table.c.version == expected)\n",
    "            pass\n",
)
_AGAIN: Final = (
    "        import asyncio\n\n"
    "        await asyncio.sleep(0.15)\n"
    "        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:\n"
)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "concurrency",
        "If-Match is ignored",
        (_CONDITIONS, "            raise PreconditionFailedError\n", "            return\n"),
        kinds="preconditions races",
        requirement="A-83: 412",
        first=True,
    ),
    fault(
        "concurrency",
        "a missing If-Match is a wrong one",
        (
            _CONDITIONS,
            "                raise PreconditionRequiredError\n",
            "                raise PreconditionFailedError\n",
        ),
        kinds="preconditions",
        requirement="A-37: 428",
    ),
    fault(
        "concurrency",
        "If-Match is not required",
        (
            "app/api/conditions.py",
            "Depends(IfMatchReader(required=True))",
            "Depends(IfMatchReader(required=False))",
        ),
        kinds="preconditions",
        requirement="A-37: 428",
    ),
    fault(
        "concurrency",
        "weak tags match",
        (
            "app/api/conditions.py",
            'frozenset(tag for tag in _TAGS.findall(header) if not tag.startswith("W/"))',
            'frozenset(tag.removeprefix("W/") for tag in _TAGS.findall(header))',
        ),
        kinds="preconditions",
        requirement="A-82: strong comparison",
    ),
    fault(
        "concurrency",
        "a malformed If-Match is ignored",
        (
            "app/api/conditions.py",
            "    if not _LIST.fullmatch(header):\n",
            "    if not _LIST.fullmatch(header):\n"
            "        return Precondition(tags=frozenset(), matches_any=True, fault=fault)\n"
            "    if not _LIST.fullmatch(header):\n",
        ),
        kinds="preconditions",
        requirement="A-82: malformed is 412",
    ),
    fault(
        "concurrency",
        "the tag never changes",
        (
            _CONDITIONS,
            "content_tag(entity.id.bytes + entity.version.to_bytes(8))",
            "content_tag(entity.id.bytes)",
        ),
        kinds="preconditions answers races",
        requirement="A-80: a tag for each version",
    ),
    fault(
        "concurrency",
        "what is new has no tag",
        (
            "app/api/responses.py",
            '    if of is not None:\n        headers["etag"] = entity_tag(of)\n',
            "",
        ),
        kinds="preconditions answers",
        requirement="A-01: ETag",
    ),
    fault(
        "concurrency",
        "If-None-Match is ignored",
        (
            "app/api/conditions.py",
            '    return tag in (each.removeprefix("W/") for each in _TAGS.findall(header))',
            "    return False",
        ),
        kinds="preconditions protocol headers",
        requirement="A-81: 304",
    ),
    fault(
        "concurrency",
        "an update is lost",
        _UNVERSIONED,
        (
            "app/commands/labels/update_label.py",
            "            command.condition.check(label)\n",
            "            command.condition.check(label)\n"
            f"{_AGAIN}"
            "            service = LabelService(transaction, actor, self._settings)\n",
        ),
        kinds="races",
        about=("Label", "UpdateLabel"),
        requirement="A-84: one of two writers",
    ),
    fault(
        "concurrency",
        "a move has two winners",
        _UNVERSIONED,
        (
            "app/commands/tasks/start_task.py",
            "            return await self.within(transaction, command, actor=actor)\n",
            "            service = TaskService(transaction, actor, self._settings)\n"
            "            task = await service.get_for_update(command.task_id)\n"
            "            command.condition.check(task)\n"
            f"{_AGAIN}"
            "            service = TaskService(transaction, actor, self._settings)\n"
            "            return await service.start(task)\n",
        ),
        kinds="races",
        about=("StartTask", "Task.start", "Task"),
        requirement="REQ-012",
    ),
    fault(
        "concurrency",
        "a unique value has two winners",
        (
            "migrations/versions/0002_initial.py",
            '"labels", ["tenant_id", sa.text("lower(name)")], unique=True',
            '"labels", ["tenant_id", sa.text("lower(name)")], unique=False',
        ),
        (
            "app/commands/labels/create_label.py",
            "        body = command.body.value\n",
            "        import asyncio\n\n"
            "        from app.core.errors import UniqueConflictError\n"
            "        from app.repositories.labels import LabelRepository\n"
            "        from app.schemas.page import PageRequest\n\n"
            "        body = command.body.value\n"
            "        async with self._database.read(actor.tenant_id) as transaction:\n"
            "            known = await LabelRepository(transaction).page(\n"
            "                PageRequest(limit=100_000), tenant_id=actor.tenant_id\n"
            "            )\n"
            "        if any(each.name.lower() == body.name.lower() for each in known.items):\n"
            '            raise UniqueConflictError(("name",))\n'
            "        await asyncio.sleep(0.15)\n",
        ),
        kinds="races",
        about=("Label", "CreateLabel"),
        requirement="REQ-010",
    ),
)
