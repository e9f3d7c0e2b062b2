"""Run inside the backend of `tests/specs/zoo.md`: stores animals, and asks about them.

The argument is the URL of an empty database. Prints `zoo: all is well` at the end.
"""

import asyncio
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.permissions import Role
from app.authorization.policies import animals as policy
from app.authorization.policies import cages as cage_policy
from app.authorization.principal import Principal
from app.core.config import load_settings
from app.core.errors import UniqueConflictError
from app.core.ids import TenantId, UserId, new_id
from app.core.settings import Settings
from app.db.engine import Database, DatabaseOptions
from app.db.migration import migrate
from app.db.transactions import Transaction
from app.errors import HungryError, TooOldError
from app.jobs.animals import TameBigCats
from app.models.animal import Animal, AnimalKind, AnimalMood
from app.models.tenant import tenants
from app.models.user import users
from app.repositories.animals import AnimalFilters, AnimalRepository
from app.repositories.cages import CageRepository
from app.repositories.toys import ToyFilters, ToyRepository
from app.rules import animals as rules
from app.schemas.page import PageRequest, SortKey
from app.worker.work import Progress
from sqlalchemy import Text, Uuid, insert, literal

TENANT = TenantId(new_id())
KEEPER, VISITOR = UserId(new_id()), UserId(new_id())
PEOPLE = {KEEPER: Role.KEEPER, VISITOR: Role.VISITOR}


def actor(user_id: UserId) -> Actor:
    return Actor(user_id=user_id, tenant_id=TENANT, role=PEOPLE[user_id])


def principal(user_id: UserId) -> Principal:
    return Principal(user_id=literal(user_id, Uuid()), role=literal(PEOPLE[user_id].value, Text()))


async def person(transaction: Transaction, user_id: UserId) -> None:
    now, name = transaction.now, str(user_id)
    times = {"created_at": now, "updated_at": now, "version": 1}
    known = {"email": name, "email_key": name, "name": name, "handle": name, "password_hash": ""}
    row = {"id": user_id, "tenant_id": TENANT, "role": PEOPLE[user_id], **known, **times}
    await transaction.execute(insert(users).values(row))


async def animal(transaction: Transaction, name: str, **more: Any) -> Animal:
    repository = AnimalRepository(transaction)
    values = {
        "name": name,
        "handle": name.lower(),
        "tags_count": 2**40,
        "weight": Decimal("1.005"),
        "born": date(2020, 2, 29),
        "serial": await repository.next_serial(tenant_id=TENANT),
        **more,
    }
    return await repository.insert(values, tenant_id=TENANT)


async def stored(transaction: Transaction) -> tuple[Animal, Animal, UUID]:
    now = transaction.now
    await transaction.execute(
        insert(tenants).values(id=TENANT, name="t", created_at=now, updated_at=now, version=1)
    )
    for user_id in PEOPLE:
        await person(transaction, user_id)
    cage = await CageRepository(transaction).insert(
        {"label": "big", "opened_by_id": VISITOR}, tenant_id=TENANT
    )
    mother = await animal(
        transaction,
        "Zoe",
        age=30,
        cage_id=cage.id,
        fed_at=now - timedelta(hours=1),
        naps=timedelta(minutes=59, microseconds=1),
        values={"a": [1, None]},
        kind=AnimalKind.BIG_CAT,
    )
    child = await animal(transaction, "kid", mother_id=mother.id, friend_ids=[mother.id])
    return mother, child, cage.id


async def ask_about_values(transaction: Transaction) -> None:
    mother, child, _ = await stored(transaction)
    repository = AnimalRepository(transaction)
    mother = await repository.get(mother.id, tenant_id=TENANT)
    assert (mother.weight, mother.values, mother.tags_count) == (
        Decimal("1.005"),
        {"a": [1, None]},
        2**40,
    )
    assert (mother.naps, mother.born) == (
        timedelta(minutes=59, microseconds=1),
        date(2020, 2, 29),
    )
    assert (mother.items, mother.update, mother.mood) == ("", True, AnimalMood.CALM)
    assert (mother.serial, child.serial) == (1, 2)
    assert (mother.is_old, mother.hungry, mother.troubled) == (True, False, False)
    assert (child.is_old, child.hungry, child.troubled) == (False, True, True)
    assert (mother.offspring, mother.hungry_kids, child.offspring) == (1, 1, 0)
    assert (mother.cage_label, child.cage_label) == ("big", "none")
    assert (child.mates, mother.mates) == (1, 0)
    assert (mother.fed_twice, child.fed_twice) == (True, False)
    await ask_about_policies(transaction, mother, child)
    await ask_about_rules(transaction, mother, child)
    await ask_about_lists(transaction, mother, child)
    await ask_about_deleted_friends(transaction, mother)
    await repository.delete(child.id, tenant_id=TENANT)
    mother = await repository.get(mother.id, tenant_id=TENANT)
    assert (mother.offspring, mother.hungry_kids) == (0, 0)
    assert await animal(transaction, "KID", handle="kid")


async def ask_about_deleted_friends(transaction: Transaction, mother: Animal) -> None:
    repository = AnimalRepository(transaction)
    friend, other = [await animal(transaction, name) for name in ("Ann", "Bob")]
    both = {"friend_ids": [friend.id, other.id]}
    mother = await repository.update(mother, both, tenant_id=TENANT)
    assert mother.friend_ids == (friend.id, other.id)
    filters, every = AnimalFilters(friend_id=friend.id), policy.visible(principal(KEEPER))
    seen = {"tenant_id": TENANT, "visible": every}
    assert (await repository.matching(filters, PageRequest(), **seen)).items == [mother]
    await repository.delete(friend.id, tenant_id=TENANT)
    assert (await repository.get(mother.id, tenant_id=TENANT)).friend_ids == (other.id,)
    assert (await repository.matching(filters, PageRequest(), **seen)).items == []
    assert await repository.existing(both["friend_ids"], tenant_id=TENANT) == {other.id}
    assert not await repository.exists(friend.id, tenant_id=TENANT)
    mother = await repository.get(mother.id, tenant_id=TENANT)
    await repository.update(mother, {"friend_ids": []}, tenant_id=TENANT)
    await repository.delete(other.id, tenant_id=TENANT)


async def ask_about_policies(transaction: Transaction, mother: Animal, child: Animal) -> None:
    repository = AnimalRepository(transaction)

    async def holds(found: Animal, condition: Any) -> bool:
        return await repository.holds(found.id, condition, tenant_id=TENANT)

    keeper, visitor = principal(KEEPER), principal(VISITOR)
    assert await holds(mother, policy.visible(keeper))
    assert not await holds(mother, policy.visible(visitor))
    assert not await holds(mother, policy.allows_update(keeper))
    await repository.link("keeper_ids", mother.id, VISITOR, tenant_id=TENANT)
    await repository.link("keeper_ids", mother.id, KEEPER, tenant_id=TENANT)
    assert await holds(mother, policy.visible(visitor))
    assert not await holds(child, policy.visible(visitor))
    assert await holds(mother, policy.allows_update(keeper))
    assert not await holds(mother, policy.allows_update(visitor))
    assert await holds(mother, policy.allows_pet(visitor))
    assert not await holds(mother, policy.allows_pet(keeper))
    assert not await holds(child, policy.allows_pet(visitor))
    cage = await CageRepository(transaction).page(PageRequest(), tenant_id=TENANT)
    assert cage_policy.may_update(actor(VISITOR), cage.items[0])


async def ask_about_rules(transaction: Transaction, mother: Animal, child: Animal) -> None:
    repository = AnimalRepository(transaction)
    settings = Settings(secret_key="".join(map(chr, range(40, 80))), max_age=29)
    await repository.check(child.id, rules.on_update(settings), tenant_id=TENANT)
    await refused(repository, mother, rules.on_update(settings), TooOldError)
    await repository.check(mother.id, rules.on_annoy(settings, sticks=9), tenant_id=TENANT)
    await refused(repository, mother, rules.on_annoy(settings, sticks=30), TooOldError)
    await refused(repository, child, rules.on_leave(settings), HungryError)


async def refused(
    repository: AnimalRepository, found: Animal, wanted: Any, error: type[Exception]
) -> None:
    try:
        await repository.check(found.id, wanted, tenant_id=TENANT)
    except error:
        return
    message = f"{error.__name__} was not raised"
    raise AssertionError(message)


async def ask_about_lists(transaction: Transaction, mother: Animal, child: Animal) -> None:
    repository = AnimalRepository(transaction)
    request = PageRequest(sort=(SortKey("kind", descending=True),))
    every = policy.visible(principal(KEEPER))
    for filters, expected in (
        (AnimalFilters(), [mother.id, child.id]),
        (AnimalFilters(weight_min=Decimal("1.006")), []),
        (AnimalFilters(weight_max=Decimal("1.005"), age_min=2), [mother.id]),
        (
            AnimalFilters(born_from=date(2020, 2, 29), born_before=date(2020, 3, 1), q="zO"),
            [mother.id],
        ),
        (AnimalFilters(friend_id=mother.id, is_old=False, offspring_max=0), [child.id]),
        (AnimalFilters(kind=(AnimalKind.CAT,), mother_id=mother.id, tame=False), [child.id]),
    ):
        page = await repository.matching(filters, request, tenant_id=TENANT, visible=every)
        assert [each.id for each in page.items] == expected, filters
    seen = {"tenant_id": TENANT, "visible": every}
    hungry = await repository.hungry_animals(request, **seen)
    assert hungry.items == []
    await repository.link("keeper_ids", child.id, KEEPER, tenant_id=TENANT)
    assert [each.id for each in (await repository.hungry_animals(request, **seen)).items] == [
        child.id
    ]
    assert mother.cage_id is not None
    toys = ToyRepository(transaction)
    toy = await toys.insert({"label": "ball", "cage_id": mother.cage_id}, tenant_id=TENANT)
    found = await toys.of_cage(
        mother.cage_id,
        ToyFilters(),
        PageRequest(),
        tenant_id=TENANT,
        visible=toys.table.c.id == toy.id,
    )
    assert [each.id for each in found.items] == [toy.id]


async def work(transaction: Transaction) -> None:
    wild = {"kind": AnimalKind.BIG_CAT, "tame": False}
    leo = await animal(transaction, "LEO", handle="leo", **wild)
    await animal(transaction, "REX", handle="rex", **wild)
    job = TameBigCats(transaction, TENANT, load_settings())

    progress = await job.step(Progress())

    assert (progress.changed, progress.refused, progress.finished) == (2, {"BAD_NAME": 1}, True)
    tamed = await AnimalRepository(transaction).get(leo.id, tenant_id=TENANT)
    assert (tamed.tame, tamed.tags_count, tamed.fed_at) == (True, 1, transaction.now)
    again = await job.step(Progress())
    assert (again.changed, again.refused) == (0, {"BAD_NAME": 1})


async def run(url: str) -> None:
    database = Database(DatabaseOptions(url=url))
    async with database.begin(TENANT, caller=actor(KEEPER)) as transaction:
        await ask_about_values(transaction)
    async with database.begin(TENANT) as transaction:
        await work(transaction)
    try:
        async with database.begin(TENANT) as transaction:
            await animal(transaction, "ZOE", handle="other")
    except UniqueConflictError as conflict:
        assert conflict.extensions == {"fields": ["name"]}  # no pytest in here
    else:
        message = "a name was taken twice"
        raise AssertionError(message)
    await database.close()


if __name__ == "__main__":
    migrate(sys.argv[1])
    migrate(sys.argv[1], "base")
    migrate(sys.argv[1])
    asyncio.run(run(sys.argv[1]))
    sys.stdout.write("zoo: all is well\n")
