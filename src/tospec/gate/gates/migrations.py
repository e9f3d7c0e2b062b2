"""Migrations lead up, down and up again with rows in the tables, and to what the models say."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tospec.evidence import Violation
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings, Turn
from tospec.gate.planting import edit_last_migration
from tospec.gate.serving import environment
from tospec.gate.static import Rule, TreeGate
from tospec.gate.suite import INSIDE, postgresql_url
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_STEP: Final = Rule("migration-fails", "Mend the migration; both ways must work with rows.")
_TIMEOUT: Final = 300.0
_PROGRAM: Final = INSIDE / "tospec_migrations.py"
_FIXED_STEPS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """What a walk over the migrations showed.

    Attributes:
        steps: Name and fault of each step that was done; the last one may have failed.
    """

    database: str
    revisions: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]

    @property
    def planned(self) -> int:
        """How many steps a walk without a fault has: each revision is passed down and up."""
        return _FIXED_STEPS + 2 * len(self.revisions)


def _judge(tree: TreeUnderTest) -> Findings:
    versions = version_of(tree, "alembic")
    walks = [_walked(tree, "SQLite")]
    if tree.database_url is not None:
        walks.append(_walked(tree, "PostgreSQL"))
    empty = next((walk.database for walk in walks if not walk.revisions), "")
    return Findings(
        candidates=0 if empty else sum(walk.planned for walk in walks),
        checked=sum(len(walk.steps) for walk in walks),
        violations=tuple(v for walk in walks for v in _violations(walk)),
        versions=versions,
        reason="there are no migrations" if empty else "",
        note=f"on {' and '.join(walk.database for walk in walks)}",
    )


def _violations(walk: _Walk) -> Iterator[Violation]:
    for name, fault in walk.steps:
        if fault:
            yield _STEP.at("migrations", f"{walk.database}, {name}: {fault}")


def _walked(tree: TreeUnderTest, database: str) -> _Walk:
    with tempfile.TemporaryDirectory(prefix="tospec-migrates-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy = tree.copy_to(folder / "tree")
        variables = environment(tree.root, f"sqlite+aiosqlite:///{folder}/walked.sqlite3")
        if database == "PostgreSQL":
            variables["TOSPEC_SERVER"] = postgresql_url(tree)
        done = tools.run([tree.python, _PROGRAM], cwd=copy, timeout=_TIMEOUT, env=variables)
    return _read(done, database)


def _read(done: tools.Completed, database: str) -> _Walk:
    try:
        document = json.loads(done.output.strip().rpartition("\n")[2])
        return _Walk(
            database=database,
            revisions=tuple(map(str, document["revisions"])),
            steps=tuple((str(each["step"]), str(each["fault"])) for each in document["steps"]),
        )
    except (ValueError, KeyError, TypeError) as fault:
        said = done.fault or done.last_line or "it says nothing"
        message = f"The migrations cannot be run on {database}: {said}."
        raise CannotRunError(message, "Try `python -m alembic upgrade head` by hand.") from fault


def _paths(tree: TreeUnderTest) -> tuple[str, ...]:
    named = tuple(p for p in tree.paths if p.endswith((".ini", ".mako", ".toml")))
    return (*tree.python_paths, *named)


def _no_way_down(text: str) -> str:
    head, mark, _ = text.partition("def downgrade() -> None:")
    return f'{head}{mark}\n    """Planted."""\n' if mark else text


def _no_way_back(text: str) -> str:
    return text.replace("def downgrade() -> None:", "def downgrade() -> None:\n    1 / 0", 1)


def _another_column(text: str) -> str:
    return text.replace("def upgrade() -> None:", _PLANTED, 1)


_PLANTED: Final = '''def upgrade() -> None:
    """Planted."""
    planted()
    op.execute("CREATE TABLE planted (id INTEGER PRIMARY KEY)")


def planted() -> None:'''


GATE: Final = TreeGate(
    name="migrations",
    title="migrations lead up, down and up again with rows, to what the models say",
    looked_for="steps up and down, and looks at the schema",
    judge=_judge,
    paths=_paths,
    plants=(
        edit_last_migration("no-way-down", _no_way_down),
        edit_last_migration("broken", _no_way_back),
        edit_last_migration("other-schema", _another_column),
    ),
    executed=True,
    turn=Turn.EARLY,
)
