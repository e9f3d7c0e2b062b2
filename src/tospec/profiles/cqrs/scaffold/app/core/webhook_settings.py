"""The settings of an installation that delivers events to webhooks."""

from typing import Self

from pydantic import Field, model_validator

from app.core.service_settings import ServiceSettings


class WebhookSettings(ServiceSettings):
    """How events are delivered."""

    webhooks_at_once: int = Field(
        default=16, ge=1, le=1000, description="How many deliveries a worker makes at once."
    )
    webhooks_insecure: bool = Field(
        default=False,
        description="Deliver to http and to inner networks as well; for development and tests.",
    )

    @model_validator(mode="after")
    def _secure_in_production(self) -> Self:
        if self.production and self.webhooks_insecure:
            msg = "WEBHOOKS_INSECURE must be false in production"
            raise ValueError(msg)
        return self
