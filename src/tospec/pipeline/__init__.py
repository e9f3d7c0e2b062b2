"""The whole story, a function for each verb. The only room that knows all others."""

from tospec.doctor import Health
from tospec.gate.installation import settings_of
from tospec.pipeline.building import (
    SPEC_FOLDER,
    Assessment,
    BuildResult,
    InvalidSpecError,
    Reading,
    Rule,
    assess,
    build,
    example,
    expand,
    read,
    render,
    rules,
    schema,
    unbuildable,
)
from tospec.pipeline.examining import doctor
from tospec.pipeline.gating import GateRequest, GateRun, gate, gates
from tospec.pipeline.proving import (
    VerifySettings,
    cases,
    report,
    report_text,
    save_text,
    tree_hash,
    verify,
)

__all__ = [
    "SPEC_FOLDER",
    "Assessment",
    "BuildResult",
    "GateRequest",
    "GateRun",
    "Health",
    "InvalidSpecError",
    "Reading",
    "Rule",
    "VerifySettings",
    "assess",
    "build",
    "cases",
    "doctor",
    "example",
    "expand",
    "gate",
    "gates",
    "read",
    "render",
    "report",
    "report_text",
    "rules",
    "save_text",
    "schema",
    "settings_of",
    "tree_hash",
    "unbuildable",
    "verify",
]
