"""Forgetting a person: what they said goes, what they did for others stays as a count, and their name leaves the rest.

Everything that has consequences (notes, quotes, promises, answers, questions, files) is taken back by the feature it
belongs to, so that articles, digests and messages follow; what is left in the tables goes by the data map.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.attachments import State as FileState
from bot.impressions import LONGEST, withdraw
from bot.privacy import MARKS
from bot.privacy.forgotten import names_masked
from bot.programme import Programme
from bot.promises import Capacity, Promise, decline, drop
from bot.worksessions import WorkSession
from handlers import harvest
from handlers.attachments.going import forget as let_go_of
from handlers.digest.answering import take_back as take_back_answer
from handlers.impressions.keeping import group_of, keep
from handlers.impressions.withdrawing import take_back as take_back_quote
from handlers.memory.answering import withdraw as withdraw_question
from handlers.privacy import mask_impression
from handlers.promises import mask_words
from handlers.promises.recording import around, record
from handlers.world import World
from storage import (
    attachments,
    audit,
    digest,
    forgetting,
    impressions,
    memory,
    privacy,
    programme,
    promises,
    tombstones,
    worksessions,
)
from storage.audit import Deed
from storage.trail.forgetting import forget_person as forget_in_trail


@dataclass(frozen=True)
class Forgotten:
    """How much went: notes, quotes, promises handed back, other words, and rows of tables that changed besides."""

    notes: int = 0
    quotes: int = 0
    promises: int = 0
    answers: int = 0
    questions: int = 0
    files: int = 0
    mentions: int = 0
    tables: Mapping[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Return what is said to who asked, and what the trail keeps: numbers by kind."""
        names = ("notes", "quotes", "promises", "answers", "questions", "files", "mentions")
        return {name: int(getattr(self, name)) for name in names} | {"rows": sum((self.tables or {}).values())}


def forget_person(db: Session, world: World, settings: Programme, user: str, *, by: str = "") -> Forgotten:
    """Forget a person in the caller's transaction; returns how much went. `by` is who asked, for the trail.

    Somebody who is not known here, or was forgotten before, leaves nothing to do, and that is done all the same.
    """
    team, now = settings.team, world.now()
    member = programme.member(db, team, user)
    others = [each.name for each in programme.members(db, team) if each.user != user]
    masked = names_masked(user, member.name, others, MARKS.get(settings.language, MARKS["en"]), LONGEST)
    found = Forgotten(
        notes=_notes(db, world, settings, user),
        quotes=_quotes(db, world, settings, user),
        promises=_promises(db, world, settings, user),
        answers=_answers(db, world, team, user),
        questions=_questions(db, world, team, user),
        files=_files(db, world, settings, user),
        mentions=_mentions(db, world, settings, masked),
    )
    forget_in_trail(db, team, user, masked, now)
    who = audit.person(db, team, user)
    actor = audit.person(db, team, by) if by else ""
    found = replace(found, tables=forgetting.forget(db, team, user, now, lambda: world.ids("fg"), masked))
    tombstones.record(db, team, "person", user, now)
    told = {**found.counts, "own_wish": int(actor == who)}
    audit.record(db, team, Deed.PERSON_FORGOTTEN, now, actor=by, subject=who, details=told)
    return found


def _notes(db: Session, world: World, settings: Programme, user: str) -> int:
    """Withdraw what they handed in: article, digests and threads follow."""
    found = 0
    for note in forgetting.theirs(db, settings.team, "impression", "author", user):
        impression = impressions.one(db, settings.team, note)
        if impression is None or impression.withdrawn_at is not None:
            continue
        session, group = group_of(db, settings.team, impression.group)
        keep(db, world, settings, session, group, withdraw(impression, world.now()))
        forgetting.erase_note(db, settings.team, note)
        found += 1
    return found


def _quotes(db: Session, world: World, settings: Programme, user: str) -> int:
    """Take back every quote that is theirs, in every version, whoever handed it in."""
    team, found = settings.team, 0
    asked = [(one.id, version) for one, version in impressions.quotes_of(db, team, user)]
    named = [(note, 0) for note in forgetting.theirs(db, team, "impression", "quote_by", user)]
    for note, asked_in in dict.fromkeys([*asked, *named]):
        impression = impressions.one(db, team, note)
        if impression is None or impression.withdrawn_at is not None:
            continue
        version = asked_in or impression.version
        if impressions.asked_words(db, team, note, version):
            session, group = group_of(db, team, impression.group)
            take_back_quote(db, world, settings, session, group, impression, version, user)
            found += 1
    return found


def _promises(db: Session, world: World, settings: Programme, user: str) -> int:
    """Hand back what they would do: nobody stands for it any more, and their own words about it go."""
    found = 0
    for promise in promises.of_owner(db, settings.team, user):
        after = _handed_back(promise, world)
        if after.own_words:
            after = replace(after, own_words="", version=promise.version + 1)
        if after == promise:
            continue
        around(db, promise)
        record(db, world, settings, promise, after, user, Capacity.OWNER, lost_words=bool(promise.own_words))
        found += after.state != promise.state
    return found


def _handed_back(promise: Promise, world: World) -> Promise:
    if promise.waits:
        return decline(promise, world.now())
    return drop(promise, world.now()) if promise.stands else promise


def _answers(db: Session, world: World, team: str, user: str) -> int:
    """Take back what they answered to questions in digests, in both threads."""
    found = [digest.answer(db, team, one) for one in forgetting.theirs(db, team, "digest_answer", "user_id", user)]
    standing = [one for one in found if one is not None and not one.withdrawn]
    for known in standing:
        take_back_answer(db, world, team, known)
    return len(standing)


def _questions(db: Session, world: World, team: str, user: str) -> int:
    """Take their questions away, also where others read them."""
    found = [memory.one(db, team, one) for one in forgetting.theirs(db, team, "question", "user_id", user)]
    for asked in (one for one in found if one is not None):
        withdraw_question(db, world, asked)
    return len(found)


def _files(db: Session, world: World, settings: Programme, user: str) -> int:
    """Let go of the files they brought; the files themselves are theirs, in Slack."""
    ids = forgetting.theirs(db, settings.team, "attachment", "added_by", user)
    found = [one for one in (attachments.one(db, settings.team, each) for each in ids) if one is not None]
    standing = [one for one in found if one.state not in (FileState.DECLINED, FileState.GONE)]
    let_go_of(db, world, settings, standing, FileState.DECLINED)
    return len(standing)


def _mentions(db: Session, world: World, settings: Programme, masked: Callable[[str], str]) -> int:
    """Leave their name out of what others handed in; what was published of it follows. Returns how many notes."""
    found = 0
    for session_id in forgetting.sessions(db, settings.team):
        session = worksessions.one(db, settings.team, session_id)
        if session is not None:
            found += _mentions_in(db, world, settings, session, masked)
    return found


def _mentions_in(
    db: Session, world: World, settings: Programme, session: WorkSession, masked: Callable[[str], str]
) -> int:
    stored = impressions.of_session(db, session.team, session.id)
    privacy.rewrite(db, session.team, session.id, masked)
    changed = [new for old in stored if (new := mask_impression(old, masked, world.now())) != old]
    for one in changed:
        _, group = group_of(db, session.team, one.group)
        keep(db, world, settings, session, group, one, by_rule=True)
    mask_words(db, world, settings, session, masked)
    harvest.mask_article(db, world, settings, session, masked)
    return len(changed)
