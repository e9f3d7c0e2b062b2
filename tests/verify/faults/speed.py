"""Answers that come too late for the budgets of the spec."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_TELLING: Final = '        """Answer `query` on behalf of `actor`."""\n'
_CHANGING: Final = '        """Run `command` on behalf of `actor`."""\n'
_SLEEPING: Final = '        await __import__("asyncio").sleep(1.0)\n'
_LISTING: Final = "    async def __call__(self, query: ListTasks, *, actor: Actor) -> Page[Task]:\n"
_EACH_AGAIN: Final = """\
    async def __call__(self, query: ListTasks, *, actor: Actor) -> Page[Task]:
        page = await self._page(query, actor=actor)
        for _ in range(60):
            for task in page.items:
                async with self._database.read(actor.tenant_id, caller=actor) as transaction:
                    await TaskRepository(transaction).get(
                        task.id, tenant_id=actor.tenant_id, visible=visible()
                    )
        return page

    async def _page(self, query: ListTasks, *, actor: Actor) -> Page[Task]:
"""


def _late(id_: str, about: str, *edits: tuple[str, str, str]) -> Fault:
    return fault("speed", id_, *edits, kinds="budgets", about=(about,), requirement="REQ-033")


FAULTS: Final[tuple[Fault, ...]] = (
    _late(
        "a handler that reads sleeps",
        "GetTask",
        ("app/queries/tasks/get_task.py", _TELLING, _TELLING + _SLEEPING),
    ),
    _late(
        "a handler that changes sleeps",
        "CreateTask",
        ("app/commands/tasks/create_task.py", _CHANGING, _CHANGING + _SLEEPING),
    ),
    _late(
        "a list reads each of its rows again",
        "ListTasks",
        ("app/queries/tasks/list_tasks.py", _LISTING, _EACH_AGAIN),
    ),
)
