"""Names on the wire, as convention rest-1 forms them from those of the spec."""

import re
from typing import Final

from tospec.model import Entity, Relation

_IRREGULAR: Final = {
    "analyses": "analysis",
    "children": "child",
    "cookies": "cookie",
    "crises": "crisis",
    "criteria": "criterion",
    "feet": "foot",
    "geese": "goose",
    "halves": "half",
    "indexes": "index",
    "knives": "knife",
    "leaves": "leaf",
    "lives": "life",
    "loaves": "loaf",
    "matrices": "matrix",
    "men": "man",
    "mice": "mouse",
    "movies": "movie",
    "people": "person",
    "phenomena": "phenomenon",
    "quizzes": "quiz",
    "shelves": "shelf",
    "teeth": "tooth",
    "wives": "wife",
    "wolves": "wolf",
    "women": "woman",
    "echoes": "echo",
    "heroes": "hero",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "vetoes": "veto",
}
_UNCHANGED: Final = frozenset(
    {"data", "equipment", "information", "media", "news", "series", "status"}
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z][a-z0-9]*|[0-9]+")
_HISSING: Final = re.compile(r"(ss|x|z|ch|sh|ias|[^aeiou]us)es$")


def snake(name: str) -> str:
    """Return `TaskComment` as `task_comment`."""
    return "_".join(word.lower() for word in _WORD.findall(name))


def singular(noun: str) -> str:
    """Return a snake-case plural's singular; the noun itself when it is none."""
    head, underscore, last = noun.rpartition("_")
    return head + underscore + _singular_word(last)


def _singular_word(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _UNCHANGED or not word.endswith("s") or word.endswith("ss"):
        return word
    if re.search(r"[^aeiou]ies$", word):
        return word[:-3] + "y"
    return word[:-2] if _HISSING.search(word) else word[:-1]


def relation_name(relation: Relation) -> str:
    """Return the wire name of a relation: `<name>_id`, or `<singular>_ids`."""
    return f"{singular(relation.name)}_ids" if relation.many else f"{relation.name}_id"


def wire_name(entity: Entity, member: str) -> str:
    """Return the wire name of a field, relation or computed value."""
    relation = entity.relation(member)
    return member if relation is None else relation_name(relation)
