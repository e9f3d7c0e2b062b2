"""What this machine, and a backend's folder, lack for each verb, and what mends it."""

from tospec.doctor.base import Finding, Health, Outcome, VerbHealth
from tospec.doctor.examining import VERBS, Bundled, examined

__all__ = ["VERBS", "Bundled", "Finding", "Health", "Outcome", "VerbHealth", "examined"]
