"""How things are called in a backend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityNames:
    """The forms of an entity's name.

    Attributes:
        type: Class of one row: `LineItem`.
        singular: Variable and module of one row: `line_item`.
        plural: Table, variable and module of many: `line_items`.
        noun: For prose: `line item`.
        nouns: For prose: `line items`.
        article: `a` or `an`, before the noun.
        segment: For paths on the wire: `line-items`.
    """

    type: str
    singular: str
    plural: str
    noun: str
    nouns: str
    article: str
    segment: str

    @property
    def a_noun(self) -> str:
        """The noun with its article: `a line item`."""
        return f"{self.article} {self.noun}"
