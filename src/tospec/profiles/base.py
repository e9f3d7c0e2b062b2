"""What a profile is: a table of the files that it makes, and a scaffold."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tospec.output import File, Tree
from tospec.profiles.side_by_side import mapped


@dataclass(frozen=True, slots=True)
class Artifact[B, T]:
    """One kind of file: for each subject, a path and a text.

    Attributes:
        subjects: What of a backend there is a file for.
        path: Path of a subject's file, relative to the backend; `{it…}` is the subject.
        render: Text of a subject's file, not yet formatted; gets the path for messages.
        origins: Spec items that a subject comes from.
    """

    subjects: Callable[[B], Iterable[T]]
    path: str
    render: Callable[[T, str], str]
    origins: Callable[[T], Iterable[str]]

    def files(self, backend: B) -> Iterator[File]:
        """Return the files of a backend."""
        return map(self.file, self.subjects(backend))

    def file(self, subject: T) -> File:
        """Return the file of a subject."""
        path = self.path.format(it=subject)
        return File(path, self.render(subject, path), tuple(self.origins(subject)))


@dataclass(frozen=True, slots=True)
class Profile[B]:
    """A way to lay out a backend.

    Attributes:
        name: What a spec calls it.
        artifacts: The files that vary with the spec.
        scaffold: The files that do not, of which a backend has those that it needs.
    """

    name: str
    artifacts: tuple[Artifact[B, Any], ...]
    scaffold: Callable[[B], Tree]

    def render(self, backend: B) -> Tree:
        """Return every file of a backend, not yet formatted.

        Raises:
            PathClashError: If two files have one path.
        """
        work = [
            (artifact, subject)
            for artifact in self.artifacts
            for subject in artifact.subjects(backend)
        ]
        return self.scaffold(backend).merged(mapped(_file, work))


def _file(work: tuple[Artifact[Any, Any], Any]) -> File:
    artifact, subject = work
    return artifact.file(subject)
