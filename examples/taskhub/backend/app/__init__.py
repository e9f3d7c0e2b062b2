"""The application package."""

from app.about import VERSION

__version__ = VERSION
