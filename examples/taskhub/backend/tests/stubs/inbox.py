"""The page of a stub: what other services have been asked for, for people to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

type Shown = tuple[datetime, str, str, Mapping[str, Any]]

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width">
<title>Inbox</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }}
article {{ border: 1px solid #8888; border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem; }}
h2 {{ font-size: 1rem; margin: 0; }}
dl {{ display: grid; gap: 0 1rem; grid-template-columns: max-content 1fr; margin: .5rem 0; }}
dt, time {{ opacity: .7; }}
dd {{ margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }}
</style>
</head>
<body>
<h1>Inbox</h1>
<p>{count} so far.{waiting}</p>
{articles}
</body>
</html>
"""


def page(effects: Sequence[Shown], *, waiting: Sequence[str]) -> bytes:
    """Return the page: the newest first, and how the next requests will fail."""
    told = f" The next requests fail: {escape(', '.join(waiting))}." if waiting else ""
    articles = "\n".join(_article(*each) for each in reversed(effects))
    return _PAGE.format(count=len(effects), waiting=told, articles=articles).encode()


def _article(at: datetime, integration: str, call: str, values: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in values.items()
    )
    time = at.isoformat(timespec="seconds")
    title = f"{escape(integration)}.{escape(call)}"
    return f"<article><h2>{title}</h2><time>{time}</time><dl>{rows}</dl></article>"
