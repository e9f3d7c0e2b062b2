"""Entities: values that show no secrets, made of rows in the order of their columns."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import Column, MetaData, String, Table

from app.core.ids import TenantId, UserId, new_id
from app.models.base import Entity, open_fields
from app.models.user import User
from app.repositories.base import TenantRepository
from tests.roles import FOUNDER

NOW = datetime(2030, 1, 2, tzinfo=UTC)


def user() -> User:
    return User(
        id=UserId(new_id()),
        tenant_id=TenantId(new_id()),
        email="ann@example.test",
        email_key="ann@example.test",
        name="Ann",
        handle="ann",
        role=FOUNDER,
        password_hash="secret-canary",
        disabled_at=None,
        created_at=NOW,
        updated_at=NOW,
        version=1,
    )


def test_an_entity_does_not_show_its_secrets() -> None:
    assert "secret-canary" not in repr(user())
    assert "secret-canary" not in f"{user()}"
    assert "name='Ann'" in repr(user())
    assert "password_hash" not in open_fields(user())


def test_an_entity_does_not_change() -> None:
    with pytest.raises(AttributeError):
        user().name = "Bob"  # type: ignore[misc]


class Pair(Entity, frozen=True):
    second: str
    first: str


class Pairs(TenantRepository[Pair]):
    table: ClassVar = Table("pairs", MetaData(), Column("first", String), Column("second", String))
    model = Pair


def test_fields_in_another_order_than_the_columns_are_a_defect() -> None:
    with pytest.raises(TypeError, match="first, second"):
        Pairs._maker()
