"""How often something may be asked, and how often it still may."""

from dataclasses import dataclass

from app.core.errors import TooManyAttemptsError


class QuotaExceededError(TooManyAttemptsError):
    """Somebody asks too often; `retry_after` is in whole seconds."""

    slug = "quota-exceeded"
    title = "Too many requests."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests within so many seconds."""

    name: str
    requests: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What is left of a limit for somebody.

    Attributes:
        exceeded: Whether the request at hand is one too many.
        remaining: Requests that are left.
        reset: Seconds until all may be made again, at least one.
    """

    limit: Limit
    exceeded: bool
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """Return the header fields that tell of it (draft-ietf-httpapi-ratelimit-headers)."""
        limit = self.limit
        return {
            "ratelimit-policy": f'"{limit.name}";q={limit.requests};w={limit.seconds}',
            "ratelimit": f'"{limit.name}";r={self.remaining};t={self.reset}',
        }
