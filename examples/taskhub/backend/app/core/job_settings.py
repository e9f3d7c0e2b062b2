"""The settings of an installation that does background work."""

from pydantic import Field

from app.core.service_settings import ServiceSettings


class JobSettings(ServiceSettings):
    """How jobs are run. Times are in seconds."""

    embedded_worker: bool | None = Field(
        default=None,
        description="Run jobs in the process that serves as well; by default with SQLite.",
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

    @property
    def embeds_worker(self) -> bool:
        """Return whether the process that serves runs jobs as well."""
        if self.embedded_worker is None:
            return self.database_url.get_secret_value().startswith("sqlite")
        return self.embedded_worker
