"""The keyring: everybody's credentials, each fetched once and renewed in time."""

import math
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from tospec.verify.base import Person, Unavailable
from tospec.verify.people.source import Grant, Source
from tospec.verify.wire.secrets import Secrets, placeholder_name

FIRST_FRESH: Final = 1000
_RENEW_AFTER: Final = 0.7

type _Key = tuple[str, int, int]
type Known = Callable[[Grant], Grant]


def _as_it_is(grant: Grant) -> Grant:
    return grant


class Keyring:
    """People with their credentials; for many threads."""

    def __init__(
        self, source: Source, secrets: Secrets, known: Known = lambda grant: grant
    ) -> None:
        """Take people from a source.

        Args:
            source: Where people come from.
            secrets: Where their credentials are made known.
            known: Fills in the ids of a new person, as far as the target tells them.
        """
        self._source = source
        self._secrets = secrets
        self._known = known
        self._grants: dict[_Key, tuple[Grant, float]] = {}
        self._refusals: dict[_Key, str] = {}
        self._locks: dict[_Key, Lock] = {}
        self._lock = Lock()
        self._fresh = FIRST_FRESH

    def person(self, role: str, tenant: int, number: int) -> Person:
        """Return somebody; the same arguments give the same person.

        Raises:
            Unavailable: If there is no such person, now as at the first time.
        """
        key = (role, tenant, number)
        with self._lock_of(key):
            if key in self._refusals:
                raise Unavailable(self._refusals[key])
            if key not in self._grants:
                self._fetch(key)
            return self._grants[key][0].person

    def fresh(self, role: str, tenant: int) -> Person:
        """Return somebody whom nobody got before.

        Raises:
            Unavailable: If there is no such person.
        """
        with self._lock:
            self._fresh += 1
            number = self._fresh
        return self.person(role, tenant, number)

    def headers(self, person: Person) -> Mapping[str, str]:
        """Return the headers that sign a person in, renewed when they are about to expire.

        Raises:
            Unavailable: If the person is not of this keyring, or cannot be signed in again.
        """
        key = (person.role, person.tenant, person.number)
        if key not in self._grants:
            message = f"{person.name} has no credentials"
            raise Unavailable(message)
        with self._lock_of(key):
            grant, since = self._grants[key]
            if _is_old(grant, since):
                grant = self._keep(key, self._source.renew(grant))
            return grant.headers

    def expire(self) -> None:
        """Take all credentials that can be renewed for expired."""
        with self._lock:
            for key, (grant, _) in self._grants.items():
                self._grants[key] = (grant, -math.inf)

    def account(self, person: Person) -> Mapping[str, str]:
        """Return what a person sends to sign in.

        Raises:
            Unavailable: If that is not known.
        """
        return self._source.account(person)

    def people(self) -> tuple[Person, ...]:
        """Return everybody so far, in a stable order."""
        with self._lock:
            return tuple(grant.person for _, (grant, _) in sorted(self._grants.items()))

    def variables(self) -> dict[str, str]:
        """Return what the variables of replays hold: names and credentials, which are secret."""
        with self._lock:
            grants = [grant for _, (grant, _) in sorted(self._grants.items())]
        return {
            placeholder_name(_secret_name(grant.person.name, name)): value
            for grant in grants
            for name, value in grant.headers.items()
        }

    def _fetch(self, key: _Key) -> None:
        try:
            grant = self._keep(key, self._source.grant(*key))
            self._keep(key, self._known(grant))
        except Unavailable as refusal:
            self._refusals[key] = str(refusal)
            raise

    def _keep(self, key: _Key, grant: Grant) -> Grant:
        person = grant.person.name
        for name, value in grant.headers.items():
            self._secrets.add(value, _secret_name(person, name), least=1)
            if name.lower() == "authorization" and " " in value:
                self._secrets.add(value.split(" ", 1)[1].strip(), f"{person}-token", least=1)
        self._secrets.add(grant.renewal, f"{person}-renewal")
        self._grants[key] = (grant, time.monotonic())
        return grant

    def _lock_of(self, key: _Key) -> Lock:
        with self._lock:
            return self._locks.setdefault(key, Lock())


def _secret_name(person: str, header: str) -> str:
    return person if header.lower() == "authorization" else f"{person}-{header}"


def _is_old(grant: Grant, since: float) -> bool:
    return grant.lifetime is not None and time.monotonic() - since > grant.lifetime * _RENEW_AFTER
