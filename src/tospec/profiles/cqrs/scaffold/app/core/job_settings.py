"""The settings of an installation that does background work."""

from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from app.core.service_settings import ServiceSettings

_BROKERS: Final = ("redis", "rediss", "amqp", "amqps")


class JobSettings(ServiceSettings):
    """How jobs are run. Times are in seconds."""

    embedded_worker: bool | None = Field(
        default=None,
        description="Run jobs in the process that serves; by default with SQLite and no broker.",
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="redis://host/1 or amqp://user:password@host; by default workers poll alone.",
    )
    worker_jobs: int = Field(
        default=8, ge=1, le=1000, description="How many jobs a process runs at once."
    )
    worker_jobs_per_tenant: int = Field(
        default=2, ge=1, le=1000, description="How many jobs of a tenant run at once."
    )
    worker_poll: float = Field(
        default=1.0, gt=0, le=60, description="How often an idle worker looks for jobs."
    )
    worker_lease: float = Field(
        default=10.0, ge=1, le=600, description="After which silence a worker is taken for dead."
    )
    clock_file: Path | None = Field(
        default=None,
        description="A file with the seconds by which the clock is ahead; for tests.",
    )

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts is not None and (parts.scheme not in _BROKERS or not parts.hostname):
            msg = (
                f"must name a host, and start with {' or '.join(f'{each}://' for each in _BROKERS)}"
            )
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _true_clock_in_production(self) -> Self:
        if self.production and self.clock_file is not None:
            msg = "CLOCK_FILE must be absent in production"
            raise ValueError(msg)
        return self

    @property
    def embeds_worker(self) -> bool:
        """Return whether the process that serves runs jobs as well."""
        if self.embedded_worker is None:
            on_sqlite = self.database_url.get_secret_value().startswith("sqlite")
            return on_sqlite and self.broker_url is None
        return self.embedded_worker
