"""Lists, unique values and indexes of entities."""

from collections.abc import Iterator
from typing import Final

from tospec.model import FieldType, Index, ListOptions, Unique
from tospec.syntax import codes
from tospec.syntax.conventions import rest_1
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.keys import Keys, Word, words_of

_TEXTS: Final = frozenset(
    {FieldType.STRING, FieldType.TEXT, FieldType.SLUG, FieldType.EMAIL, FieldType.URL}
)


def decode_listing(skeleton: Skeleton, keys: Keys, environment: Environment) -> ListOptions:
    """Return what lists of an entity can be narrowed and ordered by."""
    spec = keys.record("list")
    if spec is None:
        place = skeleton.part.name.span if skeleton.part else keys.span
        sort, default = _default_sort(environment)
        return ListOptions(filter=(), search=(), sort=sort, default_sort=default, span=place)
    return ListOptions(
        filter=tuple(_filters(skeleton, spec, environment)),
        search=tuple(_searched(skeleton, spec, environment)),
        sort=_offered(skeleton, spec, environment),
        default_sort=_order(skeleton, spec, environment),
        default_sort_given="default_sort" in spec,
        requirements=tuple(word.text for word in spec.words("requirements")),
        span=keys.key_place("list"),
    )


def _default_sort(environment: Environment) -> tuple[tuple[str, ...], str]:
    if not environment.rest_decides:
        return (), ""
    return (rest_1.DEFAULT_SORT.removeprefix("-"),), rest_1.DEFAULT_SORT


def _filters(skeleton: Skeleton, spec: Keys, environment: Environment) -> Iterator[str]:
    for word in spec.words("filter"):
        found = skeleton.field(word.text)
        if word.text not in skeleton.members:
            environment.unknown_member(word, skeleton.name)
        elif found and found.type is FieldType.JSON:
            _wrong(word, "JSON cannot be narrowed by.", environment)
        yield word.text


def _searched(skeleton: Skeleton, spec: Keys, environment: Environment) -> Iterator[str]:
    for word in spec.words("search"):
        found = skeleton.field(word.text)
        if word.text not in skeleton.members:
            environment.unknown_member(word, skeleton.name)
        elif not found or found.type not in _TEXTS:
            _wrong(
                word, f"Words cannot be looked for in '{word.text}'; it is no text.", environment
            )
        yield word.text


def _offered(skeleton: Skeleton, spec: Keys, environment: Environment) -> tuple[str, ...]:
    named = tuple(_sorted(skeleton, spec.words("sort"), environment))
    by_default = () if "default_sort" in spec else _default_sort(environment)[0]
    return (*named, *(name for name in by_default if name not in named))


def _sorted(skeleton: Skeleton, words: tuple[Word, ...], environment: Environment) -> Iterator[str]:
    for word in words:
        check_sortable(word, skeleton, environment)
        yield word.text


def check_sortable(word: Word, skeleton: Skeleton, environment: Environment) -> None:
    """Report a name by which rows cannot be ordered."""
    name = word.text.removeprefix("-")
    found = skeleton.field(name)
    if name not in skeleton.members:
        environment.unknown_member(Word(name, word.span), skeleton.name)
    elif not found or found.type is FieldType.JSON:
        _wrong(
            word, f"Rows cannot be ordered by '{name}'; it is no field with an order.", environment
        )


def _order(skeleton: Skeleton, spec: Keys, environment: Environment) -> str:
    word = spec.word("default_sort")
    if word is None:
        return _default_sort(environment)[1]
    check_sortable(word, skeleton, environment)
    offered = [one.text for one in spec.words("sort")]
    name = word.text.removeprefix("-")
    if name in skeleton.members and name not in offered:
        message = f"The list is ordered by '{name}', which it does not offer."
        environment.problems.add(codes.WRONG_MEMBER, word.span, message, f"Add {name} to 'sort'.")
    return word.text


def decode_unique(skeleton: Skeleton, keys: Keys, environment: Environment) -> tuple[Unique, ...]:
    """Return what no two rows of a tenant share."""
    found = []
    for spec in keys.records("unique"):
        words = spec.words("fields")
        ignore_case = spec.flag("ignore_case")
        for word in words:
            _check_stored(word, skeleton, environment)
            field = skeleton.field(word.text)
            if ignore_case and (len(words) == 1) and not (field and field.type in _TEXTS):
                _wrong(word, f"'{word.text}' has no case to ignore.", environment)
        fields = tuple(word.text for word in words)
        found.append(Unique(fields=fields, ignore_case=ignore_case, span=spec.span))
    return tuple(found)


def decode_indexes(skeleton: Skeleton, keys: Keys, environment: Environment) -> tuple[Index, ...]:
    """Return what rows are searched by together."""
    found = []
    for node in keys.nodes("indexes"):
        words = words_of(node)
        for word in words:
            _check_stored(word, skeleton, environment)
        found.append(Index(fields=tuple(word.text for word in words), span=node.span))
    return tuple(found)


def _check_stored(word: Word, skeleton: Skeleton, environment: Environment) -> None:
    field, relation = skeleton.field(word.text), skeleton.relation(word.text)
    if word.text not in skeleton.members:
        environment.unknown_member(word, skeleton.name)
    elif not field and not (relation and not relation.many):
        _wrong(word, f"'{word.text}' is not a column of {skeleton.name}.", environment)
    elif field and field.type is FieldType.JSON:
        _wrong(word, f"'{word.text}' holds JSON, which has no order.", environment)


def _wrong(word: Word, message: str, environment: Environment) -> None:
    environment.problems.add(codes.WRONG_MEMBER, word.span, message)
