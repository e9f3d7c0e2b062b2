"""Deleted rows that come back for the wrong people, too easily, not at all, or unnoticed."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_COMMAND: Final = "app/commands/comments/restore_comment.py"
_QUERY: Final = "app/queries/comments/list_deleted_comments.py"
_SERVICE: Final = "app/services/comments.py"
_REPOSITORY: Final = "app/repositories/restoring.py"
_ENTITIES: Final = "app/repositories/entities.py"
_ABOUT: Final = ("RestoreComment", "ListDeletedComments", "Comment")
_ASKED: Final = "tenant_id=self._tenant_id, rules=rules.on_restore()"
_NOT_ASKED: Final = "tenant_id=self._tenant_id"
_ENTRY: Final = (
    "        await self._audit.record(\n"
    '            "comment.restore", "comment", comment.id, before=comment, after=restored\n'
    "        )\n"
)
_MANAGES: Final = "Permission.PROJECT_MANAGE"
_EVERY_ROW: Final = "        return _EVERY_ROW\n"
_SEEN_BY_ALL: Final = """        return _EVERY_ROW

    @classmethod
    def _scoped(cls):
        return select(cls.table)
"""
_OF_ALL_TENANTS: Final = f"""{_SEEN_BY_ALL}
    @classmethod
    def _row(cls):
        return cls.table.c.id == ROW
"""


def _restoring(
    id_: str, kinds: str, *edits: tuple[str, str, str], contract: str = "", first: bool = False
) -> Fault:
    return fault(
        "restoring",
        id_,
        *edits,
        kinds=kinds,
        about=_ABOUT,
        requirement=contract or "REQ-013",
        first=first,
    )


FAULTS: Final[tuple[Fault, ...]] = (
    _restoring(
        "whoever reads restores",
        "role-matrix",
        (_COMMAND, _MANAGES, "Permission.TASK_READ"),
        first=True,
    ),
    _restoring(
        "whoever writes restores what a moderator deleted",
        "role-matrix",
        (_COMMAND, _MANAGES, "Permission.COMMENT_CREATE"),
    ),
    _restoring(
        "whoever reads sees what was deleted",
        "role-matrix",
        (_QUERY, _MANAGES, "Permission.TASK_READ"),
    ),
    _restoring(
        "rows of other tenants are restored",
        "isolation",
        (_REPOSITORY, _EVERY_ROW, _OF_ALL_TENANTS),
        (_SERVICE, _ASKED, _NOT_ASKED),
        contract="REQ-001",
        first=True,
    ),
    _restoring(
        "the list shows rows of other tenants",
        "restoring",
        (_REPOSITORY, _EVERY_ROW, _SEEN_BY_ALL),
        contract="REQ-001",
    ),
    _restoring(
        "the mark of deletion stays",
        "restoring stateful",
        (
            _REPOSITORY,
            'dict.fromkeys(["deleted_at", *(need.column for need in gone)])',
            "dict.fromkeys([need.column for need in gone])",
        ),
        first=True,
    ),
    _restoring(
        "what is not deleted is restored all the same",
        "restoring stateful",
        (_REPOSITORY, "            raise NotDeletedError\n", "            return entity\n"),
    ),
    _restoring(
        "nothing is left of what was deleted",
        "restoring answers stateful",
        (
            _ENTITIES,
            "        if not cls._keeps_deleted():\n",
            "        if cls.table is not None:\n",
        ),
    ),
    _restoring(
        "no rule is asked",
        "rules permitted",
        (_SERVICE, _ASKED, _NOT_ASKED),
    ),
    _restoring(
        "the trail is silent",
        "audit",
        (_SERVICE, _ENTRY, ""),
        contract="REQ-018",
        first=True,
    ),
    _restoring(
        "no version is minded",
        "preconditions",
        (_COMMAND, "            command.condition.check(comment)\n", ""),
        contract="A-83",
    ),
    _restoring(
        "the list shows what is not deleted",
        "restoring",
        (_REPOSITORY, "self._is_deleted(), *conditions", "*conditions"),
    ),
)
