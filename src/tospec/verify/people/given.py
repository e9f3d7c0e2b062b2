"""People whose credentials somebody gave: in a file, or by a command."""

import json
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from tospec.errors import UsageError
from tospec.verify.base import Person, Unavailable
from tospec.verify.people.source import Grant, person_name, tenant_letter

_LARGEST_FILE: Final = 1024 * 1024
_SECONDS: Final = 30.0
_COMMAND_LIFETIME: Final = 240.0
"""How long a command's credentials are used before it is asked again: shorter than any token."""
_SHAPE: Final = "role → tenant (a, b) → token, or headers, or a list of these for several people"
_TENANTS: Final = ("a", "b")

type _Book = Mapping[tuple[str, int, int], Mapping[str, str]]


class FileSource:
    """People from a file in JSON or YAML.

    ```yaml
    member:
      a: [{Authorization: Bearer …}, {Authorization: Bearer …}]
      b: a-token
    ```
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            UsageError: If it cannot be read, or does not have this shape.
        """
        self._path = path
        self._book = _book(path)

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        """Return somebody of the file."""
        headers = self._book.get((role, tenant, number))
        if headers is None:
            name = person_name(role, tenant, number)
            raise Unavailable(f"{self._path} has no credentials for {name}")
        return _granted(role, tenant, number, headers)

    def renew(self, grant: Grant) -> Grant:
        """Return the person as they are: the file has nothing newer."""
        return grant

    def account(self, person: Person) -> Mapping[str, str]:
        """Refuse: the file holds no passwords."""
        raise Unavailable(f"{self._path} tells no password of {person.name}")


class CommandSource:
    """People from a command: called with role, tenant (a, b) and number, it prints credentials.

    It prints a token, or headers as a JSON object. It runs without a shell.
    """

    def __init__(self, command: str) -> None:
        """Take the command.

        Raises:
            UsageError: If it is empty or cannot be taken apart.
        """
        try:
            self._words = shlex.split(command)
        except ValueError as fault:
            raise UsageError(f"--credentials-command cannot be taken apart: {fault}.") from fault
        if not self._words:
            raise UsageError("--credentials-command is empty.", "Name a program.")

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        """Return somebody as the command says."""
        name = person_name(role, tenant, number)
        headers = _headers(self._said(name, role, tenant, number))
        if headers is None:
            raise Unavailable(f"the credentials command printed no token or headers for {name}")
        return replace(_granted(role, tenant, number, headers), lifetime=_COMMAND_LIFETIME)

    def renew(self, grant: Grant) -> Grant:
        """Return the person with what the command says now."""
        person = grant.person
        renewed = self.grant(person.role, person.tenant, person.number)
        return replace(renewed, person=person)

    def account(self, person: Person) -> Mapping[str, str]:
        """Refuse: the command tells no passwords."""
        raise Unavailable(f"the credentials command tells no password of {person.name}")

    def _said(self, name: str, role: str, tenant: int, number: int) -> Any:
        words = [*self._words, role, tenant_letter(tenant), str(number)]
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
                words, capture_output=True, timeout=_SECONDS, check=False, text=True
            )
        except (OSError, subprocess.TimeoutExpired, UnicodeError) as fault:
            why = type(fault).__name__ if isinstance(fault, UnicodeError) else _reason(fault)
            raise Unavailable(f"the credentials command failed for {name}: {why}") from fault
        if done.returncode:
            said = f"the credentials command ended with {done.returncode} for {name}"
            raise Unavailable(said)
        text = done.stdout.strip()
        try:
            return json.loads(text) if text.startswith(("{", '"')) else text
        except ValueError:
            return None


def _reason(fault: Exception) -> str:
    if isinstance(fault, subprocess.TimeoutExpired):
        return f"not done after {_SECONDS:.0f} s"
    return getattr(fault, "strerror", None) or type(fault).__name__


def _granted(role: str, tenant: int, number: int, headers: Mapping[str, str]) -> Grant:
    name = person_name(role, tenant, number)
    person = Person(name=name, role=role, tenant=tenant, number=number)
    return Grant(person=person, headers=headers)


def _book(path: Path) -> _Book:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UsageError(
                f"{path} is larger than {_LARGEST_FILE} bytes.", "Is it the right one?"
            )
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror}.") from fault
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        # The message of the fault would show a line of the file, and so a secret.
        raise UsageError(f"{path} is neither JSON nor YAML.", f"Write: {_SHAPE}.") from fault
    found: dict[tuple[str, int, int], Mapping[str, str]] = {}
    for role, tenants in _mapping(path, data).items():
        for letter, given in _mapping(path, tenants).items():
            if letter not in _TENANTS:
                raise UsageError(f"{path} names a tenant that is neither a nor b.", _SHAPE)
            for number, one in enumerate(given if isinstance(given, list) else [given]):
                headers = _headers(one)
                if headers is None:
                    raise UsageError(f"{path} has no token or headers for a {role}.", _SHAPE)
                found[role, _TENANTS.index(letter), number] = headers
    return found


def _mapping(path: Path, data: Any) -> Mapping[str, Any]:
    if isinstance(data, Mapping) and all(isinstance(key, str) for key in data):
        return data
    raise UsageError(f"{path} does not hold credentials.", f"Write: {_SHAPE}.")


def _headers(given: Any) -> Mapping[str, str] | None:
    """Return the headers that were given as such, or as a token; None if they are neither."""
    if isinstance(given, str) and given.strip() and given.isprintable():
        return {"authorization": f"Bearer {given.strip()}"}
    if not isinstance(given, Mapping) or not given:
        return None
    pairs = [(name, value) for name, value in given.items()]
    if not all(isinstance(n, str) and isinstance(v, str) and v.isprintable() for n, v in pairs):
        return None
    return {name.lower(): value for name, value in pairs}
