"""What rules may know besides the row."""

from dataclasses import dataclass
from datetime import datetime

from app.authorization.principal import Principal
from app.core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """Who changes a row, when, and under which settings."""

    principal: Principal
    now: datetime
    settings: Settings
