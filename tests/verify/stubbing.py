"""What the verifier is to a target of the example besides a client: provider, receiver, clock."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tests.verify.serving import free_port
from tospec.verify.stubs.place import Address, Place

STUBBED: Final = "integrations"
"""The kind of cases that needs a stub."""
OUTSIDE: Final = frozenset({STUBBED, "webhooks", "schedules"})
"""The kinds of cases that need more than a client."""


def stub_of_mail() -> Place:
    """Return a place at which nobody listens yet."""
    return Place(integration="mail", host="127.0.0.1", port=free_port())


def pointing_at(stub: Place) -> dict[str, str]:
    """Return the settings of the example's backend for a stub."""
    return {"MAIL_URL": f"http://{stub.host}:{stub.port}/mail", "MAIL_TOKEN": "any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything that a target may have to do with.

    Attributes:
        mail: Where its mail goes.
        hooks: Where its webhooks are received.
        clock: The file that tells it the time.
    """

    mail: Place
    hooks: Address
    clock: Path

    @classmethod
    def beside(cls, folder: Path) -> Self:
        """Return what nobody uses yet, with a clock beside a folder."""
        return cls(
            mail=stub_of_mail(),
            hooks=Address(host="127.0.0.1", port=free_port()),
            clock=folder.with_name(f"{folder.name}.clock"),
        )

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the example's backend for it."""
        return {
            **pointing_at(self.mail),
            "WEBHOOKS_INSECURE": "true",
            "CLOCK_FILE": str(self.clock.resolve()),
        }

    @property
    def options(self) -> dict[str, Any]:
        """The options of a run for it."""
        return {"stubs": (self.mail,), "hooks": self.hooks, "clock": self.clock}
