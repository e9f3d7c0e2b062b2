"""Where the example's backend sends its mail, when the verifier stands in for the provider."""

from typing import Final

from tests.verify.serving import free_port
from tospec.verify.stubs.place import Place

STUBBED: Final = "integrations"
"""The kind of cases that needs a stub."""


def stub_of_mail() -> Place:
    """Return a place at which nobody listens yet."""
    return Place(integration="mail", host="127.0.0.1", port=free_port())


def pointing_at(stub: Place) -> dict[str, str]:
    """Return the settings of the example's backend for a stub."""
    return {"MAIL_URL": f"http://{stub.host}:{stub.port}/mail", "MAIL_TOKEN": "any"}
