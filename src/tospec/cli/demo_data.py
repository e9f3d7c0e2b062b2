"""The example data of a demo: made once, and used again while the tables are the same."""

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tospec.cli import demo_server, terminal
from tospec.cli.demo_folder import own_folder, write_private

_RECORD: Final = "sign-in.json"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    tenant: str
    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who can sign in, with the password that they share."""

    password: str
    people: tuple[Person, ...]

    @classmethod
    def of(cls, seeded: dict[str, Any]) -> Self:
        """Return the people that `python -m app seed --format json` tells of."""
        found = (
            Person(each["tenant"], each["role"], each["name"], each["email"])
            for each in seeded["people"]
        )
        return cls(str(seeded["password"]), tuple(found))


def ensure(target: Path, port: int) -> People:
    """Return who can sign in; migrate and seed a database unless there is one that fits.

    Raises:
        DemoError: If that fails.
    """
    folder = own_folder(target)
    schema = _schema_of(target)
    kept = _kept(folder, schema)
    if kept is None:
        kept = _seed(target, folder, port)
        record = json.dumps({"schema": schema, "seeded": kept}, indent=2)
        write_private(folder / _RECORD, record)
    return People.of(kept)


def _schema_of(target: Path) -> str:
    """Return a hash of the migrations: what the tables look like."""
    files = sorted((target / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _kept(folder: Path, schema: str) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        fits = record["schema"] == schema and (folder / demo_server.DATABASE).is_file()
        People.of(record["seeded"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(record["seeded"]) if fits else None


def _seed(target: Path, folder: Path, port: int) -> dict[str, Any]:
    for old in sorted(folder.glob(f"{demo_server.DATABASE}*")):
        old.unlink()
    shutil.rmtree(folder / demo_server.FILES, ignore_errors=True)
    with terminal.progress("Filling in example data"):
        done = subprocess.run(
            [sys.executable, "-m", "app", "seed", "--format", "json"],
            cwd=target,
            env=demo_server.environment(target, port),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        message = f"'python -m app seed' failed in {target}.\n{done.stderr.strip()}"
        raise demo_server.DemoError(message)
    return dict(json.loads(done.stdout))
