"""lifecycle-1: the error case of a move that a lifecycle does not have."""

from typing import Final

NAME: Final = "lifecycle-1"
INVALID_TRANSITION: Final = "INVALID_TRANSITION"
