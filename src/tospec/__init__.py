"""tospec builds backends to spec."""

__version__ = "0.1.0"
