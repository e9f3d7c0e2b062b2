"""Requests of accounts-1, audit-1, jobs-1 and webhooks-1: no entity of the spec describes them."""

from dataclasses import dataclass
from typing import Final

from tospec.model import Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Person, Request, Stage, Unavailable
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.texts import word
from tospec.verify.probes.routes import random_id

ASKABLE: Final = frozenset(
    {
        "GetMe",
        "InviteUser",
        "ListInvitations",
        "GetInvitation",
        "RevokeInvitation",
        "ListUsers",
        "GetUser",
        "UpdateUser",
        "GetTenant",
        "UpdateTenant",
        "ListAuditEntries",
        "ListJobs",
        "ReplayJobs",
        "DiscardJobs",
        "ListSchedules",
        "ListRuns",
        "CreateWebhook",
        "ListWebhooks",
        "GetWebhook",
        "ListWebhookDeliveries",
    }
)
MEASURED: Final = ASKABLE - {"CreateWebhook"}
"""Operations that can be asked for any number of times; a tenant has only so many webhooks."""
LISTS: Final = frozenset(
    {
        *("ListInvitations", "ListUsers", "ListAuditEntries", "ListJobs", "ListRuns"),
        *("ListWebhooks", "ListWebhookDeliveries"),
    }
)
FILLED: Final = frozenset({"ListInvitations", "ListUsers", "ListAuditEntries"})
"""Lists in which something stands when it is asked for; jobs come with the clock."""
ABSENT: Final = frozenset(
    {
        *("GetJob", "ReplayJob", "DiscardJob", "CancelJob", "GetRun", "CancelRun"),
        *("UpdateWebhook", "DeleteWebhook", "RotateWebhookSecret", "PingWebhook"),
        *("GetWebhookDelivery", "RedeliverWebhook"),
    }
)
"""Operations on what the clock brings about, or what there are few of; they are asked about what
is not there."""


def askable(system: System) -> tuple[Operation, ...]:
    """Return the operations on accounts that can be asked for without spoiling the one who asks."""
    return tuple(each for each in system.operations if each.name in ASKABLE)


def absent(system: System) -> tuple[Operation, ...]:
    """Return the operations that are asked about what is not there."""
    return tuple(each for each in system.operations if each.name in ABSENT)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Requests about accounts on a stage."""

    stage: Stage

    def request(self, operation: Operation, me: Person) -> Request:
        """Return a request that succeeds for those who may ask, or finds nothing for `ABSENT`.

        Raises:
            Unavailable: If the target does not tell what stands in it.
        """
        if operation.name == "UpdateUser":
            return self._update(operation, me)
        if operation.name == "UpdateTenant":
            return self._update_tenant(operation, me)
        if operation.name == "CreateWebhook":
            self._make_room(me.tenant)
        return self._of(operation, me, id_=self._row(operation, me), body=self._body(operation))

    def _row(self, operation: Operation, me: Person) -> str:
        match operation.name:
            case "GetInvitation" | "RevokeInvitation":
                return self._invitation(me.tenant)
            case "GetUser":
                return self._id(self._other(me))
            case "GetWebhook":
                return self._webhook(me.tenant)
        if operation.name in ABSENT:
            return random_id(self.stage.random)
        return ""

    def _body(self, operation: Operation) -> Json:
        match operation.name:
            case "InviteUser":
                return self._invited()
            case "DiscardJobs":
                return {"ids": [random_id(self.stage.random)]}
            case "ReplayJobs" | "DiscardJob" | "UpdateWebhook":
                return {}
            case "CreateWebhook":
                return self._heard()
        return NOTHING

    def send(self, request: Request) -> Answer:
        """Send a request."""
        return self.stage.send(
            request.person,
            request.method,
            request.path,
            headers=request.headers,
            body=request.body,
        )

    def _of(
        self,
        operation: Operation,
        me: Person,
        *,
        id_: str = "",
        body: Json = NOTHING,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Request:
        head, opened, rest = operation.path.partition("{")
        path = head + id_ + rest.partition("}")[2] if opened else operation.path
        return Request(method=operation.method, path=path, body=body, headers=headers, person=me)

    def _invited(self) -> dict[str, str]:
        address = f"{word(self.stage.random, 14)}@example.com"
        return {"email": address, "role": self.stage.system.roles[-1]}

    def _manager(self, tenant: int) -> Person:
        operation = self._named("InviteUser")
        return self.stage.person(roles_of(self.stage.system, operation)[0], tenant=tenant)

    def _named(self, name: str) -> Operation:
        return next(each for each in self.stage.system.operations if each.name == name)

    def _invitation(self, tenant: int) -> str:
        me = self._manager(tenant)
        answer = self.send(self._of(self._named("InviteUser"), me, body=self._invited()))
        found = answer.json.get("id") if isinstance(answer.json, dict) else None
        if not isinstance(found, str):
            raise Unavailable("an invitation could not be made")
        return found

    def _heard(self) -> Json:
        webhooks = self.stage.system.webhooks
        address = f"https://{word(self.stage.random, 14)}.example.com/hook"
        return {"url": address, "events": list(webhooks.events[:1] if webhooks else ())}

    def _operator(self, tenant: int) -> Person:
        operation = self._named("ListWebhooks")
        return self.stage.person(roles_of(self.stage.system, operation)[0], tenant=tenant)

    def _webhooks(self, tenant: int) -> list[str]:
        """Return the ids of a tenant's webhooks, the newest first."""
        answer = self.send(self._of(self._named("ListWebhooks"), self._operator(tenant)))
        items = answer.json.get("items") if isinstance(answer.json, dict) else None
        rows = items if isinstance(items, list) else []
        return [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]

    def _webhook(self, tenant: int) -> str:
        """Return the id of a webhook, made unless there is one: a tenant has only so many."""
        known = self._webhooks(tenant)
        if known:
            return known[0]
        me, create = self._operator(tenant), self._named("CreateWebhook")
        answer = self.send(self._of(create, me, body=self._heard()))
        found = answer.json.get("id") if isinstance(answer.json, dict) else None
        if not isinstance(found, str):
            raise Unavailable("a webhook could not be made")
        return found

    def _make_room(self, tenant: int) -> None:
        """Remove the oldest webhook if there are as many as there may be."""
        webhooks, known = self.stage.system.webhooks, self._webhooks(tenant)
        if webhooks and len(known) >= webhooks.limit:
            delete = self._named("DeleteWebhook")
            self.send(self._of(delete, self._operator(tenant), id_=known[-1]))

    def _other(self, me: Person) -> Person:
        return self.stage.person(self.stage.system.roles[-1], tenant=me.tenant, number=1)

    def _id(self, person: Person) -> str:
        if person.user_id is None:
            raise Unavailable(f"the target does not tell the id of {person.name}")
        return person.user_id

    def _update_tenant(self, operation: Operation, me: Person) -> Request:
        read = self.send(self._of(self._named("GetTenant"), self._manager(me.tenant)))
        tag = read.headers.get("etag", "")
        headers = (("If-Match", tag),) if tag else ()
        return self._of(operation, me, body={}, headers=headers)

    def _update(self, operation: Operation, me: Person) -> Request:
        whom = self.stage.fresh_person(self.stage.system.roles[-1], tenant=me.tenant)
        id_ = self._id(whom)
        read = self.send(self._of(self._named("GetUser"), self._manager(me.tenant), id_=id_))
        tag = read.headers.get("etag", "")
        headers = (("If-Match", tag),) if tag else ()
        return self._of(operation, me, id_=id_, body={"disabled": False}, headers=headers)
