"""Keys that are forgotten, shared, or taken for somebody else's."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_API: Final = "app/api/idempotency.py"
_ONCE: Final = "app/services/idempotency.py"
_RECORDS: Final = "app/repositories/idempotency_records.py"
_OF_USER: Final = (_RECORDS, "        table.c.user_id == scope.user_id,\n", "")
_ASKED: Final = (
    "app/authorization/dispatch.py",
    "        if message.permission is not None:\n            require(actor, message.permission)\n",
    "",
)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "keys",
        "no answer is kept",
        (_ONCE, "    await records.insert(claim, answer, tenant_id=tenant_id)\n", ""),
        kinds="idempotency",
        requirement="REQ-032",
        first=True,
    ),
    fault(
        "keys",
        "keys are ignored",
        (_ONCE, "    key = request.key.value if request else None\n", "    key = None\n"),
        kinds="idempotency",
        requirement="REQ-032",
    ),
    fault(
        "keys",
        "another body gets the first answer",
        (
            _ONCE,
            "    if record.fingerprint != claim.fingerprint:\n"
            "        raise IdempotencyKeyReusedError\n",
            "",
        ),
        kinds="idempotency",
        requirement="A-92: 422",
    ),
    fault(
        "keys",
        "the body is no part of the fingerprint",
        (_API, 'sha256(told + getattr(request.state, "body", b""))', "sha256(told)"),
        kinds="idempotency",
        requirement="A-92: 422",
    ),
    fault(
        "keys",
        "a colleague gets the answer",
        _OF_USER,
        kinds="idempotency",
        requirement="A-91: a key is that of one person",
    ),
    fault(
        "keys",
        "another tenant gets the answer",
        _OF_USER,
        (
            _RECORDS,
            "        table.c.tenant_id == tenant_id,\n        table.c.method",
            "        table.c.method",
        ),
        kinds="idempotency",
        requirement="S-050",
    ),
    fault(
        "keys",
        "a key is that of every operation",
        (_RECORDS, "        table.c.route == scope.route,\n", ""),
        kinds="idempotency",
        requirement="A-91: a key is that of one operation",
    ),
    fault(
        "keys",
        "who has a key need not be asked for a permission",
        _ASKED,
        (
            "app/api/deps.py",
            "        if self.message.permission is not None:\n",
            '        if self.message.permission and "idempotency-key" not in request.headers:\n',
        ),
        kinds="idempotency",
        requirement="A-98: 403",
    ),
    fault(
        "keys",
        "a repeated answer does not say so",
        (_API, '{**answer.headers, REPLAYED: "true"}', "{**answer.headers}"),
        kinds="idempotency",
        requirement="A-94: Idempotent-Replayed",
    ),
    fault(
        "keys",
        "a repeated answer lacks its headers",
        (_API, '{**answer.headers, REPLAYED: "true"}', '{REPLAYED: "true"}'),
        kinds="idempotency",
        requirement="A-94: Location, ETag",
    ),
    fault(
        "keys",
        "a repetition leaves another audit entry",
        (
            _API,
            "        except AnsweredBefore as before:\n",
            "        except AnsweredBefore as before:\n"
            "            import json\n"
            "            from uuid import UUID\n\n"
            "            from app.api.deps import actor_of\n"
            "            from app.services.audit import AuditTrail\n\n"
            "            actor = actor_of(self.request)\n"
            '            row = UUID(json.loads(before.answer.body)["id"])\n'
            "            database = runtime(self.request).database\n"
            "            async with database.begin(actor.tenant_id) as again:\n"
            '                await AuditTrail(again, actor).record("row.create", "row", row)\n',
        ),
        kinds="idempotency",
        requirement="A-94: no second effect",
    ),
    fault(
        "keys",
        "of two at once both are carried out",
        (
            _API,
            "            return shown(await run(keyed))\n",
            '            running = self.request.app.state._state.setdefault("running", [])\n'
            "            if keyed.fingerprint in running:\n"
            "                keyed.key = Payload.of(None)\n"
            "            running.append(keyed.fingerprint)\n"
            "            try:\n"
            "                return shown(await run(keyed))\n"
            "            finally:\n"
            "                running.remove(keyed.fingerprint)\n",
        ),
        kinds="idempotency",
        requirement="A-95: never a second effect",
    ),
    fault(
        "keys",
        "a body that is not valid uses the key up",
        (
            _API,
            "            return shown(await run(keyed))\n",
            '            spoiled = self.request.app.state._state.setdefault("spoiled", set())\n'
            "            if (key := self.request.headers.get(HEADER)) in spoiled:\n"
            "                raise IdempotencyKeyReusedError\n"
            "            try:\n"
            "                return shown(await run(keyed))\n"
            "            except AppError:\n"
            "                spoiled.add(key)\n"
            "                raise\n",
        ),
        kinds="idempotency",
        requirement="A-96: what never began keeps nothing",
    ),
    fault(
        "keys",
        "quotes are part of the key",
        (
            _API,
            'return Payload.of(re.sub(r"\\\\(.)", r"\\1", quoted[1]))',
            "return Payload.of(lines[0][:255])",
        ),
        kinds="idempotency",
        requirement="A-90: both forms are one key",
    ),
    fault(
        "keys",
        "any text is a key",
        (
            _API,
            "        return Payload.failed(IdempotencyKeyInvalidError())\n",
            "        return Payload.of(lines[0][:255])\n",
        ),
        kinds="idempotency",
        requirement="A-41: 400",
    ),
)
