"""A check of Schemathesis; runs in the fuzzer's environment and knows nothing of tospec."""

import json
import re
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

STORED = frozenset(
    {"idempotency-key-reused", "invalid-cursor", "invalid-reference", "precondition-failed"}
)
"""Problems of values that are well-formed, and name nothing that there is."""
ALIKE = "not_distinct"
"""Items of a bulk name one object twice; JSON Schema compares whole items only."""
NOT_WHOLE = "int_type"
"""To JSON Schema 1.0 is a whole number; to this API it is not."""


@schemathesis.check
def acceptance(ctx: Any, response: Any, case: Any) -> bool | None:
    """Demand that what the schemas allow is accepted, but for what they cannot know."""
    sent = json.dumps([case.body, dict(case.query or {})], default=str)
    if _is_beyond_schemas(_problem(response), sent):
        return None
    return positive_data_acceptance(ctx, response, case)


def _problem(response: Any) -> dict[str, Any]:
    kind = "".join(response.headers.get("content-type", ()))
    found: dict[str, Any] = response.json() if "problem+json" in kind else {}
    return found


def _is_beyond_schemas(problem: dict[str, Any], sent: str) -> bool:
    """Whether a refusal is about what no schema says of what was sent.

    U+0000 fits every schema of a text; no text of this API holds it.
    """
    if problem.get("code") in STORED:
        return True
    if "\\u0000" in sent and problem.get("code") in {"malformed-json", "validation-error"}:
        return True
    faults = {each["code"] for each in problem.get("errors", ())}
    allowed = {ALIKE, NOT_WHOLE} if re.search(r"\d\.0\b", sent) else {ALIKE}
    return bool(faults) and faults <= allowed
