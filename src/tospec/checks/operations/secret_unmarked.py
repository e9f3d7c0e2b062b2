"""TS1009."""

import re
from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import FieldType, System

_NAMES: Final = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|credentials|(?:api|access|auth|private|secret"
    r"|signing|encryption)_?key)$",
    re.IGNORECASE,
)
_TEXTS: Final = (FieldType.STRING, FieldType.TEXT)


@check("TS1009", Domain.OPERATIONS, Blocker.AMBIGUITY, answerable=True)
def secret_unmarked(system: System) -> Iterator[Finding]:
    """A setting is called like a secret, and is none.

    Why:
        What is not marked may be logged and shown, and its default stands in the code.

    Fix:
        Write `secret: true` and leave the default out, or decide that it is no secret.
    """
    for setting in system.settings:
        if setting.type in _TEXTS and not setting.secret and _NAMES.search(setting.name):
            yield Finding(
                subject=setting.name,
                span=setting.span,
                problem=f"{setting.name} is called like a secret, and may be shown and logged.",
                questions=(f"Is {setting.name} to be kept secret?",),
                options=("secret: true, without a default", "decide that it is no secret"),
                impact="A secret could reach logs, or stand in the code as a default.",
            )
