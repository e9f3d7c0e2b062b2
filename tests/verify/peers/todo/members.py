"""Members of households: how they come to be, and how they are shown."""

import hashlib
import re
import secrets
import unicodedata
from typing import Any

from tests.verify.peers.todo.problems import Refused
from tests.verify.peers.todo.rows import Household, Somebody, moment
from tests.verify.peers.todo.wire import MEMORY


def join(household: Household, email: str, name: str, role: str, password: str) -> Somebody:
    if any(key(each.email) == key(email) for each in MEMORY.people.values()):
        raise Refused("conflict-unique", fields=["email"])
    salt = secrets.token_bytes(16)
    who = Somebody(
        household=household,
        email=email,
        name=name,
        handle=_handle(household, name),
        role=role,
        salt=salt,
        password=hashed(password, salt),
    )
    MEMORY.people[who.id] = who
    return who


def _handle(household: Household, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    root = re.sub("[^a-z0-9]+", "-", plain)[:50].strip("-") or "user"
    taken = {each.handle for each in MEMORY.people.values() if each.household is household}
    handle, number = root, 1
    while handle in taken:
        number += 1
        handle = f"{root}-{number}"
    return handle


def hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=1024, r=8, p=1)


def key(email: str) -> str:
    return unicodedata.normalize("NFKC", email).casefold()


def myself(who: Somebody) -> dict[str, Any]:
    return {name: getattr(who, name) for name in ("id", "email", "name", "handle", "role")}


def somebody(who: Somebody) -> dict[str, Any]:
    times = {"created_at": moment(who.created_at), "updated_at": moment(who.updated_at)}
    return {**myself(who), "disabled": who.disabled, **times, "version": who.version}
