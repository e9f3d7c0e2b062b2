"""Deleted rows that come back for the wrong people, too easily, not at all, or unnoticed."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_COMMAND: Final = "app/commands/comments/restore_comment.py"
_QUERY: Final = "app/queries/comments/list_deleted_comments.py"
_SERVICE: Final = "app/services/comments.py"
_POLICY: Final = "app/authorization/policies/comments.py"
_REPOSITORY: Final = "app/repositories/restoring.py"
_ENTITIES: Final = "app/repositories/entities.py"
_ABOUT: Final = ("RestoreComment", "ListDeletedComments", "Comment")
_RESTORED: Final = (
    "        restored = await self._restorable_comments.restore("
    "comment, tenant_id=self._tenant_id)\n"
)
_CHECKED: Final = (
    "        await self._comments.check("
    "comment.id, rules.on_restore(), tenant_id=self._tenant_id)\n"
)
_ENTRY: Final = (
    "        await self._audit.record(\n"
    '            "comment.restore", "comment", comment.id, before=comment, after=restored\n'
    "        )\n"
)
_ONE_OF_THEM: Final = "    return actor.role in ("
_ANYBODY: Final = "    return comment is not None or actor.role in ("
_OF_ALL_TENANTS: Final = """        return _EVERY_ROW

    @classmethod
    def _scoped(cls):
        return select(cls.table)

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
        (_COMMAND, "Permission.COMMENT_CREATE", "Permission.TASK_READ"),
        (
            _POLICY,
            "    return actor.role in (",
            "    return comment is not None or actor.role in (",
        ),
        first=True,
    ),
    _restoring(
        "whoever sees a comment restores it",
        "role-matrix permitted",
        (
            _POLICY,
            "    return actor.role in (",
            "    return comment is not None or actor.role in (",
        ),
    ),
    _restoring(
        "the author restores what a moderator deleted",
        "role-matrix",
        (
            _POLICY,
            _ONE_OF_THEM,
            "    return comment.author_id == actor.user_id or actor.role in (",
        ),
    ),
    _restoring(
        "rows of other tenants are restored",
        "isolation",
        (_REPOSITORY, "        return _EVERY_ROW\n", _OF_ALL_TENANTS),
        (_SERVICE, _RESTORED + _CHECKED, _RESTORED),
        contract="REQ-001",
        first=True,
    ),
    _restoring(
        "what one does not see is restored",
        "role-matrix permitted stateful",
        (
            _SERVICE,
            "        return await self._restorable_comments.get_for_update(\n"
            "            comment_id, tenant_id=self._tenant_id, visible=visible\n",
            "        return await self._restorable_comments.get_for_update(\n"
            "            comment_id, tenant_id=self._tenant_id\n",
        ),
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
        (_SERVICE, _RESTORED + _CHECKED, _RESTORED),
    ),
    _restoring(
        "the trail is silent",
        "audit",
        (_SERVICE, _CHECKED + _ENTRY, _CHECKED),
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
        "the list shows what others may restore",
        "restoring",
        (_QUERY, "listing.page, visible(), allows_restore(), ", "listing.page, visible(), "),
    ),
    _restoring(
        "the list shows what is not deleted",
        "restoring",
        (_REPOSITORY, "self._is_deleted(), *conditions", "*conditions"),
    ),
)
