"""Data access for labels."""

from app.models.label import Label, labels
from app.repositories.entities import EntityRepository


class LabelRepository(EntityRepository[Label]):
    """Labels of one tenant at a time."""

    table = labels
    model = Label
