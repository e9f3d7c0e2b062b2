"""What an installation has to set besides its secret, as the tests set it."""

from collections.abc import Mapping
from typing import Final

from tests.file_cases import storage_url

SETTINGS: Final[Mapping[str, str]] = {
    "MAIL_URL": "http://127.0.0.1:9",
    "MAIL_TOKEN": "proves-nothing",
    "MAIL_WEBHOOK_SECRET": "whsec_1Xxvc9WqJiJ4nkeToNalo5lJ7lS3WGeZDSCuuEtLiXU=",
    "MAIL_WEBHOOK_SECRET_PREVIOUS": "whsec_n7iL6svAWUwP9p+kl+cf8Dy7EFLJ/CJmPF+tkHWWLys=",
    "MESSAGE_LIMIT_REQUESTS": "1000000000",
    "RATE_LIMIT_REQUESTS": "1000000000",
    "SIGN_IN_LIMIT_REQUESTS": "1000000000",
}


def variables() -> dict[str, str]:
    """Return them, and what each process has of its own."""
    return {**SETTINGS, "STORAGE_URL": storage_url()}
