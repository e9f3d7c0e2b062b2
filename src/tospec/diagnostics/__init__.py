"""Findings about a spec, as data."""

from tospec.diagnostics.diagnostic import Diagnostic, Severity, nearest, ordered
from tospec.diagnostics.escalation import Blocker, Domain, Escalation

__all__ = ["Blocker", "Diagnostic", "Domain", "Escalation", "Severity", "nearest", "ordered"]
