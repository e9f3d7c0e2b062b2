"""Emitting Python and text files: source with its imports, names, literals, templates.

Knows nothing of a spec. Spec text becomes source through four kinds of door only: `literal`,
names (`identifier`, `attribute`, `class_name`, `constant`), `docstring` and `comment`; and
through the doors of `tospec.python.text` for files that are not Python.
"""

from tospec.python.code import NOTHING, Code, fill, join, lines, module_symbol, symbol
from tospec.python.imports import Import, ImportClashError, ImportSet
from tospec.python.literals import literal
from tospec.python.module import BrokenModuleError, module, require_python
from tospec.python.names import (
    InvalidNameError,
    attribute,
    attribute_problem,
    class_name,
    constant,
    identifier,
    name_problem,
)
from tospec.python.naming import (
    camel,
    collisions,
    constant_case,
    kebab,
    pascal,
    plural,
    snake,
    title_words,
)
from tospec.python.prose import comment, docstring, docstring_value, sentence
from tospec.python.templates import RawTextError, Templates, TextTemplates
from tospec.python.text import (
    Text,
    code_as_text,
    ini_value,
    join_text,
    json_string,
    markdown_text,
    number,
    text_line,
    text_name,
    toml_string,
    yaml_string,
)

__all__ = [
    "NOTHING",
    "BrokenModuleError",
    "Code",
    "Import",
    "ImportClashError",
    "ImportSet",
    "InvalidNameError",
    "RawTextError",
    "Templates",
    "Text",
    "TextTemplates",
    "attribute",
    "attribute_problem",
    "camel",
    "class_name",
    "code_as_text",
    "collisions",
    "comment",
    "constant",
    "constant_case",
    "docstring",
    "docstring_value",
    "fill",
    "identifier",
    "ini_value",
    "join",
    "join_text",
    "json_string",
    "kebab",
    "lines",
    "literal",
    "markdown_text",
    "module",
    "module_symbol",
    "name_problem",
    "number",
    "pascal",
    "plural",
    "require_python",
    "sentence",
    "snake",
    "symbol",
    "text_line",
    "text_name",
    "title_words",
    "toml_string",
    "yaml_string",
]
