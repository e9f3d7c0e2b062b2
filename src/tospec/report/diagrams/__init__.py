"""Diagrams as SVG: lifecycles and entities. Colours come from the page's style sheet."""

from tospec.report.diagrams.entities import entities_svg
from tospec.report.diagrams.lifecycle import lifecycle_svg

__all__ = ["entities_svg", "lifecycle_svg"]
