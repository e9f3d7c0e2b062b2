"""Templates that print nothing but what came through a quoting door."""

from collections.abc import Callable
from importlib import resources
from typing import Final

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, nodes

from tospec.python.code import Code
from tospec.python.imports import Import
from tospec.python.module import lifted
from tospec.python.text import Text

_REFUSED: Final = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.AssignBlock,
)


type _Source = tuple[str, str | None, Callable[[], bool] | None]


class RawTextError(TypeError):
    """A template printed something that did not come through a quoting door."""


class Templates:
    """The templates of Python modules in one folder of a package.

    A template prints `Code` only. It may start with ordinary import statements; they become
    imports of the outcome, as do those of everything printed.
    """

    def __init__(self, package: str, folder: str = "templates") -> None:
        self._printed: set[Import] = set()
        self._environment = _environment(package, folder, self._print)

    def render(self, name: str, *, artifact: str = "", **values: object) -> Code:
        """Return the source that a template makes of `values`.

        Args:
            name: File name of the template.
            artifact: What is being made, for messages; the template's name if empty.
            values: What the template may use; it can print those that are `Code`.

        Raises:
            RawTextError: If it prints anything else.
            jinja2.UndefinedError: If it uses a value that was not given.
            BrokenModuleError: If it starts with imports and the outcome is no Python.
        """
        template = self._environment.get_template(name)
        self._printed.clear()
        source = lifted(template.render(values).strip("\n"), artifact or name)
        return Code(source.text, source.imports | self._printed)

    def _print(self, value: object) -> str:
        if not isinstance(value, Code):
            raise RawTextError(_refusal(value, "Code"))
        self._printed.update(value.imports)
        return value.text


class TextTemplates:
    """The templates of files that are not Python in one folder of a package.

    A template prints `Text` only.
    """

    def __init__(self, package: str, folder: str = "templates") -> None:
        self._environment = _environment(package, folder, _print_text)

    def render(self, name: str, **values: object) -> str:
        """Return the text that a template makes of `values`.

        Raises:
            RawTextError: If it prints anything but `Text`.
            jinja2.UndefinedError: If it uses a value that was not given.
        """
        return self._environment.get_template(name).render(values)


def _print_text(value: object) -> str:
    if not isinstance(value, Text):
        raise RawTextError(_refusal(value, "Text"))
    return value.text


def _refusal(value: object, wanted: str) -> str:
    if isinstance(value, StrictUndefined):
        str(value)
    return f"a template printed {type(value).__name__}, not {wanted}: use a quoting door"


def _environment(package: str, folder: str, finalize: Callable[[object], str]) -> Environment:
    environment = Environment(
        loader=_PackageFolder(package, folder),
        finalize=finalize,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the output is no HTML, and finalize admits no raw text
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.clear()
    return environment


class _PackageFolder(BaseLoader):
    """Templates from a folder of an installed package, and from nowhere else."""

    def __init__(self, package: str, folder: str) -> None:
        self._root = resources.files(package).joinpath(folder)

    def get_source(self, environment: Environment, template: str) -> _Source:
        file = self._root.joinpath(template)
        if not file.is_file():
            raise TemplateNotFound(template)
        source = file.read_text(encoding="utf-8")
        _require_plain(environment.parse(source), template)
        return source, template, None


def _require_plain(tree: nodes.Template, name: str) -> None:
    """Refuse the constructs whose output would not pass through `finalize`."""
    for node in tree.find_all(_REFUSED):
        message = f"{name}:{node.lineno}: a template may not use {type(node).__name__}"
        raise RawTextError(message)
