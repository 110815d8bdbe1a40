"""Where a file landed, for which groups somebody can hand one in, and bringing the list under an article in step."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.attachments import Attachment
from bot.impressions import own_groups
from bot.programme import Member, Place, Programme
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import harvest
from handlers.impressions.sharing import open_groups
from handlers.privacy import screened_name
from handlers.world import World
from storage import delivery, selection, worksessions
from storage import harvest as articles


@dataclass(frozen=True)
class Spot:
    """The thread in which a file was dropped: of a group, or (without one) under the post of a session."""

    session: WorkSession
    group: Group | None


def spot_of(db: Session, team: str, channel: str, thread_ts: str) -> Spot | None:
    """Return whose thread this is, if it is one of ours."""
    found = delivery.key_at(db, team, channel, thread_ts) if thread_ts else None
    if found is None:
        return None
    _, kind, arguments = found
    group = selection.group(db, team, str(arguments.get("id"))) if kind == "selection.group" else None
    of = group.work_session if group else str(arguments.get("id")) if kind == "selection.card" else ""
    session = worksessions.one(db, team, of) if of else None
    return Spot(session, group) if session else None


def place_in(db: Session, session: WorkSession, user: str) -> Place:
    """Say how somebody relates to a session: who sits in any of its groups, or chose in it, takes part."""
    groups = selection.groups_of(db, session.team, session.id)
    chose = selection.pick_of(db, session.team, session.id, user) is not None
    return Place(
        seated=chose or any(user in group.people for group in groups),
        leads=any(user == group.facilitator for group in groups),
    )


def choices(
    db: Session, member: Member, now: datetime, channel: str, thread_ts: str
) -> list[tuple[WorkSession, Group]]:
    """Return the groups for which somebody can hand in now by sending something to the bot: their own open ones.

    Who answers below a message of ours about one of them means that one.
    """
    found = {
        group.id: (session, group)
        for session, group in open_groups(db, member.team).values()
        if session.starts_at <= now
        and (not session.is_practice or (session.created_by == member.user and now <= session.ends_at))
    }
    mine = [found[group.id] for group in own_groups(member, [group for _, group in found.values()])]
    at = delivery.key_at(db, member.team, channel, thread_ts) if thread_ts else None
    about = str(at[2].get("id") or at[2].get("group") or "") if at else ""
    return [each for each in mine if each[1].id == about] or mine


def is_direct(file: Attachment, session: WorkSession) -> bool:
    """Say whether a file was sent to the bot alone: nobody else can open it."""
    return file.channel != session.channel


def screened(db: Session, settings: Programme, file: Attachment) -> Attachment:
    """Return a file whose name says nothing that must not be kept; its link, in which Slack repeats the name, neither.

    Slack finds a file by the id in the link, whatever name stands behind it.
    """
    name = screened_name(db, settings, file.work_session, file.name)
    if name == file.name:
        return file
    return replace(file, name=name, permalink=f"{file.permalink.rpartition('/')[0]}/file" if file.permalink else "")


def list_anew(db: Session, world: World, settings: Programme, *files: Attachment) -> None:
    """The attachments of a session changed: let the draft, and what the published article named, follow."""
    for session_id in {file.work_session for file in files if file.work_session}:
        session = worksessions.one(db, settings.team, session_id)
        article = articles.of_session(db, settings.team, session_id)
        if session is None or article is None:
            continue
        seen_by_all = article.published_at
        if seen_by_all is None or any(file.added_at <= seen_by_all for file in files):
            harvest.list_anew(db, world, settings, session)
