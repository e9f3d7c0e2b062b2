"""Statuses of the service's own error cases that are not 409."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.errors import RuleError

RULE_STATUSES: Final[Mapping[type[RuleError], int]] = MappingProxyType({})
