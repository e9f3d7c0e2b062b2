"""`app/admin/description.json`: what the admin page has to know of a service.

The page itself is the same file by file in every backend. It knows of entities what stands here:
their fields, and the operations by which the API lets people at them. The document of the API would
not do: it says neither what an id refers to, nor from which states a move starts, nor which
permission an operation asks for, and an installation may keep it to itself.
"""

from tospec.profiles.cqrs.render.admin.document import render_description

__all__ = ["render_description"]
