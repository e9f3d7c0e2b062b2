"""People, invitations and the audit trail: what comes with every backend.

Their operations are scaffold, and so is what stands here; a test that comes with the backend holds
it against the document of the API.
"""

from typing import Final

from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.admin.fields import Described, label_of

_CREATED: Final = ("created_at", "timestamp")
_UPDATED: Final = ("updated_at", "timestamp")


def account_resources(logic: Logic) -> list[Described]:
    """Return the resources that the conventions bring."""
    asked = {route.operation: route.permission for route in logic.routes}
    roles = list(logic.access.roles)
    found = [_people(asked, roles), _invitations(asked, roles)]
    return [*found, _trail(asked)] if logic.audit_permission else found


def _people(asked: dict[str, str | None], roles: list[str]) -> Described:
    role: Described = _field("role", "enum") | {"values": roles}
    disabled = _field("disabled", "bool")
    shown = (("name", "string"), ("email", "email"), ("handle", "string"))
    fields = [*(_field(*each) for each in shown), role, disabled]
    fields += [_field(*_CREATED), _field(*_UPDATED)]
    item = "/v1/users/{user_id}"
    return {
        **_named("user", "users", "person", "people"),
        "about": "Who may sign in, and in which role.",
        "audited": "ListAuditEntries" in asked,
        "fields": fields,
        "label": "name",
        "lists": [
            _list("/v1/users", asked["ListUsers"], ["name", "created_at"], "name")
            | {
                "filters": [_field("role", "enum") | {"values": roles, "single": True}, disabled],
                "columns": ["name", "email", "role", "disabled", "created_at"],
            }
        ],
        "read": _operation("GET", item, asked["GetUser"]),
        "update": _operation("PATCH", item, asked["UpdateUser"])
        | {"versioned": True, "fields": [role, disabled]},
    }


def _invitations(asked: dict[str, str | None], roles: list[str]) -> Described:
    role: Described = _field("role", "enum") | {"values": roles}
    email = _field("email", "email")
    item = "/v1/invitations/{invitation_id}"
    return {
        **_named("invitation", "invitations", "invitation", "invitations"),
        "about": "Who was invited and has not joined yet.",
        "audited": "ListAuditEntries" in asked,
        "fields": [
            email,
            role,
            _field("invited_by_id", "reference") | {"to": "user"},
            _field("expires_at", "timestamp"),
            _field(*_CREATED),
        ],
        "label": "email",
        "lists": [
            _list("/v1/invitations", asked["ListInvitations"], ["created_at"], "-created_at")
            | {"columns": ["email", "role", "invited_by_id", "expires_at"]}
        ],
        "read": _operation("GET", item, asked["GetInvitation"]),
        "create": _operation("POST", "/v1/invitations", asked["InviteUser"])
        | {
            "title": "Invite",
            "fields": [email | {"required": True}, role | {"required": True}],
            "reveals": "token",
        },
        "delete": _operation("DELETE", item, asked["RevokeInvitation"])
        | {"title": "Revoke", "versioned": True},
    }


def _trail(asked: dict[str, str | None]) -> Described:
    who = _field("actor_id", "reference") | {"to": "user"}
    kind, which = _field("entity_type", "string"), _field("entity_id", "uuid")
    when = _field("occurred_at", "timestamp")
    bounds = [when | {"name": f"occurred_at_{each}", "bound": each} for each in ("from", "before")]
    fields = [when, who, _field("action", "string"), kind, which]
    return {
        **_named("audit_entry", "audit-trail", "audit entry", "audit trail"),
        "about": "Who changed what, and when.",
        "audited": False,
        "trail": True,
        "fields": [
            *fields,
            *(_field(name, "json") | {"nullable": True} for name in ("before", "after")),
            _field("request_id", "string") | {"nullable": True},
        ],
        "label": "action",
        "lists": [
            _list("/v1/audit-entries", asked["ListAuditEntries"], ["occurred_at"], "-occurred_at")
            | {
                "filters": [kind, which, who, *bounds],
                "columns": ["occurred_at", "actor_id", "action", "entity_id"],
            }
        ],
    }


def _named(name: str, segment: str, noun: str, nouns: str) -> Described:
    """Return how a resource is called, with nothing that can be done to it."""
    return {
        "name": name,
        "segment": segment,
        "noun": noun,
        "nouns": nouns,
        "commands": [],
        "links": [],
    }


def _field(name: str, kind: str) -> Described:
    return {"name": name, "label": label_of(name), "kind": kind}


def _operation(method: str, path: str, permission: str | None) -> Described:
    return {"method": method, "path": path, "permission": permission}


def _list(path: str, permission: str | None, sorts: list[str], sort: str) -> Described:
    return {
        "title": "All",
        "path": path,
        "permission": permission,
        "filters": [],
        "sorts": sorts,
        "sort": sort,
    }
