"""Files: what Slack calls their kinds, who may fetch their bytes, and what happens when one is deleted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from . import messaging, wire
from .faults import CallFault
from .hub import Delivery
from .state import FileUpload, Json

if TYPE_CHECKING:
    from .practice import Practice

DOWNLOAD = "files.download"
"""The name under which the fetching of a file stands in the journal, and under which faults strike it."""
_WORD, _SHEET, _SLIDES = (f"application/vnd.openxmlformats-officedocument.{kind}" for kind in (
    "wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"
))  # fmt: skip
KINDS = {
    "txt": ("text", "text/plain"), "md": ("markdown", "text/markdown"), "csv": ("csv", "text/csv"),
    "html": ("html", "text/html"), "docx": ("docx", _WORD), "doc": ("doc", "application/msword"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"), "rtf": ("rtf", "application/rtf"),
    "pdf": ("pdf", "application/pdf"), "pptx": ("pptx", _SLIDES), "ppt": ("ppt", "application/vnd.ms-powerpoint"),
    "xlsx": ("xlsx", _SHEET), "xls": ("xls", "application/vnd.ms-excel"), "zip": ("zip", "application/zip"),
    "jpg": ("jpg", "image/jpeg"), "jpeg": ("jpg", "image/jpeg"), "png": ("png", "image/png"),
    "gif": ("gif", "image/gif"), "webp": ("webp", "image/webp"), "heic": ("heic", "image/heic"),
    "svg": ("svg", "image/svg+xml"), "mp3": ("mp3", "audio/mpeg"), "mp4": ("mp4", "video/mp4"),
    "ics": ("ics", "text/calendar"),
}  # fmt: skip
"""How a name ends: Slack's own word for that kind of file, and its media type."""


def kind_of(name: str) -> tuple[str, str]:
    """What Slack calls a file of this name, and its media type."""
    return KINDS.get(name.rpartition(".")[2].lower(), ("binary", "application/octet-stream"))


def register(practice: Practice, name: str, user: str, size: int) -> FileUpload:
    """Make room for a file of this size in bytes; its content is yet to come."""
    filetype, mimetype = kind_of(name)
    upload = FileUpload(practice.workspace.next_id("F"), name, name, user, size, mimetype, filetype)
    upload.created = int(practice.clock.seconds())
    practice.workspace.files[upload.id] = upload
    return upload


def sees(practice: Practice, upload: FileUpload) -> bool:
    """Whether the bot may know of this file: its own, or shared where it is."""
    bot, channels = practice.workspace.app.bot_user, practice.workspace.channels
    return upload.user == bot or any(bot in channels[each].members for each in upload.channels if each in channels)


async def fetch(practice: Practice, request: Request) -> ASGIApp | Response:
    """Answer who wants the bytes: with the bot's token and files:read, for a file that the bot may see."""
    entry = practice.journal.note("call", DOWNLOAD, {"file": request.path_params["file"]})
    fault = practice.faults.strike(DOWNLOAD) or CallFault()
    await asyncio.sleep(fault.delay_before)
    found = practice.workspace.files.get(request.path_params["file"])
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if fault.status:
        refusal = fault.status, fault.error or "internal_error"
    elif not token or token != practice.workspace.app.bot_token:
        refusal = 401, "invalid_auth"
    elif "files:read" not in practice.manifest.scopes:
        refusal = 403, "missing_scope"
    elif found is None or found.deleted or not sees(practice, found):
        refusal = 404, "file_not_found"
    else:
        refusal = None
    if refusal is not None or found is None:
        entry.status, said = refusal or (404, "file_not_found")
        entry.response = {"ok": False, "error": said}
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else None
        return PlainTextResponse(said, entry.status, headers)
    entry.status = 200
    if fault.location:
        return RedirectResponse(fault.location, 302)
    content = found.content or b""
    if fault.cut or fault.delay_after:
        return _halting(content, found.mimetype, fault)
    return Response(content, media_type=found.mimetype)


def _halting(content: bytes, kind: str, fault: CallFault) -> ASGIApp:
    """Give half of the bytes; then wait, and give the rest or break the connection."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", str(len(content)).encode()), (b"content-type", kind.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        half = len(content) // 2
        await send({"type": "http.response.body", "body": content[:half], "more_body": True})
        await asyncio.sleep(fault.delay_after)
        if fault.cut:
            scope[wire.KEY].cut()
        else:
            await send({"type": "http.response.body", "body": content[half:]})

    return answer


def delete(practice: Practice, upload: FileUpload) -> Delivery | None:
    """Delete a file: its messages say so from now on, and the app hears it if it could see the file."""
    told = sees(practice, upload)
    upload.deleted, upload.content = True, None
    for channel in practice.workspace.channels.values():
        for message in [each for each in channel.messages.values() if upload.id in each.files]:
            messaging.change(practice, message, upload.user, files=list(message.files))
    body: Json = {"type": "file_deleted", "file_id": upload.id, "event_ts": practice.ts()}
    return practice.hub.event("file_deleted", body) if told else None
