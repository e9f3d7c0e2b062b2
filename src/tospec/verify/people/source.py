"""What gives people their credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tospec.verify.base import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person and the headers that sign them in.

    Attributes:
        lifetime: Seconds for which the headers are valid; None if that is not known.
        renewal: What the source needs to renew them; empty when it needs nothing.
    """

    person: Person
    headers: Mapping[str, str]
    lifetime: float | None = None
    renewal: str = ""


class Source(Protocol):
    """A way of getting people."""

    def grant(self, role: str, tenant: int, number: int) -> Grant:
        """Return somebody with credentials; called once for each.

        Raises:
            Unavailable: If there is no such person.
        """

    def renew(self, grant: Grant) -> Grant:
        """Return the same person with credentials that are valid for longer.

        Raises:
            Unavailable: If they cannot be renewed.
        """

    def account(self, person: Person) -> Mapping[str, str]:
        """Return what a person sends to sign in: `email` and `password`.

        Raises:
            Unavailable: If that is not known.
        """


def person_name(role: str, tenant: int, number: int) -> str:
    """Return how somebody is called in replays and reports, such as `member-1@tenant-a`."""
    return f"{role}-{number + 1}@tenant-{tenant_letter(tenant)}"


def tenant_letter(tenant: int) -> str:
    """Return the letter of a tenant: `a` for the first."""
    return chr(ord("a") + tenant)
