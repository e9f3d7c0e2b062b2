"""Who somebody is taken for, by what they send."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_DEPS: Final = "app/api/deps.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "sessions",
        "a token in the query goes with the one in the header",
        (
            _DEPS,
            'if b"access_token=" in request.scope["query_string"] or '
            '"access_token" in request.cookies:',
            'if headers[0] == "access_token":',
        ),
        kinds="authentication",
        requirement="A-16: ambiguous-credentials",
    ),
    fault(
        "sessions",
        "any scheme carries a token",
        (_DEPS, r"[Bb][Ee][Aa][Rr][Ee][Rr] (", r"[A-Za-z]+ ("),
        kinds="authentication",
        requirement="A-15: 401",
    ),
    fault(
        "sessions",
        "of two credentials the first one counts",
        (_DEPS, "if len(headers) > 1 or found is None", "if found is None"),
        kinds="authentication",
        requirement="S-026: two headers are refused",
    ),
    fault(
        "sessions",
        "a header says in which tenant one works",
        (
            _DEPS,
            "        request.state.actor = actor\n",
            '        if other := request.headers.get("x-tenant-id"):\n'
            "            from dataclasses import replace\n"
            "            from uuid import UUID\n\n"
            "            actor = replace(actor, tenant_id=UUID(other))\n"
            "        request.state.actor = actor\n",
        ),
        kinds="isolation authentication headers",
        requirement="REQ-001",
    ),
    fault(
        "sessions",
        "a header says which role one has",
        (
            _DEPS,
            "        request.state.actor = actor\n",
            '        if other := request.headers.get("x-role"):\n'
            "            from dataclasses import replace\n\n"
            "            from app.models.role import Role\n\n"
            "            actor = replace(actor, role=Role(other))\n"
            "        request.state.actor = actor\n",
        ),
        kinds="role-matrix authentication mass-assignment headers",
        requirement="S-073: roles are not taken from headers",
    ),
)
