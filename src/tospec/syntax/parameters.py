"""Whether each query parameter of a list means one thing."""

from collections.abc import Iterable, Iterator, Mapping

from tospec.model import Entity
from tospec.model.parameters import PAGING, SEARCH, computed_type, parameters_of
from tospec.syntax import codes
from tospec.syntax.conventions.rest_1 import singular
from tospec.syntax.keys import Keys, Word
from tospec.syntax.parts import Part
from tospec.syntax.problems import Problems


def check_parameters(
    parts: Iterable[Part], entities: Mapping[str, Entity], problems: Problems
) -> None:
    """Report filters of lists whose parameters are taken."""
    for part in parts:
        entity = entities.get(part.name.text)
        options = part.keys.record("list")
        if entity and not entity.built_in and options:
            _check_list(entity, options, problems)


def _check_list(entity: Entity, options: Keys, problems: Problems) -> None:
    taken = dict.fromkeys(PAGING, "says which part of a list is wanted")
    if options.words("search"):
        taken[SEARCH] = "holds the words that are searched for"
    for word in options.words("filter"):
        for parameter in dict.fromkeys(_parameters(entity, word)):
            if parameter in taken:
                _report(word, parameter, taken[parameter], problems)
            taken.setdefault(parameter, f"narrows the list by '{word.text}'")


def _parameters(entity: Entity, word: Word) -> Iterator[str]:
    field, relation = entity.field(word.text), entity.relation(word.text)
    computed = next((each for each in entity.computed if each.name == word.text), None)
    if field:
        yield from parameters_of(field.name, field.type)
    elif relation:
        yield f"{singular(relation.name) if relation.many else relation.name}_id"
    elif computed:
        yield from parameters_of(computed.name, computed_type(computed))


def _report(word: Word, parameter: str, meaning: str, problems: Problems) -> None:
    message = f"The list would have two parameters '{parameter}': one already {meaning}."
    help_ = f"Give '{word.text}' another name, or leave it out of 'filter'."
    problems.add(codes.PARAMETER_CLASH, word.span, message, help_)
