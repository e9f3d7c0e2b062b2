"""Error cases of webhooks."""

from app.core.errors import RuleError


class WebhookLimitError(RuleError):
    """The tenant has as many webhooks as it may have."""

    slug = "webhook-limit"
    code = "WEBHOOK_LIMIT"
    title = "The tenant has as many webhooks as it may have."


class WebhookInactiveError(RuleError):
    """Nothing is delivered to a webhook that is switched off."""

    slug = "webhook-inactive"
    code = "WEBHOOK_INACTIVE"
    title = "The webhook is switched off."
