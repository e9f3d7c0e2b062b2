"""From the spec's names to those of a backend."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

from tospec.ir.names import EntityNames
from tospec.python import kebab, pascal, plural, snake

LONGEST_IDENTIFIER: Final = 63
"""Bytes that PostgreSQL keeps of an identifier; it cuts off the rest."""

LONGEST_TABLE: Final = 32
"""Leaves room for the names of constraints, and for the lines that name a table."""

_DIGEST: Final = 8


@lru_cache(maxsize=4096)
def entity_names(name: str) -> EntityNames:
    """Return the forms of an entity's name, such as `LineItem`."""
    singular = snake(name)
    many = plural(singular)
    noun = singular.replace("_", " ")
    return EntityNames(
        type=pascal(singular),
        singular=singular,
        plural=many,
        noun=noun,
        nouns=many.replace("_", " "),
        article="an" if noun[0] in "aeiou" else "a",
        segment=kebab(many),
    )


def table_name(entity: str) -> str:
    """Return the name of an entity's table."""
    return shortened(entity_names(entity).plural, LONGEST_TABLE)


def link_table_name(entity: str, relation: str) -> str:
    """Return the name of the table that holds the links of a relation to many."""
    return shortened(f"{entity_names(entity).singular}_{relation}", LONGEST_TABLE)


def counter_table_name(entity: str, field: str) -> str:
    """Return the name of the table that counts a sequence."""
    return shortened(f"{entity_names(entity).singular}_{field}_counters", LONGEST_TABLE)


def word_table_name(entity: str) -> str:
    """Return the name of the table of the words that an entity's rows are found by."""
    return shortened(f"{entity_names(entity).singular}_words", LONGEST_TABLE)


def enum_name(entity: str, field: str) -> str:
    """Return the class of an enum: `TaskStatus`."""
    return pascal(f"{entity_names(entity).singular}_{field}")


def error_type(code: str) -> str:
    """Return the class of an error case: `TaskUnassignedError` for `TASK_UNASSIGNED`."""
    return f"{pascal(code.lower()).removesuffix('Error')}Error"


def reference_column(relation: str) -> str:
    """Return the column and the wire name of a relation to one."""
    return f"{relation}_id"


def link_field(relation: str) -> str:
    """Return the field and the wire name of a relation to many: `label_ids`."""
    return f"{singular(relation)}_ids"


def link_columns(owner: str, relation: str, to: str) -> tuple[str, str]:
    """Return the columns of a link table: of the owning row, and of the other one."""
    own = entity_names(owner).singular
    other = singular(relation) if to == owner else entity_names(to).singular
    return reference_column(own), reference_column(other)


def singular(noun: str) -> str:
    """Return a snake-case plural's singular; the noun itself when it is none."""
    head, underscore, last = noun.rpartition("_")
    return head + underscore + _singular_word(last)


def _singular_word(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if plural(word) == word:
        return word
    bare = word.removesuffix("es")
    endings = ("es", "s") if _HISSING.search(bare) else ("s", "es")
    for ending, replacement in (
        ("ies", "y"),
        ("ves", "f"),
        ("ves", "fe"),
        *((each, "") for each in endings),
    ):
        candidate = word.removesuffix(ending) + replacement
        if word.endswith(ending) and plural(candidate) == word:
            return candidate
    return word


def shortened(name: str, limit: int = LONGEST_IDENTIFIER) -> str:
    """Return a name of at most `limit` bytes; what is cut off lives on in a digest."""
    if len(name) <= limit:
        return name
    digest = sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: limit - _DIGEST - 1].rstrip('_')}_{digest}"


_HISSING: Final = re.compile(r"(ss|x|z|ch|sh|ias|[^aeiou]us)$")
_IRREGULAR: Final = {
    plural(word): word
    for word in (
        "cookie",
        "movie",
        "analysis",
        "child",
        "crisis",
        "criterion",
        "foot",
        "goose",
        "index",
        "man",
        "matrix",
        "mouse",
        "person",
        "phenomenon",
        "quiz",
        "tooth",
        "woman",
    )
}
