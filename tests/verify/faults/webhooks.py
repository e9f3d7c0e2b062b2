"""What webhooks are told, when it is lost, doubled, unsigned, or told to somebody else."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_FAN_OUT: Final = "app/webhooks/fan_out.py"
_SENDING: Final = "app/webhooks/sending.py"
_COURIER: Final = "app/webhooks/courier.py"
_LEDGER: Final = "app/webhooks/ledger.py"
_RULES: Final = "app/core/webhook_rules.py"
_SECRETS: Final = "app/security/webhook_secrets.py"
_SERVICE: Final = "app/services/webhooks.py"
_DELIVERIES: Final = "app/repositories/webhook_deliveries.py"
_OUTBOX: Final = "app/events/outbox.py"
_PROJECTS: Final = "app/services/projects.py"
_SENT: Final = (
    "        return await self._sender.send(taken.message, url=webhook.url, salts=salts)\n"
)
_RETRIED: Final = "if not (outcome.is_delivered or outcome.is_gone or self._taken.is_last):"
_CHOSEN: Final = "if webhook.tenant_id == row.tenant_id and row.type in webhook.events"
_IS_ACTIVE: Final = "            if webhook is None or not webhook.active:\n"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "webhooks",
        "one event of a kind is not delivered",
        (_FAN_OUT, _CHOSEN, f'{_CHOSEN} and row.type != "CommentAdded"'),
        kinds="webhooks",
        about=("CommentAdded",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what is delivered is lost, and told to have arrived",
        (_COURIER, _SENT, "        return Outcome(status=200)\n"),
        kinds="webhooks",
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "each delivery is made twice",
        (
            _COURIER,
            _SENT,
            "        await self._sender.send(taken.message, url=webhook.url, salts=salts)\n"
            + _SENT,
        ),
        kinds="webhooks",
        about=("delivered-",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "an event is announced twice, under two ids",
        (
            _PROJECTS,
            "        await self._outbox.add(ProjectCreated.of(project))\n",
            "        await self._outbox.add(ProjectCreated.of(project))\n"
            "        await self._outbox.add(ProjectCreated.of(project))\n",
        ),
        kinds="webhooks",
        about=("ProjectCreated",),
        requirement="REQ-020",
    ),
    fault(
        "webhooks",
        "an event is not announced",
        (
            _PROJECTS,
            "        await self._outbox.add(ProjectCreated.of(project))\n",
            "",
        ),
        kinds="webhooks",
        about=("ProjectCreated",),
        requirement="REQ-020",
    ),
    fault(
        "webhooks",
        "what failed is not attempted again",
        (_LEDGER, _RETRIED, "if not outcome:"),
        kinds="webhooks",
        about=("first-", "waits"),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what got no answer is not attempted again",
        (_LEDGER, _RETRIED, f"{_RETRIED[:-1]} and outcome.status:"),
        kinds="webhooks",
        about=("first-no-answer",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what failed is attempted again at once",
        (
            _COURIER,
            "            wait = WAITS[min(taken.attempt, len(WAITS)) - 1] * self._chance()\n",
            "            wait = WAITS[0] * self._chance() * 0.01\n",
        ),
        kinds="webhooks",
        about=("waits",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what failed is attempted again after an hour",
        (
            _COURIER,
            "            wait = WAITS[min(taken.attempt, len(WAITS)) - 1] * self._chance()\n",
            "            wait = timedelta(hours=1)\n",
        ),
        kinds="webhooks",
        about=("first-500", "waits"),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "each attempt has an id of its own",
        (
            _SENDING,
            "        body, id_ = message.body(), str(message.event_id)\n",
            '        body, id_ = message.body(), str(__import__("uuid").uuid4())\n',
        ),
        kinds="webhooks",
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "nothing is signed",
        (_SENDING, '            "webhook-signature": signed,\n', ""),
        kinds="webhooks",
        requirement="REQ-022",
        first=True,
    ),
    fault(
        "webhooks",
        "another body is signed than is sent",
        (
            _SENDING,
            "timestamp=timestamp, body=body)",
            "timestamp=timestamp, body=body.strip(b'}'))",
        ),
        kinds="webhooks",
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "the time is not signed",
        (
            _SECRETS,
            'signed = f"{message_id}.{timestamp}.".encode() + body',
            'signed = f"{message_id}.".encode() + body',
        ),
        kinds="webhooks",
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "the signature has the time of the event in another zone",
        (
            _SENDING,
            "        timestamp = int(self._clock.now().timestamp())\n",
            "        timestamp = int(self._clock.now().timestamp()) + 7200\n",
        ),
        kinds="webhooks",
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "events go to webhooks of other tenants as well",
        (
            _FAN_OUT,
            'webhooks.c.active, one_of(webhooks.c.tenant_id, "tenants")',
            "webhooks.c.active",
        ),
        (_FAN_OUT, _CHOSEN, "if row.type in webhook.events"),
        (_FAN_OUT, '"tenant_id": row.tenant_id,', '"tenant_id": webhook.tenant_id,'),
        kinds="webhooks",
        about=("tenants",),
        requirement="REQ-001",
        first=True,
    ),
    fault(
        "webhooks",
        "events come that were not chosen",
        (_FAN_OUT, _CHOSEN, "if webhook.tenant_id == row.tenant_id"),
        kinds="webhooks",
        about=("delivered-",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "a webhook is kept for what is on its way when it is deleted",
        (
            _SERVICE,
            "        await self._webhooks.delete(webhook.id, tenant_id=self._tenant_id)\n",
            "        await self._webhooks.get(webhook.id, tenant_id=self._tenant_id)\n",
        ),
        kinds="webhooks",
        about=("deleted",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what had failed goes on to a webhook that was switched off",
        (_COURIER, _IS_ACTIVE, "            if webhook is None:\n"),
        (
            _SERVICE,
            "        if not changed.active:\n",
            "        if changed.active is None:\n",
        ),
        kinds="webhooks",
        about=("switched-off",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "events go to webhooks that are switched off",
        (_COURIER, _IS_ACTIVE, "            if webhook is None:\n"),
        (_FAN_OUT, "        webhooks.c.active, one_of(", "        one_of("),
        kinds="webhooks",
        about=("switched-off", "gone"),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "who wants nothing ever again is asked again",
        (_LEDGER, "        if outcome.is_gone:\n", "        if outcome is None:\n"),
        (_LEDGER, "outcome.is_delivered or outcome.is_gone or", "outcome.is_delivered or"),
        kinds="webhooks",
        about=("gone",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "who wants nothing ever again stays switched on",
        (_LEDGER, "        if outcome.is_gone:\n", "        if outcome is None:\n"),
        kinds="webhooks",
        about=("gone",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "a rotation signs with the new secret alone",
        (
            _COURIER,
            "            salts.append(webhook.earlier_salt)\n",
            "            salts = [webhook.salt]\n",
        ),
        kinds="webhooks",
        about=("rotated",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "a rotation signs with the old secret alone",
        (
            _COURIER,
            "            salts.append(webhook.earlier_salt)\n",
            "            salts = [webhook.earlier_salt]\n",
        ),
        kinds="webhooks",
        about=("rotated",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what is delivered by hand has a new id",
        (
            _DELIVERIES,
            "        run_at=database_now(),\n        attempt=0,\n",
            '        run_at=database_now(),\n        event_id=__import__("uuid").uuid4(),\n'
            "        attempt=0,\n",
        ),
        kinds="webhooks",
        about=("by-hand",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "what is delivered by hand does not come",
        (
            _DELIVERIES,
            "        state=WebhookDeliveryState.WAITING,\n        run_at=database_now(),\n",
            "        state=WebhookDeliveryState.DELIVERED,\n        run_at=database_now(),\n",
        ),
        kinds="webhooks",
        about=("by-hand",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "a try comes as an event",
        (
            _SERVICE,
            '            "type": TEST_EVENT,\n',
            '            "type": webhook.events[0],\n',
        ),
        kinds="webhooks",
        about=("tried",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "whoever signs in may deliver by hand",
        (
            "app/commands/webhooks/redeliver_webhook.py",
            "import MANAGE_WEBHOOKS\n",
            "import Permission\n",
        ),
        (
            "app/commands/webhooks/redeliver_webhook.py",
            "    permission: ClassVar = MANAGE_WEBHOOKS\n",
            "    permission: ClassVar = Permission.TASK_READ\n",
        ),
        kinds="webhooks",
        about=("RedeliverWebhook",),
        requirement="REQ-022",
    ),
    fault(
        "webhooks",
        "an event carries something else",
        (
            _OUTBOX,
            '            "payload": payload,\n',
            '            "payload": {"id": payload["id"]},\n',
        ),
        kinds="webhooks",
        about=("delivered-",),
        requirement="REQ-020",
    ),
    fault(
        "webhooks",
        "an event tells the status from before",
        (
            "app/events/tasks.py",
            "            status=task.status,\n",
            "            status=task.status if before is None else before.status,\n",
        ),
        kinds="webhooks",
        about=("TaskStatusChanged",),
        requirement="REQ-020",
    ),
)
