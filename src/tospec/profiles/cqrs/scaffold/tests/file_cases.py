"""Calls whose body is a file, and files that are there already.

They are kept in a folder by default. With TEST_STORAGE_URL set to a bucket, and STORAGE_ENDPOINT
and its keys to whoever serves it, they are kept there.
"""

import atexit
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from obstore.store import ObjectStore
from pydantic import SecretStr

from app.core.ids import TenantId, new_id
from app.core.settings import Settings
from app.db.files import object_store
from tests.cases import Call, Operation

CONTENT: Final = b"A file for tests.\n"
_BUCKET: Final = os.environ.get("TEST_STORAGE_URL")


@cache
def storage_url() -> str:
    """Return where this process has the application keep files; no other keeps any there."""
    return f"{_BUCKET}/{secrets.token_hex(8)}" if _BUCKET else f"file://{folder()}"


@cache
def folder() -> Path:
    """Return the folder of this process for files, which is removed at its end."""
    path = Path(tempfile.mkdtemp(prefix="files-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCall(Call):
    """A call that sends a file; the members of its `body` stand in the query.

    Attributes:
        media_type: What the file is said to be.
        content: Its bytes; of pieces, nobody is told beforehand how many there will be.
    """

    media_type: str
    content: bytes | AsyncIterator[bytes] = CONTENT

    @property
    def url(self) -> str:
        """Return the path with its places filled in, and the query."""
        path = self.path
        for name, object_id in self.ids.items():
            path = path.replace(f"{{{name}}}", str(object_id))
        return f"{path}?{urlencode(self.body or {})}"

    @property
    def payload(self) -> tuple[bytes, str]:
        """Return the bytes of the file, and what it is said to be."""
        assert isinstance(self.content, bytes)
        return self.content, self.media_type


def file_call(
    operation: Operation, media_type: str, *, body: Mapping[str, Any], **ids: UUID
) -> FileCall:
    """Return a call of `operation` that sends a small file."""
    return FileCall(
        method=operation.method, path=operation.path, ids=ids, body=body, media_type=media_type
    )


@cache
def objects() -> ObjectStore:
    """Return the store of the application that is tested."""
    secret = SecretStr(secrets.token_urlsafe(48))
    return object_store(Settings(_env_file=None, secret_key=secret, storage_url=storage_url()))


async def kept_file(table: str, tenant_id: TenantId, media_type: str) -> dict[str, Any]:
    """Keep a small file for a row of `table`, and return what the row holds of it."""
    row_id = new_id()
    await objects().put_async(f"{table}/{tenant_id}/{row_id}", CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    return {"id": row_id, "media_type": media_type, "size": len(CONTENT), "sha256": digest}


def kept_objects() -> set[str]:
    """Return the names of all files that are kept; in a folder, of those that were begun too."""
    root = folder()
    begun = {str(each.relative_to(root)) for each in root.rglob("*") if each.is_file()}
    return begun | {each["path"] for batch in objects().list() for each in batch}
