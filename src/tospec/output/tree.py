"""Files in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from tospec.output.paths import PathClashError, require_distinct, require_safe


@dataclass(frozen=True, slots=True)
class File:
    """One text file of a tree.

    Attributes:
        path: Where it goes, relative to the output folder, with `/`.
        text: Its content; written as UTF-8 with the line ends that it has.
        origins: Ids of the items of the spec that it comes from; sorted, without repetitions.

    Raises:
        UnsafePathError: If the path is not safe.
        UnicodeEncodeError: If the text holds a lone surrogate.
    """

    path: str
    text: str = field(repr=False)
    origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_safe(self.path)
        self.text.encode()
        object.__setattr__(self, "origins", tuple(sorted(set(self.origins))))


class Tree:
    """Files, ordered by path, of which no two want one place."""

    def __init__(self, files: Iterable[File] = ()) -> None:
        """Put files together.

        Raises:
            PathClashError: If two of them have the same path, differ in nothing but case, or
                one is a folder of another.
        """
        self._files: dict[str, File] = {}
        for file in sorted(files, key=lambda file: file.path):
            if file.path in self._files:
                message = f"'{file.path}' is generated twice"
                raise PathClashError(message)
            self._files[file.path] = file
        require_distinct(self._files)

    def __iter__(self) -> Iterator[File]:
        return iter(self._files.values())

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __getitem__(self, path: str) -> File:
        return self._files[path]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Tree({len(self)} files)"

    def merged(self, other: Iterable[File]) -> Self:
        """Return a tree of the files of both.

        Raises:
            PathClashError: If two of them want one place.
        """
        return type(self)((*self, *other))
