"""Files that are the same in all backends but for what few of them have."""

from importlib import resources
from typing import Final

from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.environment import TEXTS

_OF_FILES: Final = ("obstore==",)
"""Packages of backends that keep files."""
_OF_JOBS: Final = ("cronsim==", "dramatiq==", "pika==", "tzdata==")
"""Packages of backends with background work."""
_OF_INTEGRATIONS: Final = ("httpx==",)
"""Packages of backends that ask other services."""
_OF_CONNECTIONS: Final = ("httpcore==",)
"""Packages of backends that ask other services or deliver to webhooks."""
_OF_TRACES: Final = (
    "charset-normalizer==",
    "googleapis-common-protos==",
    "opentelemetry-exporter-",
    "opentelemetry-proto==",
    "opentelemetry-sdk==",
    "opentelemetry-semantic-",
    "protobuf==",
    "requests==",
    "urllib3==",
)
"""Packages of backends that may send traces."""
_OF_LIMITS: Final = ("deprecated==", "limits==", "packaging==", "wrapt==")
"""Packages of backends that limit how often somebody asks."""
_OF_REDIS: Final = ("redis==",)
"""Packages of backends whose processes may share something."""


def render_varying(logic: Logic, path: str) -> str:
    """Return the file of that path; nothing of the spec stands in it."""
    return TEXTS.render(
        f"varying/{path}.j2",
        keeps_files=logic.keeps_files,
        admin=logic.admin is not None,
        audit=logic.audit_permission is not None,
        budgets=bool(logic.budgets),
        works=bool(logic.jobs),
        asks=bool(logic.integrations),
        delivers=logic.webhooks is not None,
        receives=bool(logic.senders),
        keeps_answers=logic.keeps_answers,
        purged={each for job in logic.purges for each in job.purged},
    )


def render_requirements(logic: Logic, path: str) -> str:
    """Return the packages that a backend needs, of those that some backend needs."""
    source = resources.files("tospec.profiles.cqrs") / "requirements" / path
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    is_lock = path == "requirements.lock"
    unneeded = (
        *(() if logic.keeps_files else _OF_FILES),
        *(() if logic.jobs else _OF_JOBS),
        *(() if logic.limited_per else _OF_LIMITS),
        *(() if logic.integrations or path == "requirements-dev.txt" else _OF_INTEGRATIONS),
        *(() if logic.webhooks or logic.integrations else _OF_CONNECTIONS),
        *(() if logic.is_traced or logic.integrations or logic.webhooks else ("certifi==",)),
        *(() if logic.is_traced else _OF_TRACES),
        # FastAPI brings it anyway, so that every lock has it.
        *(() if logic.is_traced or is_lock else ("opentelemetry-api==",)),
        *(() if logic.uses_redis or logic.jobs else _OF_REDIS),
    )
    return "".join(line for line in lines if not line.startswith(unneeded))
