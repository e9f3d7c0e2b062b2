"""Shapes in SVG; every text passes through `text`, which escapes it."""

from collections.abc import Iterable
from html import escape
from typing import Final
from zlib import crc32

from tospec.report.plain import plain

_ARROW: Final = "url(#arrow)"


def text(x: float, y: float, content: str, *, role: str = "", anchor: str = "middle") -> str:
    """Return a line of text at a point."""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{_class(role)}>{quoted(content)}</text>'
    )


def box(x: float, y: float, width: float, height: float, *, role: str = "", round_: int = 6) -> str:
    """Return a rectangle by its upper left corner."""
    size = f'width="{width:g}" height="{height:g}" rx="{round_}"'
    return f'<rect x="{x:g}" y="{y:g}" {size}{_class(role)}/>'


def curve(points: Iterable[tuple[float, float]], *, role: str = "", arrow: bool = True) -> str:
    """Return a cubic curve through four points: start, two controls, end."""
    start, *rest = [f"{x:g} {y:g}" for x, y in points]
    end = f' marker-end="{_ARROW}"' if arrow else ""
    return f'<path d="M{start} C{", ".join(rest)}"{_class(role)}{end}/>'


def group(shapes: Iterable[str], *, title: str = "") -> str:
    """Return shapes as one, with what a pointer that rests on them is told."""
    told = f"<title>{quoted(title)}</title>" if title else ""
    return f"<g>{told}{''.join(shapes)}</g>"


def picture(shapes: Iterable[str], width: float, height: float, *, label: str) -> str:
    """Return a whole picture.

    Args:
        shapes: What is on it.
        width: Width in pixels.
        height: Height in pixels.
        label: What it shows, for those who cannot see it.
    """
    # A page may hold many pictures, and no two of them the same id.
    arrow = f"arrow-{crc32(label.encode('utf-8', 'replace')):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img" aria-label="{quoted(label)}">'
        f'<defs><marker id="{arrow}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
        ' markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker></defs>'
        f"{''.join(shapes).replace(_ARROW, f'url(#{arrow})')}</svg>"
    )


def quoted(content: str) -> str:
    """Return a text as it may stand between tags or quotes."""
    return escape(plain(content))


def _class(role: str) -> str:
    return f' class="{quoted(role)}"' if role else ""
