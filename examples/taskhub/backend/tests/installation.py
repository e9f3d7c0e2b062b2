"""What an installation has to set besides its secret, as the tests set it."""

from collections.abc import Mapping
from typing import Final

SETTINGS: Final[Mapping[str, str]] = {}
