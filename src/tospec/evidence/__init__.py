"""What was executed and seen, as data: gates, tests, cases.

Gate and verifier make these records; the report reads them; nothing else counts as proof.
"""

from tospec.evidence.records import (
    Case,
    Coverage,
    GateResult,
    Outcome,
    Replay,
    TestResult,
    TestRun,
    ToolVersion,
    Verification,
    Violation,
    worst,
)
from tospec.evidence.store import EvidenceError, load, save

__all__ = [
    "Case",
    "Coverage",
    "EvidenceError",
    "GateResult",
    "Outcome",
    "Replay",
    "TestResult",
    "TestRun",
    "ToolVersion",
    "Verification",
    "Violation",
    "load",
    "save",
    "worst",
]
