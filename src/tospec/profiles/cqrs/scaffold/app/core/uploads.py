"""Files on their way in: what a client says of one, and its bytes, which come once."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import AppError, ContentTooLargeError, UnsupportedMediaTypeError


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What is known of a file once all of it has arrived; `id` is that of its row, too."""

    id: UUID
    media_type: str
    size: int
    sha256: str

    @property
    def columns(self) -> dict[str, object]:
        """Return what its row holds of it."""
        return {
            "id": self.id,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass(slots=True, kw_only=True)
class Upload:
    """A file whose bytes have not been read yet.

    Attributes:
        media_type: What the client says that it is.
        length: How many bytes the client says that it has; None if it does not say.
        fault: What makes its headers unreadable, whatever the file may be.
        chunks: Its bytes, in order, for one reader.
        content: What arrived; None until it has.
    """

    media_type: str
    length: int | None
    fault: AppError | None
    chunks: AsyncIterator[bytes]
    content: FileContent | None = None

    def check(self, *, max_size: int, media_types: Collection[str]) -> None:
        """Refuse a file by what is said of it, before any of it is read.

        Raises:
            ContentTooLargeError: If it says that it is larger than `max_size` bytes.
            UnsupportedMediaTypeError: If it is none of `media_types`.
            AppError: What makes its headers unreadable.
        """
        if self.length is not None and self.length > max_size:
            raise ContentTooLargeError
        if self.fault is not None:
            raise self.fault
        if self.media_type not in media_types:
            raise UnsupportedMediaTypeError
