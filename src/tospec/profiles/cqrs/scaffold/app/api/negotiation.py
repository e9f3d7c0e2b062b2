"""Which media types a client accepts."""

from typing import Final

_RANGES: Final = ("application/json", "application/*", "*/*")


def accepts_json(headers: list[str]) -> bool:
    """Return whether the lines of `Accept` let JSON pass; no line lets everything pass."""
    if not headers:
        return True
    ranges = [each for each in ",".join(headers).split(",") if each.strip()]
    wanted = dict(map(_wanted, ranges))
    # The most specific range decides (RFC 9110): `application/json;q=0, */*` excludes JSON.
    return not ranges or next((wanted[name] for name in _RANGES if name in wanted), False)


def _wanted(media_range: str) -> tuple[str, bool]:
    name, *parameters = (part.strip().lower() for part in media_range.split(";"))
    quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    return name, quality.strip("0.") != ""
