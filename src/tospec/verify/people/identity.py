"""Who somebody is, as the target tells it: ids of the person and of their tenant."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tospec.model.operations import Kind
from tospec.model.system import System
from tospec.verify.base import Answer, Request
from tospec.verify.people.source import Grant

type Send = Callable[[Request, Mapping[str, str]], Answer]
"""Sends a request with credentials."""


def identified(system: System, send: Send, grant: Grant) -> Grant:
    """Return a grant with the person's ids, as far as the operation GetMe tells them."""
    person = grant.person
    if person.user_id is not None and (person.tenant_id is not None or system.tenancy is None):
        return grant
    path = _path_of_me(system)
    if path is None:
        return grant
    json = send(Request(method="GET", path=path), grant.headers).json
    told = replace(
        person,
        user_id=person.user_id or text_of(json, "user", "id") or text_of(json, "id"),
        tenant_id=person.tenant_id or text_of(json, "tenant", "id"),
    )
    return replace(grant, person=told)


def member_of(json: Any, *path: str) -> Any:
    """Return a member within members; None if there is none."""
    for name in path:
        json = json.get(name) if isinstance(json, Mapping) else None
    return json


def text_of(json: Any, *path: str) -> str | None:
    """Return a member within members that is a text; None if there is none."""
    value = member_of(json, *path)
    return value if isinstance(value, str) and value else None


def _path_of_me(system: System) -> str | None:
    operations = (o for o in system.operations if o.kind is Kind.ACCOUNT)
    return next((operation.path for operation in operations if operation.name == "GetMe"), None)
