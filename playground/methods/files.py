"""files.*: the three steps of an upload (address, bytes, completion), and telling about a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground import filing, messaging, payloads
from playground.errors import Refused
from playground.state import FileUpload, Json, Message

if TYPE_CHECKING:
    from playground.practice import Practice


def upload_url(practice: Practice, args: Json) -> Json:
    """Hand out the address to which the bytes go."""
    name, length = str(args.get("filename") or ""), int(args.get("length") or 0)
    if not name or length < 1:
        raise Refused("invalid_arguments")
    bot = practice.workspace.app.bot_user
    upload = filing.register(practice, name, bot, length)
    return {"file_id": upload.id, "upload_url": f"{practice.base}/_upload/{upload.id}"}


def complete(practice: Practice, args: Json) -> Json:
    """Share uploaded files in a channel, or keep them unshared."""
    uploads = []
    for each in args.get("files") or []:
        upload = practice.workspace.files.get(each.get("id", ""))
        if upload is None or upload.content is None or upload.complete:
            raise Refused("file_not_found")
        upload.title = each.get("title") or upload.name
        uploads.append(upload)
    if not uploads:
        raise Refused("invalid_arguments")
    names = str(args.get("channels") or args.get("channel_id") or "")
    for name in filter(None, names.split(",")):
        channel = practice.channel(name)
        bot = practice.workspace.app.bot_user
        if bot not in channel.members:
            raise Refused("not_in_channel")
        text, parent = str(args.get("initial_comment") or ""), str(args.get("thread_ts") or "")
        message = Message(practice.ts(), channel.id, bot, text, by_bot=True, thread_ts=parent)
        if args.get("blocks"):
            message.blocks = messaging.content(practice, {"blocks": args["blocks"]})["blocks"]
        messaging.share(practice, uploads, message)
    for upload in uploads:
        upload.complete = True
    return {"files": [payloads.file(practice, upload) for upload in uploads]}


def info(practice: Practice, args: Json) -> Json:
    """Tell about a file that the bot can see."""
    return {"file": payloads.file(practice, _known(practice, args))}


def delete(practice: Practice, args: Json) -> Json:
    """Delete a file of the bot's own."""
    upload = _known(practice, args)
    if upload.user != practice.workspace.app.bot_user:
        raise Refused("cant_delete_file")
    filing.delete(practice, upload)
    return {}


def _known(practice: Practice, args: Json) -> FileUpload:
    upload = practice.workspace.files.get(str(args.get("file") or ""))
    if upload is None or not upload.complete or not filing.sees(practice, upload):
        raise Refused("file_not_found")
    if upload.deleted:
        raise Refused("file_deleted")
    return upload


TABLE = {
    "files.completeUploadExternal": complete,
    "files.delete": delete,
    "files.getUploadURLExternal": upload_url,
    "files.info": info,
}
