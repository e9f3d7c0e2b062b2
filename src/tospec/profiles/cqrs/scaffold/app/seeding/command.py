"""`python -m app seed`: fill an empty database with example data."""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import uvloop
from sqlalchemy import select

from app.accounts import Accounts
from app.authorization.dispatch import Dispatcher
from app.core.clock import SystemClock
from app.core.logging import configure_logging
from app.core.settings import Settings
from app.db.engine import Database
from app.handlers import register_handlers
from app.main import create_database
from app.models.user import users
from app.seeding.crews import DAYS, WEEKS, Crew, SetClock
from app.seeding.people import Founding, Person, new_password

TENANTS: Final = ("Acme", "Globex")
_BEFORE: Final = WEEKS + DAYS + timedelta(days=1)
_STANDARD_ERROR: Final = 2

type Fill = Callable[[Crew, int], Awaitable[Mapping[str, int]]]
"""Fills one tenant with that many rows; returns how many there are of each kind."""


class SeedError(Exception):
    """The database is not one to fill with example data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was stored.

    Attributes:
        password: Everybody's; kept nowhere.
        rows: By kind.
    """

    people: tuple[Person, ...]
    password: str
    rows: Mapping[str, int]


def run(settings: Settings, fill: Fill, *, rows: int, as_json: bool) -> int:
    """Fill the database and print who can sign in; return the exit status."""
    _, writer = configure_logging("ERROR", descriptor=_STANDARD_ERROR)
    try:
        seeded = uvloop.run(seed(settings, fill, rows=rows))
    except SeedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        writer.close()
    sys.stdout.write(_as_json(seeded) if as_json else _as_text(seeded))
    return 0


async def seed(settings: Settings, fill: Fill, *, rows: int) -> Seeded:
    """Store example data.

    Raises:
        SeedError: If the database holds data, or is one of production.
    """
    if settings.production:
        msg = "Example data is for development; ENVIRONMENT is production."
        raise SeedError(msg)
    clock = SetClock(SystemClock().now() - _BEFORE)
    database = create_database(settings, clock)
    try:
        await _require_empty(database)
        dispatcher = Dispatcher()
        register_handlers(dispatcher, database, settings)
        accounts = Accounts.of(settings, database, clock)
        return await _seed(accounts, dispatcher, clock, fill, rows)
    finally:
        await database.close()


async def _require_empty(database: Database) -> None:
    async with database.begin_accounts(read_only=True) as transaction:
        # Who founds a tenant is its first user, so where there are no users there is no tenant.
        if await transaction.scalar(select(users.c.id).limit(1)) is not None:
            msg = "The database has tenants already; example data goes into an empty one only."
            raise SeedError(msg)


async def _seed(
    accounts: Accounts, dispatcher: Dispatcher, clock: SetClock, fill: Fill, rows: int
) -> Seeded:
    password = await new_password(accounts)
    everybody: list[Person] = []
    stored: dict[str, int] = {}
    start = clock.now()
    for place, tenant in enumerate(TENANTS):
        clock.instant = start
        people = await Founding(accounts, password, tenant, place).people()
        share = (rows + place) // len(TENANTS)
        for kind, count in (await fill(Crew(people, dispatcher, clock), share)).items():
            stored[kind] = stored.get(kind, 0) + count
        everybody += people
    text = password.text.get_secret_value()
    return Seeded(people=tuple(everybody), password=text, rows=stored)


def _as_json(seeded: Seeded) -> str:
    people = [{**_of(person), "id": str(person.actor.user_id)} for person in seeded.people]
    document: dict[str, Any] = {
        "password": seeded.password,
        "people": people,
        "rows": dict(seeded.rows),
    }
    return json.dumps(document, indent=2) + "\n"


def _as_text(seeded: Seeded) -> str:
    rows = [_of(person) for person in seeded.people]
    table = [{name: name for name in rows[0]}, *rows]
    widths = {name: max(len(row[name]) for row in table) for name in table[0]}
    lines = ["  ".join(f"{row[name]:{widths[name]}}" for name in row).rstrip() for row in table]
    counts = ", ".join(f"{count} {kind}" for kind, count in seeded.rows.items())
    lines += ["", f"Password of everybody: {seeded.password}", f"Stored: {counts}."]
    return "\n".join(lines) + "\n"


def _of(person: Person) -> dict[str, str]:
    return {
        "tenant": person.tenant,
        "role": str(person.actor.role),
        "name": person.name,
        "email": person.email,
    }
