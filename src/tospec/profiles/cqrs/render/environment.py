"""The templates of this profile."""

from typing import Final

from tospec.python import Templates, TextTemplates

TEMPLATES: Final = Templates("tospec.profiles.cqrs", "templates")
TEXTS: Final = TextTemplates("tospec.profiles.cqrs", "templates")
