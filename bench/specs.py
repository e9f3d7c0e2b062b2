"""Specs of any size, and OpenAPI documents of the same model for a peer."""

import json

HEAD = """\
# Bench

```yaml tospec
system: bench
title: Bench
version: 1.0.0
description: A system as large as it is asked to be.
profile: cqrs
databases: [postgresql, sqlite]
conventions: [rest-1, data-1, accounts-1, lifecycle-1, audit-1, events-1, operations-1]
authority: {api: full, data: full, lifecycle: full, policy: full, events: full, accounts: full, operations: full}
```

## REQ-001 Tenants share nothing

```yaml tospec
tenancy: row
walls: [filter, row_level_security]
```

```yaml tospec
auth: local
sign_up: {role: owner}
manage_users: "user:manage"
events: {tenant_created: TenantCreated, user_invited: UserInvited, user_joined: UserJoined}
```

```yaml tospec
roles: [owner, member]
permissions:
  "user:manage": {roles: [owner], description: Manage people}
  "item:read": {roles: [owner, member], description: Read items}
  "item:write": {roles: [owner], description: Write items}
  "audit:read": {roles: [owner], description: Read the audit trail}
```

```yaml tospec
audit: trail
read: "audit:read"
keep: forever
```

```yaml tospec
operations: watch
endpoints: [/health, /livez, /readyz, /metrics]
```

```yaml tospec
events:
  TenantCreated: {of: Tenant, payload: [id]}
  UserInvited: {of: Invitation, payload: [id]}
  UserJoined: {of: User, payload: [id]}
```
"""

ENTITY = """
## REQ-{number} Item {index} is kept

```yaml tospec
entity: Item{index}
description: Item {index} of the system.
fields:
  name: {{type: string, length: [1, 120]}}
  note: {{type: text, length: [0, 2000], default: ""}}
  quantity: {{type: int, range: [0, 10000]}}
  kind: {{type: enum, values: [small, large], default: small}}
  due_at: {{type: timestamp, optional: true}}
  active: {{type: bool, default: true}}
{relations}unique:
  - {{fields: [name], ignore_case: true}}
concurrency: optimistic
audit: true
crud: {{create: "item:write", read: "item:read", list: "item:read", update: "item:write", delete: "item:write"}}
list: {{filter: [kind, active], search: [name], sort: [name, created_at], default_sort: -created_at}}
policy: {{visible: "true"}}
lifecycle:
  field: status
  initial: open
  terminal: [closed]
  permission: "item:write"
  transitions:
    close: {{from: [open], to: closed}}
```
"""


def spec_of(entities: int) -> str:
    """Return a spec with `entities` entities, every second of which refers to the one before."""
    return HEAD + "".join(_entity(index) for index in range(1, entities + 1))


def _entity(index: int) -> str:
    relation = f"  owner: {{to: Item{index - 1}, inverse: parts{index}, on_delete: restrict}}\n"
    relations = "" if index % 2 else f"relations:\n{relation}"
    return ENTITY.format(number=100 + index, index=index, relations=relations)


def openapi_of(entities: int) -> str:
    """Return an OpenAPI document with the operations of the same entities."""
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Bench", "version": "1.0.0"},
        "paths": {},
        "components": {"schemas": {}},
    }
    for index in range(1, entities + 1):
        document["components"]["schemas"][f"Item{index}"] = _schema()
        document["paths"].update(_paths(index))
    return json.dumps(document)


def _schema() -> dict[str, object]:
    text = {"type": "string", "maxLength": 2000}
    return {
        "type": "object",
        "required": ["name", "quantity"],
        "properties": {
            "name": text,
            "note": text,
            "quantity": {"type": "integer", "minimum": 0, "maximum": 10000},
            "kind": {"type": "string", "enum": ["small", "large"]},
            "due_at": {"type": "string", "format": "date-time"},
            "active": {"type": "boolean"},
            "status": {"type": "string", "enum": ["open", "closed"]},
        },
    }


def _paths(index: int) -> dict[str, object]:
    reference = {"$ref": f"#/components/schemas/Item{index}"}
    content = {"application/json": {"schema": reference}}
    answer = {"200": {"description": "ok", "content": content}}
    name = {"name": "item_id", "in": "path", "required": True, "schema": {"type": "string"}}

    def operation(verb: str, *, body: bool = False) -> dict[str, object]:
        described: dict[str, object] = {"operationId": f"{verb}_item{index}", "responses": answer}
        return described | ({"requestBody": {"content": content}} if body else {})

    return {
        f"/v1/item{index}s": {"get": operation("list"), "post": operation("create", body=True)},
        f"/v1/item{index}s/{{item_id}}": {
            "parameters": [name],
            "get": operation("get"),
            "patch": operation("update", body=True),
            "delete": operation("delete"),
        },
        f"/v1/item{index}s/{{item_id}}/close": {"parameters": [name], "post": operation("close")},
    }
