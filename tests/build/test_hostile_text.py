"""Text of a spec never becomes code (T-43 to T-46).

Every free-text slot of a spec is filled with hostile strings. The generated modules parse, and but
for their strings they are those of the same spec with harmless text.
"""

import ast
from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.hostile import HOSTILE
from tospec.checks import assess, discover
from tospec.lowering.backend import backend_of
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.report.diagnostics import render_text
from tospec.source import SourceText
from tospec.syntax import Reading, read_texts

SLOTS = (
    "title",
    "system description",
    "requirement title",
    "requirement prose",
    "permission description",
    "entity description",
    "field description",
    "unit",
    "default",
    "relation description",
    "error message",
    "setting description",
    "setting default",
    "event description",
    "scenario title",
    "scenario value",
    "decision choice",
    "decision reason",
)
IN_PROSE = ("requirement title", "requirement prose")
ON_ONE_LINE = ("title", "unit", "error message", "scenario title", "decision choice")

SPEC = """\
# Hostile

## REQ-001 {requirement title}

{requirement prose}

```yaml tospec
system: shop
title: {title}
version: 1.0.0
description: {system description}
profile: cqrs
databases: [postgresql, sqlite]
conventions: [rest-1, data-1, accounts-1, lifecycle-1, audit-1, events-1, operations-1]
authority: {{api: full, data: full, lifecycle: full, policy: full, events: full, accounts: full, operations: full}}
```

```yaml tospec
tenancy: row
walls: [filter, row_level_security]
```

```yaml tospec
auth: local
sign_up: {{role: owner}}
manage_users: "user:manage"
events: {{tenant_created: TenantCreated, user_invited: UserInvited, user_joined: UserJoined}}
```

```yaml tospec
roles: [owner, clerk]
permissions:
  "user:manage": {{roles: [owner], description: {permission description}}}
  "order:use": {{roles: [owner, clerk], description: Use orders}}
  "order:audit": {{roles: [owner], description: Later}}
```

```yaml tospec
decision: later
answers: "TS0701 order:audit"
choose: {decision choice}
because: {decision reason}
```

```yaml tospec
entity: Order
description: {entity description}
fields:
  note: {{type: text, length: [0, 2000], default: {default}, description: {field description}}}
  amount: {{type: int, range: [1, 100], unit: {unit}}}
relations:
  buyer: {{to: User, inverse: orders, optional: true, on_delete: set_null, description: {relation description}}}
concurrency: optimistic
crud: {{create: "order:use", read: "order:use", list: "order:use", update: "order:use", delete: "order:use"}}
policy: {{visible: "true"}}
rules:
  - {{on: [create], that: "amount < 50 || note != settings.greeting", else: TOO_LARGE}}
emits:
  - {{event: OrderPlaced, on: [create]}}
```

```yaml tospec
errors:
  TOO_LARGE: {{status: 409, message: {error message}}}
```

```yaml tospec
settings:
  GREETING: {{type: string, length: [0, 2000], default: {setting default}, description: {setting description}}}
```

```yaml tospec
events:
  TenantCreated: {{of: Tenant, payload: [id]}}
  UserInvited: {{of: Invitation, payload: [id]}}
  UserJoined: {{of: User, payload: [id]}}
  OrderPlaced: {{of: Order, payload: [id], description: {event description}}}
```

```yaml tospec
scenario: {scenario title}
given:
  people: {{olga: owner}}
  rows:
    small: {{entity: Order, by: olga, amount: 2, note: {scenario value}}}
when: {{as: olga, do: GetOrder, on: small}}
then: {{status: 200}}
```
"""


def hostile() -> st.SearchStrategy[str]:
    known = st.sampled_from([text for text in HOSTILE if text.strip() and "\x00" not in text])
    joined = st.lists(known, min_size=1, max_size=3).map("".join)
    return joined.filter(lambda text: len(text) < 500)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({slot: hostile() for slot in SLOTS}))
def test_text_never_becomes_code(texts: Mapping[str, str]) -> None:
    assert shapes(texts) == harmless()


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip() and "\x00" not in text])
def test_each_hostile_text_is_only_text_everywhere(text: str) -> None:
    assert shapes(dict.fromkeys(SLOTS, text)) == harmless()


def test_a_spec_of_another_shape_has_another_shape() -> None:
    spec = SPEC.replace("amount: {{type: int", "quantity: {{type: int").replace(
        "amount", "quantity"
    )
    reading = understood(spec.format(**filled(dict.fromkeys(SLOTS, "harmless"))))

    assert shapes_of(reading) != harmless()


@pytest.mark.parametrize("text", [text for text in HOSTILE if not text.isidentifier()])
@pytest.mark.parametrize(
    "slot",
    [
        "system: shop",
        "entity: Order",
        "  note:",
        "  buyer:",
        "TOO_LARGE",
        "GREETING",
        "OrderPlaced",
    ],
)
def test_where_a_name_is_asked_for_hostile_text_is_an_error(slot: str, text: str) -> None:
    kind, colon, _ = slot.partition(": ")
    named = (
        f"{kind}: {quoted(text)}" if colon else f"{quoted(text)}:" if ":" in slot else quoted(text)
    )
    spec = SPEC.format(**filled(dict.fromkeys(SLOTS, "harmless")))
    reading = read_texts([SourceText("spec.md", spec.replace(slot.strip(), named))])

    assert reading.system is None
    assert reading.diagnostics


@cache
def harmless() -> dict[str, str]:
    return shapes(dict.fromkeys(SLOTS, "harmless"))


def shapes(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the syntax tree of each varying module, without strings."""
    return shapes_of(understood(SPEC.format(**filled(texts))))


def shapes_of(reading: Reading) -> dict[str, str]:
    assert reading.system is not None
    backend = backend_of(reading.system, CqrsPlaces())
    files = (file for artifact in PROFILE.artifacts for file in artifact.files(backend))
    modules = {file.path: file.text for file in files if file.path.endswith(".py")}
    assert len(modules) > 20
    found = {path: shape(path, ast.parse(text)) for path, text in modules.items()}
    return {
        path: text for path, text in found.items() if not path.startswith("tests/") or text != "[]"
    }


def shape(path: str, tree: ast.Module) -> str:
    """Return a module's tree without strings; of the tests of the backend, what they may reach.

    Which rows break a rule depends on the values in the spec, so that tests of rules differ.
    """
    if not path.startswith("tests/"):
        return ast.dump(Emptied().visit(tree))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return f"{sorted(names & {'os', 'eval', 'exec', 'compile', 'open', '__import__'})}"


def understood(spec: str) -> Reading:
    reading = read_texts([SourceText("spec.md", spec)])
    assert reading.system is not None, render_text(reading.diagnostics, reading.sources)
    assert not [e.id for e in assess(reading.system, discover()) if e.blocking]
    return reading


def filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {slot: written(slot, text) for slot, text in texts.items()}


def written(slot: str, text: str) -> str:
    if slot in IN_PROSE:
        return in_prose(text)
    return quoted(" ".join(text.splitlines()) if slot in ON_ONE_LINE else text)


def quoted(text: str) -> str:
    """Return a YAML scalar in double quotes."""
    return '"' + "".join(escaped(character) for character in text) + '"'


def escaped(character: str) -> str:
    plain = character.isprintable() and character not in '"\\'
    return character if plain else f"\\U{ord(character):08x}"


def in_prose(text: str) -> str:
    """Return text as a line of Markdown can hold it."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return "Said: " + printable.replace("`", "'").replace("\u202e", " ")


class Emptied(ast.NodeTransformer):
    """Replaces each string by an empty one."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Forget the names of tests: a scenario's is made of the letters of its title."""
        assert node.name.isascii()
        node.name = "test" if node.name.startswith("test_") else node.name
        return self.generic_visit(node)
