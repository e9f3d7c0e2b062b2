"""The audit trail and the watching of the service, which say what is not so."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_AUDIT: Final = "app/services/audit.py"

# None takes `/metrics` away: a deployment may keep it from the public listener (A.11), and nothing
# tells a client that it is kept there from one for whom there is none.
FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "audit",
        "changes of labels leave no entry",
        (
            "app/services/labels.py",
            '        await self._audit.record("label.update", "label", label.id, '
            "before=label, after=updated)\n",
            "",
        ),
        kinds="audit",
        about=("Label",),
        requirement="REQ-018",
        first=True,
    ),
    fault(
        "audit",
        "moves of tasks leave no entry",
        (
            "app/services/tasks.py",
            '        await self._audit.record(f"task.{transition}", "task", task.id, '
            "before=task, after=moved)\n",
            "",
        ),
        kinds="audit",
        about=("Task",),
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "deleted comments leave no entry",
        (
            "app/services/comments.py",
            '            await self._audit.record("comment.delete", "comment", comment.id, '
            "before=comment)\n",
            "            del comment\n",
        ),
        kinds="audit",
        about=("Comment",),
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries name the wrong person",
        (
            _AUDIT,
            '"actor_id": self._actor.user_id,',
            '"actor_id": globals().setdefault("first", {}).setdefault(\n'
            "                self._actor.tenant_id, self._actor.user_id\n"
            "            ),",
        ),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries do not say what was before",
        (
            _AUDIT,
            "    return {name: before[name] for name in changed}, {",
            "    return None, {",
        ),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries do not say which request it was",
        (_AUDIT, '"correlation_id": correlation_id(),', '"correlation_id": None,'),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "operations",
        "health tells nothing of the database",
        (
            "app/api/operations.py",
            '{**about, "dependencies": {"database": database, **optional}}',
            '{**about, "dependencies": {}}',
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "metrics are told as JSON",
        (
            "app/api/operations.py",
            "    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)\n",
            '    return document({"requests": len(generate_latest()), '
            '"as": CONTENT_TYPE_LATEST})\n',
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "the service is never ready",
        (
            "app/api/operations.py",
            "if await _revision(request) != head_revision():",
            "if await _revision(request) == head_revision():",
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "the description leaves out an operation",
        (
            "app/api/docs.py",
            "            routes=app.routes,\n",
            '            routes=[r for r in app.routes if r.path != "/v1/labels/{label_id}"],\n',
        ),
        kinds="openapi",
        requirement="A.11: the description names every operation",
    ),
    fault(
        "operations",
        "the description leaves out an answer",
        (
            "app/api/routing.py",
            "        errors.UnauthenticatedError,\n        errors.AmbiguousCredentialsError,\n",
            "        errors.AmbiguousCredentialsError,\n",
        ),
        kinds="openapi",
        requirement="A.11: the description names every status",
    ),
)
