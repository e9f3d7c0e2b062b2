"""Small specs, and what they are lowered to."""

from pathlib import Path
from typing import Final

from tospec.ir.data import DataModel
from tospec.lowering.data import data_of
from tospec.model import System
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.source import SourceText
from tospec.syntax import Reading, read_texts

ROOT: Final = Path(__file__).parents[2]
ZOO: Final = ROOT / "tests/specs/zoo.md"

_HEAD: Final = """\
# Small

```yaml tospec
system: small
title: Small
version: 1.0.0
description: A small service.
profile: cqrs
databases: [postgresql, sqlite]
conventions: [rest-1, data-1, accounts-1, lifecycle-1, audit-1, events-1, operations-1]
authority: {api: full, data: full, lifecycle: spec, policy: spec, events: full, operations: full}
```

## REQ-001 Everything

```yaml tospec
tenancy: row
walls: [filter, row_level_security]
```

```yaml tospec
auth: local
access_token: 15m
refresh_token: 30d
password: {length: [12, 128]}
lockout: {failures: 5, within: 15m, for: 15m}
invitation: {expires: 7d}
sign_up: {role: boss}
manage_users: "user:manage"
```

```yaml tospec
roles: [boss, guest]
permissions:
  "user:manage": {roles: [boss], description: Invite people}
  "all:read": {roles: [boss, guest], description: Read}
  "all:write": {roles: [boss], description: Write}
```

```yaml tospec
settings:
  LIMIT: {type: int, range: [0, 9], default: 3, description: A number.}
  WINDOW: {type: duration, default: 1h, description: A while.}
```

```yaml tospec
errors:
  BAD: {status: 409, message: That is bad.}
  WORSE_ERROR: {status: 422, message: That is worse}
```
"""
_CRUD: Final = """\
crud:
  create: "all:write"
  read: "all:read"
  list: "all:read"
  update: "all:write"
  delete: "all:write"
"""


def entity(text: str, *, crud: bool = True) -> str:
    """Return the block of an entity."""
    lines = text.strip("\n")
    return f"\n```yaml tospec\n{lines}\n{_CRUD if crud else ''}```\n"


def reading_of(*blocks: str) -> Reading:
    """Read a small spec with further blocks."""
    return read_texts([SourceText("small.md", _HEAD + "".join(blocks))])


def system_of(*blocks: str) -> System:
    """Return the system of a small spec with further blocks."""
    reading = reading_of(*blocks)
    assert reading.system is not None, reading.diagnostics
    return reading.system


def lowered(*blocks: str) -> DataModel:
    """Return what a small spec with further blocks remembers."""
    return data_of(system_of(*blocks), CqrsPlaces())


def zoo() -> System:
    """Return the spec that holds everything."""
    reading = read_texts([SourceText("zoo.md", ZOO.read_text(encoding="utf-8"))])
    assert reading.system is not None, reading.diagnostics
    return reading.system
