"""Searches that find too much, too little, or what is no longer there."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_CORE: Final = "app/core/words.py"
_WORDS: Final = "app/db/words.py"
_REPOSITORY: Final = "app/repositories/searching.py"
_TASKS: Final = "app/repositories/tasks.py"
_BEGINS: Final = (
    "return value >= parameter(_first(place), value), value < parameter(_end(place), value)"
)
_REQUIREMENT: Final = "REQ-015"


def _search(id_: str, *edits: tuple[str, str, str], first: bool = False) -> Fault:
    return fault("searches", id_, *edits, kinds="lists", requirement=_REQUIREMENT, first=first)


FAULTS: Final[tuple[Fault, ...]] = (
    _search(
        "descriptions are not searched",
        (_TASKS, 'fields=("title", "description")', 'fields=("title",)'),
    ),
    _search(
        "only descriptions are searched",
        (_TASKS, 'fields=("title", "description")', 'fields=("description",)'),
    ),
    _search(
        "a search looks for the first word",
        (_REPOSITORY, "self._found_by(len(wanted))", "self._found_by(min(1, len(wanted)))"),
    ),
    _search(
        "a search is content with one word",
        (
            _WORDS,
            "return and_(*joined, *counted)",
            "return ~and_(*(~each for each in (*joined, *counted)))",
        ),
    ),
    _search(
        "a search minds the case",
        (_CORE, "return text.lower()", "return text"),
        (_CORE, ".casefold()", ""),
    ),
    _search(
        "a search minds accents",
        (
            _CORE,
            'return "".join(sign for sign in folded '
            'if not unicodedata.category(sign).startswith("M"))',
            "return folded",
        ),
    ),
    _search(
        "a search knows whole words only",
        (_WORDS, _BEGINS, "return (value == parameter(_first(place), value),)"),
    ),
    _search(
        "a search looks inside of words",
        (_WORDS, _BEGINS, "return (value.contains(parameter(_first(place), value)),)"),
    ),
    _search(
        "signs are letters",
        (_CORE, 'rf"(?![\\W_])[{_UNSPACED}]|[^\\W_{_UNSPACED}]+"', 'r"\\S+"'),
    ),
    _search(
        "a lone quote in a search is a defect",
        (
            _REPOSITORY,
            "            wanted = least_words(str(text))\n",
            "            wanted = least_words(str(text))\n"
            "            if str(text).count('\"') % 2:\n"
            "                raise RuntimeError(text)\n",
        ),
    ),
    _search(
        "what has no word finds everything",
        (_WORDS, "        return false()\n", "        return ~false()\n"),
    ),
    _search(
        "a changed text is not found",
        (_REPOSITORY, "if values.keys() & set(self.searched.fields):", "if not values:"),
        first=True,
    ),
    _search(
        "what a text said is found for ever",
        (
            _WORDS,
            'words.c.word.not_in(select(each_of("words").c.value))',
            "false()",
        ),
    ),
    _search(
        "a search shows what is hidden",
        (
            _TASKS,
            "request, _filters(), members(filters), visible, tenant_id=tenant_id",
            "request, _filters(), members(filters), "
            "*([visible] if filters.q is None else []), tenant_id=tenant_id",
        ),
    ),
)
