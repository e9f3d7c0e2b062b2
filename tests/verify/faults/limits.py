"""Rate limits that nobody is told of, that count nothing, or that count the wrong ones."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_LIMITS: Final = "app/api/rate_limits.py"

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "limits",
        "nobody is told of them",
        (_LIMITS, "            told.append(quota)\n", "            pass\n"),
        kinds="rate-limits",
        requirement="A-100: RateLimit",
        first=True,
    ),
    fault(
        "limits",
        "what is left is told out of form",
        (
            "app/core/quotas.py",
            "left = f'\"{self.limit.name}\";r={self.remaining};t={self.reset}'",
            'left = f"{self.remaining}"',
        ),
        kinds="rate-limits",
        requirement="A-100: structured fields",
    ),
    fault(
        "limits",
        "no request is counted",
        (
            "app/core/quotas.py",
            "self._open[limit.name, who] = end, count + 1",
            "self._open[limit.name, who] = end, count",
        ),
        kinds="rate-limits",
        requirement="A-101",
    ),
    fault(
        "limits",
        "all people are counted as one",
        (
            _LIMITS,
            'await self._take(self.signed_in, f"{actor.tenant_id}{person}")',
            'await self._take(self.signed_in, "everybody")',
        ),
        kinds="rate-limits",
        requirement="A-101: others are unaffected",
    ),
    fault(
        "limits",
        "anybody says where they come from",
        (
            _LIMITS,
            "        if settings.trusted_proxies:\n"
            "            trusted = [each.strip() for each in settings",
            '        if trusted := ["*"]:\n            _ = [each.strip() for each in settings',
        ),
        kinds="rate-limits",
        requirement="A-102",
    ),
    fault(
        "limits",
        "each sign-in is counted on its own",
        (
            _LIMITS,
            "await self._take(limit or self.sign_in, _site(address))",
            "await self._take(limit or self.sign_in, str(time.time()))",
        ),
        kinds="rate-limits",
        requirement="A-102",
    ),
)
