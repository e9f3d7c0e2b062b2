"""Where the bytes of files are kept: a folder, or an S3-compatible store.

An object is called after the table, the tenant and the row that it belongs to, never after what
a client says. It is written before its row and removed after it, so that a row always has its
object. What a crash leaves between the two is an object without a row, which `app.db.file_sweep`
removes.
"""

import hashlib
from asyncio import CancelledError
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from loguru import logger
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from app.core.errors import ContentTooLargeError, NotFoundError, ServiceUnavailableError
from app.core.file_settings import FileSettings
from app.core.ids import TenantId, new_id
from app.core.uploads import FileContent, Upload

CHUNK: Final = 256 * 1024
_PART: Final = 5 * 1024 * 1024
"""What an S3 store takes at least as one part of an object."""
_CONNECT: Final = timedelta(seconds=3)
_ANSWER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An object that is there to be read."""

    chunks: AsyncIterator[bytes]
    size: int


class FileStore:
    """The objects of one table's rows; where they are is looked up when one is asked for.

    Args:
        settings: Where an installation keeps its objects.
        table: Name of the table.
    """

    def __init__(self, settings: FileSettings, table: str) -> None:
        self._settings = settings
        self._table = table

    @cached_property
    def _objects(self) -> ObjectStore:
        return object_store(self._settings)

    @asynccontextmanager
    async def received(
        self, upload: Upload, *, tenant_id: TenantId, max_size: int
    ) -> AsyncIterator[FileContent]:
        """Store `upload`, for as long as its row is stored inside; otherwise remove it again.

        Where it is not certain what became of the row, the object stays: the row may be there,
        and a transaction that gave way to another one is run again, for which the bytes do not
        come twice.

        Raises:
            ContentTooLargeError: If it has more than `max_size` bytes; none of them is kept.
            RequestTimeoutError: If it does not arrive in time; none of it is kept.
            ServiceUnavailableError: If the store cannot take it.
        """
        if upload.content is None:
            upload.content = await self._write(upload, tenant_id, max_size)
        try:
            yield upload.content
        except (CancelledError, ServiceUnavailableError):
            raise
        except BaseException:
            await self.remove(upload.content.id, tenant_id=tenant_id)
            raise

    async def open(self, row_id: UUID, *, tenant_id: TenantId) -> StoredFile:
        """Return the object of a row.

        Raises:
            NotFoundError: If there is none, because the row was deleted just now.
            ServiceUnavailableError: If the store does not answer.
        """
        try:
            found = await self._objects.get_async(self._key(row_id, tenant_id))
        except FileNotFoundError:
            raise NotFoundError((self._table, row_id)) from None
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None
        return StoredFile(chunks=found.stream(min_chunk_size=CHUNK), size=found.meta["size"])

    async def remove(self, row_id: UUID, *, tenant_id: TenantId) -> None:
        """Remove the object of a row that is gone; what cannot be removed now is swept later."""
        key = self._key(row_id, tenant_id)
        try:
            await self._objects.delete_async(key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            bound = logger.bind(event="file_left_behind", key=key, error=type(error).__name__)
            bound.warning("the object of a deleted row is left behind")

    async def _write(self, upload: Upload, tenant_id: TenantId, max_size: int) -> FileContent:
        row_id, counted = new_id(), _Counted(max_size)
        try:
            await self._objects.put_async(
                self._key(row_id, tenant_id),
                counted.of(upload.chunks),
                chunk_size=_PART,
                max_concurrency=1,
            )
        except (BaseError, OSError) as error:
            raise _unavailable(error) from None
        return FileContent(
            id=row_id,
            media_type=upload.media_type,
            size=counted.size,
            sha256=counted.digest.hexdigest(),
        )

    def _key(self, row_id: UUID, tenant_id: TenantId) -> str:
        return f"{self._table}/{tenant_id}/{row_id}"


class _Counted:
    """Counts and hashes what passes through it."""

    def __init__(self, limit: int) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self._limit = limit

    async def of(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Pass `chunks` on.

        Raises:
            ContentTooLargeError: If they exceed the limit.
        """
        async for chunk in chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise ContentTooLargeError
            self.digest.update(chunk)
            yield chunk


def object_store(settings: FileSettings) -> ObjectStore:
    """Return the store that `settings` name; nothing is connected yet."""
    url = urlsplit(settings.storage_url)
    if url.scheme == "file":
        return LocalStore(Path(url.path).absolute(), automatic_cleanup=True, mkdir=True)
    endpoint = settings.storage_endpoint
    access, secret = settings.storage_access_key, settings.storage_secret_key
    return S3Store(
        url.netloc,
        prefix=url.path.strip("/") or None,
        region=settings.storage_region,
        endpoint=endpoint,
        access_key_id=access.get_secret_value() if access else None,
        secret_access_key=secret.get_secret_value() if secret else None,
        client_options={
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
            "connect_timeout": _CONNECT,
            "timeout": _ANSWER,
        },
        retry_config={"max_retries": 2, "retry_timeout": _ANSWER},
    )


def _unavailable(error: Exception) -> ServiceUnavailableError:
    bound = logger.bind(event="file_store_failed", error=type(error).__name__)
    bound.error("the store of files failed")
    return ServiceUnavailableError("The store of files does not answer.")
