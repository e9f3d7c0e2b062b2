"""Files that are too large, of another kind, changed on the way, or handed out unsafely."""

from typing import Final

from tests.verify.faults.base import Fault, fault

_CREATE: Final = "app/commands/attachments/create_attachment.py"
_DELETE: Final = "app/commands/attachments/delete_attachment.py"
_DOWNLOAD: Final = "app/queries/attachments/download_attachment.py"
_API: Final = "app/api/files.py"
_STORE: Final = "app/db/files.py"
_READING: Final = (
    "        async with self._database.read(actor.tenant_id, caller=actor) as transaction:\n"
    "            attachment = "
)
_LIMIT: Final = "upload, max_size = command.upload, ATTACHMENT_MAX_SIZE\n"
_REMOVED: Final = "        await self._files.remove(attachment.id, tenant_id=actor.tenant_id)\n"
_KINDS: Final = "files"
_ABOUT: Final = ("Attachment",)

FAULTS: Final[tuple[Fault, ...]] = (
    fault(
        "files",
        "a file may be of any size",
        (_CREATE, _LIMIT, "upload, max_size = command.upload, 2 * ATTACHMENT_MAX_SIZE\n"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
        first=True,
    ),
    fault(
        "files",
        "a file of the greatest size is refused",
        (_CREATE, _LIMIT, "upload, max_size = command.upload, ATTACHMENT_MAX_SIZE - 1\n"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "a file may have one byte too many",
        (_CREATE, _LIMIT, "upload, max_size = command.upload, ATTACHMENT_MAX_SIZE + 1\n"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "any media type is taken",
        (
            _CREATE,
            "media_types=self._settings.attachment_media_types",
            "media_types={upload.media_type}",
        ),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
        first=True,
    ),
    fault(
        "files",
        "a media type that is allowed is refused",
        (
            _CREATE,
            "media_types=self._settings.attachment_media_types",
            "media_types=self._settings.attachment_media_types[:-1]",
        ),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "the digest is that of the first bytes",
        (_STORE, "self.digest.update(chunk)", "self.digest.update(chunk[:100])"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "the size is not that of the file",
        (_STORE, "            size=counted.size,\n", "            size=counted.size + 1,\n"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "line ends are lost on the way",
        (
            _STORE,
            "            yield chunk\n",
            "            yield chunk.strip()\n",
        ),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "files are shown rather than saved",
        (_API, "attachment; filename*", "inline; filename*"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="REQ-014",
        first=True,
    ),
    fault(
        "files",
        "a file's media type may be guessed",
        (
            "app/middleware/request_context.py",
            "    told.append(_NO_SNIFFING)\n",
            '    if all(name != b"content-disposition" for name, _ in headers):\n'
            "        told.append(_NO_SNIFFING)\n",
        ),
        (_API, '    "x-content-type-options": "nosniff",\n', ""),
        kinds="files headers",
        about=_ABOUT,
        requirement="S-131",
    ),
    fault(
        "files",
        "files are not kept in a sandbox",
        (_API, '    "content-security-policy": "sandbox; default-src \'none\'",\n', ""),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="S-131",
    ),
    fault(
        "files",
        "every file is handed out as a page",
        (_API, '"content-type": row.media_type', '"content-type": "text/html"'),
        kinds="files headers",
        about=_ABOUT,
        requirement="S-131",
    ),
    fault(
        "files",
        "a name ends the header's value",
        (
            _API,
            "attachment; filename*=UTF-8''{quote(name, safe='')}",
            "attachment; filename*=UTF-8''{quote(name, safe=SAFE)}",
        ),
        (_API, "LEAST_RATE: Final", "SAFE: Final = '\"; ='\nLEAST_RATE: Final"),
        kinds=_KINDS,
        about=_ABOUT,
        requirement="S-126",
    ),
    fault(
        "files",
        "a name may be a path",
        (
            "app/schemas/attachments.py",
            r"[^/\\\\\x00-\x1f\x7f]+",
            r"[^\x00-\x1f\x7f]+",
        ),
        kinds="files validation openapi",
        about=_ABOUT,
        requirement="S-129",
    ),
    fault(
        "files",
        "another tenant's file is handed out",
        (
            _DOWNLOAD,
            " tenant_id=actor.tenant_id, visible=attachment_policy.visible()\n",
            "\n                tenant_id=await transaction.scalar(\n"
            "                    select(attachments.c.tenant_id).where(\n"
            "                        attachments.c.id == query.attachment_id\n"
            "                    )\n"
            "                ),\n"
            "                visible=true(),\n",
        ),
        (_DOWNLOAD, "tenant_id=actor.tenant_id)\n", "tenant_id=attachment.tenant_id)\n"),
        (
            _DOWNLOAD,
            "import Attachment\n",
            "import Attachment, attachments\nfrom sqlalchemy import select, true\n",
        ),
        kinds="isolation idor-guessing",
        about=_ABOUT,
        requirement="REQ-001",
        first=True,
    ),
    fault(
        "files",
        "the file of a hidden task is handed out",
        (_DOWNLOAD, "visible=attachment_policy.visible()", "visible=true()"),
        (
            _DOWNLOAD,
            "import Attachment\n",
            "import Attachment\nfrom sqlalchemy import true\n",
        ),
        kinds="role-matrix scenarios",
        about=("DownloadAttachment", "Attachment"),
        requirement="REQ-010",
    ),
    fault(
        "files",
        "a deleted file is handed out to whoever had it before",
        (_DELETE, _REMOVED, ""),
        (
            _DOWNLOAD,
            _READING,
            "        key = (query.attachment_id, actor.user_id)\n"
            "        if key in _SEEN:\n"
            "            return _SEEN[key], await self._files.open(\n"
            "                key[0], tenant_id=actor.tenant_id\n"
            "            )\n"
            f"{_READING}_SEEN[key] = ",
        ),
        (_DOWNLOAD, "\n\n@dataclass", "\n_SEEN: dict = {}\n\n\n@dataclass"),
        kinds="files stateful",
        about=_ABOUT,
        requirement="REQ-014",
    ),
    fault(
        "files",
        "viewers send files",
        (_CREATE, "Permission.TASK_UPDATE", "Permission.TASK_READ"),
        kinds="role-matrix",
        about=("CreateAttachment",),
        requirement="REQ-014",
    ),
)
