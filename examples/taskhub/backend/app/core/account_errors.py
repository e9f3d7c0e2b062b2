"""Error cases of accounts."""

from app.core.errors import RuleError


class LastOwnerError(RuleError):
    """The change would leave the tenant without anybody who may do everything."""

    slug = "last-owner"
    code = "LAST_OWNER"
    title = "A tenant needs at least one owner."
