"""The audit trail and the endpoints of watchers, when they tell something else."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_AUDIT: Final = "app/services/audit.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "audit",
        "archiving leaves no entry",
        (
            "app/services/projects.py",
            "        await self._audit.record(\n"
            '            "project.archive_project", "project", project.id, '
            "before=project, after=updated\n        )\n",
            "",
        ),
        kinds="audit",
        about=("Project",),
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "before and after are exchanged",
        (
            _AUDIT,
            '            "before": old,\n            "after": new,\n',
            '            "before": new,\n            "after": old,\n',
        ),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries name the wrong row",
        (
            _AUDIT,
            '            "entity_id": entity_id,\n',
            '            "entity_id": self._actor.user_id,\n',
        ),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries name the wrong action",
        (
            "app/services/labels.py",
            '"label.delete", "label"',
            '"label.update", "label"',
        ),
        kinds="audit",
        about=("Label",),
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "entries say that all was long ago",
        (_AUDIT, '"occurred_at": self._now,', '"occurred_at": self._now.replace(year=2001),'),
        kinds="audit",
        requirement="REQ-018",
    ),
    fault(
        "audit",
        "the trail keeps hashes of passwords",
        (
            _AUDIT,
            "for name in open_fields(kind) if",
            "for name in kind.__struct_fields__ if",
        ),
        kinds="audit sessions",
        requirement="S-097: never in any answer",
    ),
    fault(
        "operations",
        "metrics name every path",
        (
            "app/middleware/access_log.py",
            'route = getattr(scope.get("route"), "path", UNMATCHED)',
            'route = scope["path"]',
        ),
        kinds="health",
        requirement="S-207: labels are few",
    ),
    fault(
        "operations",
        "metrics name the rows that are asked for",
        (
            "app/middleware/access_log.py",
            'route = getattr(scope.get("route"), "path", UNMATCHED)',
            'route = scope["path"] if scope.get("route") else UNMATCHED',
        ),
        kinds="health",
        requirement="S-207: labels are few",
    ),
    fault(
        "operations",
        "metrics tell of all endpoints as one",
        (
            "app/middleware/access_log.py",
            "self._measure(method, route, status, seconds)",
            "self._measure(method, UNMATCHED, status, seconds)",
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "metrics do not tell how long requests take",
        (
            "app/middleware/access_log.py",
            "        meters[1].observe(seconds)\n",
            "        REQUESTS.labels(method, UNMATCHED, str(seconds)[:0])\n",
        ),
        (
            "app/middleware/access_log.py",
            '            histogram = REQUEST_SECONDS.labels(method, route, f"{status // 100}xx")\n',
            '            histogram = REQUEST_SECONDS.labels(method, UNMATCHED, "")\n',
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "metrics do not tell of errors",
        (
            "app/middleware/access_log.py",
            "self._measure(method, route, status, seconds)",
            "self._measure(method, route, 200, seconds)",
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "health does not say which version runs",
        (
            "app/api/operations.py",
            'about = {"service": NAME, "version": VERSION, "uptime_seconds": uptime}',
            'about = {"service": NAME, "uptime_seconds": uptime, "from": VERSION[:1]}',
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "health does not say how long the process has run",
        (
            "app/api/operations.py",
            "uptime = round(time.monotonic() - runtime(request).started, 3)",
            "uptime = round(min(0, runtime(request).started))",
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "health does not say how long the database took",
        (
            "app/api/operations.py",
            '    return {"status": "up", "latency_ms": latency, **(told or {})}',
            '    return {"status": "up", **(told or {})} if latency else {"status": "up"}',
        ),
        kinds="health",
        requirement="REQ-030",
    ),
    fault(
        "operations",
        "liveness asks for a credential",
        (
            "app/api/operations.py",
            '    return document({"status": "alive"})\n',
            "    from app.core.errors import UnauthenticatedError\n\n"
            "    raise UnauthenticatedError(presented=False)\n",
        ),
        kinds="health",
        requirement="REQ-030",
    ),
)
