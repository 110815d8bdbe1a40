"""Writing an impression with everything that follows from it, and finding the group it is of."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.impressions import Impression, Source, Verdict
from bot.impressions.consent import without_taken_back
from bot.problem import Refused
from bot.programme import Programme
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import harvest, promises
from handlers.impressions.owing import owe_card, owe_objections, owe_questions
from handlers.posts import owe_pages
from handlers.privacy import involve, masker
from handlers.themes import unnaming
from handlers.themes.telling import repaint as repaint_proposals
from handlers.views import impressions as views
from handlers.world import World
from storage import (
    attachments,
    audit,
    delivery,
    drafts,
    forgetting,
    impressions,
    programme,
    prompting,
    selection,
    trail,
    worksessions,
)
from storage.audit import Deed
from storage.themes import proposing


def keep(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    *,
    is_new: bool = False,
    by_rule: bool = False,
) -> None:
    """Write an impression, owe what is said about it, and let the article follow, in the caller's transaction.

    A draft that holds much, or in a rush any draft, takes in a new one a little later (`harvest.may_wait`).

    `is_new`: the caller made it just now, so that nothing is known of it.
    `by_rule`: nobody changed its words, a name was masked; what the group said of it stands.
    """
    themes = [topic.theme for topic in session.topics if topic.id in group.topics and topic.theme]
    known = None if is_new else impressions.one(db, impression.team, impression.id)
    if known is not None:  # of a new one nothing was taken back yet
        impression = without_taken_back(impression, impressions.taken_back(db, impression))
    objected = [] if by_rule else _objected_before(db, known, impression)
    carried = known is not None and proposing.carries(db, impression.team, impression.id)
    names = unnaming.names_of(db, known, impression)
    impressions.save(db, impression, themes, by_rule=by_rule, is_new=known is None)
    if carried:
        repaint_proposals(db, world, impression.team)
    _tell_who_objected(db, world, impression, objected)
    prompting.settle(db, impression.team, group.id, world.now())
    if impression.withdrawn_at is not None:
        drafts.drop_about(db, impression.team, impression.id)
        attachments.let_go(db, impression.team, impression.id)
        audit.record(db, impression.team, Deed.WITHDRAWN, world.now(), subject=impression.id)
    owe_post(db, world, settings, session, group, impression, why=impression.version)
    told = known is not None and _was_told(db, impression)
    if impression.source is not Source.REPLY or impression.contents.quote or told:
        owe_pages(
            db,
            team=impression.team,
            key=f"impressions.shared:{impression.id}:{impression.author}",
            kind="impressions.shared",
            arguments={"id": impression.id},
            pages=1,
            version=impression.version,
            now=world.now(),
            user=impression.author,
        )
    owe_card(db, world, session, group, impression, is_new=known is None)
    if known is not None:  # of a new one nobody was asked, and nothing was cut out of it yet
        owe_objections(db, world, group, impression)
        owe_questions(db, world, impression)
        promises.follow(db, world, settings, session, impression)
        trail.follow_note(db, impression, world.now())
        why = f"{impression.id}v{impression.version}"
        trail.replace_reports(db, impression.team, [impression.id], why, world.now())
    unnaming.let_names_go(db, world, settings, impression, names)
    if by_rule or not harvest.may_wait(db, world, impression):
        harvest.follow(db, world, settings, session, by_rule=by_rule)
    if impression.withdrawn_at is not None:
        forgetting.erase_note(db, impression.team, impression.id)


def _objected_before(db: Session, known: Impression | None, impression: Impression) -> list[str]:
    """Return who objected to the version that this one comes after."""
    if known is None or known.version == impression.version or impression.withdrawn_at is not None:
        return []
    return [answer.user for answer in impressions.answered(db, known) if answer.verdict is Verdict.OBJECTS]


def _tell_who_objected(db: Session, world: World, impression: Impression, users: list[str]) -> None:
    """Tell who objected that the words changed: their silence would count as a yes to words they never saw."""
    by = impression.changed_by or impression.author
    for user in users:
        if user not in (by, impression.author):
            delivery.plan(
                db,
                team=impression.team,
                key=f"impressions.corrected:{impression.id}:v{impression.version}:{user}",
                kind="impressions.corrected",
                arguments={"id": impression.id, "by": by},
                user=user,
                now=world.now(),
            )


def owe_post(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    *,
    why: int | str,
) -> None:
    """Owe the thread of the group the impression, or the change of it, once for each `why`.

    A reply stands there by itself, until somebody writes it down in other words than the message has.
    """
    key = f"impressions.post:{impression.id}:{group.id}"
    stands = impression.withdrawn_at is not None or (impression.follows_message and not impression.changed_by)
    is_reply = impression.source is Source.REPLY
    if is_reply and stands and (impression.version == 1 or delivery.parcel(db, impression.team, key) is None):
        return
    author = programme.member(db, impression.team, impression.author)
    _, pages = views.post(group, impression, author, world.channel_words(settings))
    owe_pages(
        db,
        team=impression.team,
        key=key,
        kind="impressions.post",
        arguments={"id": impression.id, "group": group.id},
        pages=len(pages),
        version=why,
        now=world.now(),
        channel=session.channel,
        thread_key=f"selection.group:{group.id}",
    )


def _was_told(db: Session, impression: Impression) -> bool:
    return delivery.parcel(db, impression.team, f"impressions.shared:{impression.id}:{impression.author}") is not None


def leave_out(db: Session, world: World, settings: Programme, session: WorkSession, names: str) -> None:
    """Leave names out of this session from now on, and out of what its groups handed in before."""
    found = involve(db, settings, session, names, world.now())
    if names.strip():
        keep_masked(db, world, settings, session, found)


def keep_masked(
    db: Session, world: World, settings: Programme, session: WorkSession, found: Sequence[Impression]
) -> None:
    """Write impressions in which names were masked, and mask what else the session holds of people's words."""
    for one in found:
        _, group = group_of(db, session.team, one.group)
        keep(db, world, settings, session, group, one, by_rule=True)
    masked = masker(db, settings, session.id)
    promises.mask_words(db, world, settings, session, masked)
    harvest.mask_article(db, world, settings, session, masked)


def group_of(db: Session, team: str, group_id: str) -> tuple[WorkSession, Group]:
    """Return a group of this workspace with its session. Raises Refused when there is none."""
    group = selection.group(db, team, group_id)
    session = worksessions.one(db, team, group.work_session) if group else None
    if group is None or session is None:
        raise Refused("impressions.no_group")
    return session, group


def group_of_thread(db: Session, team: str, channel: str, thread_ts: str) -> str | None:
    """Return the id of the group that talks in this thread, if it is one of ours."""
    found = delivery.key_at(db, team, channel, thread_ts) if thread_ts else None
    return str(found[2]["id"]) if found and found[1] == "selection.group" else None


def refuse_double(db: Session, team: str, channel: str, ts: str) -> Impression | None:
    """Return the withdrawn impression of a message, if there is one. Raises Refused for one that counts or is gone."""
    known = impressions.heard(db, team, channel, ts)
    if known is not None and known.gone:
        raise Refused("impressions.message_gone")
    impression = impressions.of_message(db, team, channel, ts)
    if impression is not None and impression.withdrawn_at is None:
        _, group = group_of(db, team, impression.group)
        raise Refused("impressions.taken", group=group.number)
    return impression
