"""Passwords are kept as Argon2id hashes."""

import secrets

import argon2
import pytest

from app.security.passwords import Passwords
from tests.requirements import ACCOUNTS

pytestmark = pytest.mark.requirement(*ACCOUNTS)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(threads=2)


async def test_a_hash_fits_its_password_only(passwords: Passwords) -> None:
    password = secrets.token_urlsafe(16)
    stored = await passwords.hash(password)

    assert await passwords.verify(stored, password)
    assert not await passwords.verify(stored, password + " ")
    assert not await passwords.verify(stored, password.swapcase())


async def test_the_parameters_are_strong_enough(passwords: Passwords) -> None:
    stored = await passwords.hash(secrets.token_urlsafe(16))

    parameters = argon2.extract_parameters(stored)
    assert parameters.type is argon2.Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


async def test_every_hash_has_its_own_salt(passwords: Passwords) -> None:
    password = secrets.token_urlsafe(16)

    assert await passwords.hash(password) != await passwords.hash(password)


async def test_nothing_is_cut_off(passwords: Passwords) -> None:
    password = "x" * 100 + "a"
    stored = await passwords.hash(password)

    assert await passwords.verify(stored, password)
    assert not await passwords.verify(stored, "x" * 100 + "b")


async def test_nobody_has_a_password(passwords: Passwords) -> None:
    assert not await passwords.verify(None, "")
    assert not await passwords.verify(None, secrets.token_urlsafe(16))


async def test_weaker_hashes_are_outdated(passwords: Passwords) -> None:
    password = secrets.token_urlsafe(16)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(password)

    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(await passwords.hash(password))
    assert await passwords.verify(weak, password)
