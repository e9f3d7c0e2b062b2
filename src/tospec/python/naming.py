"""From one form of a name to another, always the same way."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z][a-z0-9]*|[0-9]+")
_IRREGULAR: Final = {
    "analysis": "analyses",
    "child": "children",
    "crisis": "crises",
    "criterion": "criteria",
    "datum": "data",
    "foot": "feet",
    "goose": "geese",
    "index": "indexes",
    "man": "men",
    "matrix": "matrices",
    "mouse": "mice",
    "person": "people",
    "phenomenon": "phenomena",
    "quiz": "quizzes",
    "tooth": "teeth",
    "woman": "women",
}
_UNCHANGED: Final = frozenset({"data", "equipment", "information", "media", "news", "series"})
_F_TO_VES: Final = frozenset({"half", "knife", "leaf", "life", "loaf", "shelf", "wife", "wolf"})
_O_TO_OES: Final = frozenset({"echo", "hero", "potato", "tomato", "veto"})


def snake(text: str) -> str:
    """Return `TaskComment`, `task-comment` or `task comment` as `task_comment`."""
    return "_".join(_words(text))


def kebab(text: str) -> str:
    """Return `task_comment` as `task-comment`."""
    return "-".join(_words(text))


def pascal(text: str) -> str:
    """Return `task_comment` as `TaskComment`."""
    return "".join(word.capitalize() for word in _words(text))


def camel(text: str) -> str:
    """Return `task_comment` as `taskComment`."""
    whole = pascal(text)
    return whole[:1].lower() + whole[1:]


def constant_case(text: str) -> str:
    """Return `task_comment` as `TASK_COMMENT`."""
    return snake(text).upper()


def title_words(text: str) -> str:
    """Return `task_comment` as `Task comment`."""
    return " ".join(_words(text)).capitalize()


def plural(text: str) -> str:
    """Return a snake-case noun with its last word in the plural."""
    head, underscore, last = text.rpartition("_")
    return head + underscore + _plural_word(last)


def collisions(names: Iterable[str], form: Callable[[str], str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of different names that `form` makes equal, in order."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[form(name)].add(name)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))


def _words(text: str) -> list[str]:
    """Split at case changes and at everything but ASCII letters and digits."""
    return [word.lower() for word in _WORD.findall(text)]


def _plural_word(word: str) -> str:
    if word in _UNCHANGED:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _F_TO_VES:
        return word.removesuffix("e").removesuffix("f") + "ves"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if word in _O_TO_OES or re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    return word + "s"
