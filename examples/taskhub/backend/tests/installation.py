"""What an installation has to set besides its secret, as the tests set it."""

from collections.abc import Mapping
from typing import Final

from tests.file_cases import STORAGE_URL

SETTINGS: Final[Mapping[str, str]] = {
    "MAIL_URL": "http://127.0.0.1:9",
    "MAIL_TOKEN": "proves-nothing",
    "RATE_LIMIT_REQUESTS": "1000000000",
    "SIGN_IN_LIMIT_REQUESTS": "1000000000",
    "STORAGE_URL": STORAGE_URL,
}
