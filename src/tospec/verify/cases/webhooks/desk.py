"""What somebody who manages the webhooks of a tenant does with those of a case."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tospec.model import Operation
from tospec.verify.base import NOTHING, Answer, Json, Person, Stage, Unavailable
from tospec.verify.hooks.received import THANKS, Inbox, Received
from tospec.verify.hooks.receiver import Receiver
from tospec.verify.oracle.contract import told
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.probes.judging import succeeded
from tospec.verify.probes.routes import filled
from tospec.verify.stubs.called import Reply

CREATE: Final = "CreateWebhook"
READ: Final = "GetWebhook"
LIST: Final = "ListWebhooks"
UPDATE: Final = "UpdateWebhook"
DELETE: Final = "DeleteWebhook"
ROTATE: Final = "RotateWebhookSecret"
PING: Final = "PingWebhook"
DELIVERIES: Final = "ListWebhookDeliveries"
DELIVERY: Final = "GetWebhookDelivery"
REDELIVER: Final = "RedeliverWebhook"
_MOST: Final = "200"
_LOOKS: Final = 0.2

type Replies = Callable[[Received, int], Reply]


@dataclass(slots=True)
class Hook:
    """A webhook of a case.

    Attributes:
        secret: What signs now.
    """

    id: str
    secret: str
    inbox: Inbox


class Desk:
    """Makes and changes webhooks of one tenant.

    Args:
        stage: Where.
        receiver: What they deliver to.
        tenant: Whose they are.
    """

    def __init__(self, stage: Stage, receiver: Receiver, tenant: int = 0) -> None:
        self.stage = stage
        self.tenant = tenant
        self._receiver = receiver
        self._made: list[Hook] = []

    def person(self) -> Person:
        """Return somebody who manages webhooks.

        Raises:
            Unavailable: If the target has no such person.
        """
        role = roles_of(self.stage.system, self.operation(CREATE))[0]
        return self.stage.person(role, tenant=self.tenant)

    def operation(self, name: str) -> Operation:
        """Return an operation on webhooks.

        Raises:
            Unavailable: If the system has none of that name.
        """
        found = (each for each in self.stage.system.operations if each.name == name)
        operation = next(found, None)
        if operation is None:
            raise Unavailable(f"the system has no operation {name}")
        return operation

    def register(self, events: Sequence[str], reply: Replies | None = None) -> Hook:
        """Let a new inbox hear of events.

        Raises:
            Unavailable: If the target does not let it.
        """
        inbox = self._receiver.open()
        inbox.reply = reply or (lambda received, attempt: THANKS)
        body = {"url": inbox.url, "events": list(events)}
        answer = self.ask(CREATE, body=body)
        if answer.status == 409 and self._make_room():  # as many as a tenant may have
            answer = self.ask(CREATE, body=body)
        made: Mapping[str, Any] = answer.json if isinstance(answer.json, dict) else {}
        if not succeeded(answer) or not isinstance(made.get("secret"), str):
            advice = "must it deliver to this machine, as WEBHOOKS_INSECURE=true lets it?"
            raise Unavailable(f"{CREATE} for {inbox.url} gave {told(answer)}; {advice}")
        hook = Hook(id=str(made.get("id")), secret=made["secret"], inbox=inbox)
        self._made.append(hook)
        return hook

    def ask(
        self,
        name: str,
        id_: str = "",
        *,
        by: Person | None = None,
        body: Json = NOTHING,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for an operation, as somebody who manages webhooks unless somebody else is named."""
        operation = self.operation(name)
        path = filled(operation.path, id_) if id_ else operation.path
        return self.stage.send(
            by or self.person(),
            operation.method,
            path,
            body=body,
            query=query or {},
            headers=headers or {},
        )

    def read(self, hook: Hook) -> Mapping[str, Json]:
        """Return what is told of a webhook; nothing if nothing is."""
        found = self.ask(READ, hook.id).json
        return found if isinstance(found, dict) else {}

    def condition(self, hook: Hook) -> dict[str, str]:
        """Return the header by which a webhook is changed as it is now."""
        tag = self.ask(READ, hook.id).headers.get("etag", "")
        return {"If-Match": tag} if tag else {}

    def change(self, hook: Hook, body: Json) -> Answer:
        """Change a webhook."""
        return self.ask(UPDATE, hook.id, body=body, headers=self.condition(hook))

    def delete(self, hook: Hook) -> Answer:
        """Delete a webhook."""
        answer = self.ask(DELETE, hook.id, headers=self.condition(hook))
        if succeeded(answer) and hook in self._made:
            self._made.remove(hook)
        return answer

    def deliveries(self, hook: Hook) -> list[Mapping[str, Json]]:
        """Return what is listed of the deliveries to a webhook, the newest first."""
        answer = self.ask(DELIVERIES, query={"webhook_id": hook.id, "limit": _MOST})
        items = answer.json.get("items", []) if isinstance(answer.json, dict) else []
        return [each for each in items if isinstance(each, dict)]

    def delivery(self, hook: Hook, event_id: str, state: str, seconds: float) -> Mapping[str, Json]:
        """Return what is listed of a delivery, once it is in a state or time is up."""
        end = time.monotonic() + seconds
        while True:
            rows = [each for each in self.deliveries(hook) if each.get("event_id") == event_id]
            if any(each.get("state") == state for each in rows) or time.monotonic() > end:
                return rows[0] if rows else {}
            time.sleep(_LOOKS)

    def clear(self) -> None:
        """Delete what this desk has made."""
        for hook in tuple(self._made):
            self.delete(hook)

    def _make_room(self) -> bool:
        """Delete a webhook that no case waits for; return whether there was one."""
        items = self.ask(LIST, query={"limit": _MOST}).json
        rows = items.get("items", []) if isinstance(items, dict) else []
        for row in rows:
            if isinstance(row, dict) and not str(row.get("url")).startswith(self._receiver.base):
                return succeeded(self.ask(DELETE, str(row.get("id"))))
        return False
