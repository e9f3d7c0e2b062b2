"""Assessment: what a spec leaves open, and what it contradicts."""

from tospec.checks.base import Check, Finding, assess, discover

__all__ = ["Check", "Finding", "assess", "discover"]
