"""What somebody is told, alone, about a file: for which group it is, and what came of reading it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.attachments import State
from bot.impressions import place_of
from bot.programme import Action, Programme, may
from handlers.attachments.places import choices
from handlers.delivery import Body
from handlers.views import attachments as views
from handlers.words import Words
from storage import attachments, programme, selection


def which(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question for which group a file is; once that is known, that it is being read."""
    file = attachments.one(db, settings.team, str(arguments["id"]))
    if file is None or file.state is State.GONE:
        return None
    if file.state is State.ASKED:
        member = programme.member(db, settings.team, file.added_by)
        groups = choices(db, member, file.added_at, file.channel, "")
        if groups:
            return Body(*views.which_group(file, groups, words))
    group = selection.group(db, settings.team, file.group) if file.group else None
    if group is None or file.state is State.DECLINED:
        return Body(*views.outcome(words("attachments.declined"), None, words))
    return Body(*views.being_read(file, group, words))


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What came of a file that could not become an impression, or not wholly."""
    file = attachments.one(db, settings.team, str(arguments["id"]))
    if file is None or file.state is State.GONE:
        return None
    why, found = str(arguments["why"]), [str(each) for each in arguments["found"]]
    if why == "sensitive":
        text = words(
            "attachments.told.sensitive", found=words.list(words(f"attachments.found.{each}") for each in found)
        )
    elif why == "parts":
        text = words("attachments.told.parts", places=words.list(words(f"attachments.place.{each}") for each in found))
    else:
        text = words(f"attachments.told.{why}")
    if file.state is State.KEPT:
        text = f"{text} {words('attachments.told.still_kept')}"
    group = selection.group(db, settings.team, file.group) if file.group else None
    member = programme.member(db, settings.team, file.added_by)
    hands_in = group is not None and may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))
    return Body(*views.outcome(text, group.id if group and hands_in and why != "parts" else None, words))
