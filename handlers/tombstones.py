"""A database that is put back from a copy forgets once more what was erased after that copy, before anybody reads it.

Each kind of erasure is done again by what did it the first time, so that articles, digests, the search index and what
stands in Slack follow as well. Nobody is told twice: people heard of it when it happened.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.attachments import State as FileState
from bot.impressions import withdraw
from bot.programme import Programme
from handlers.attachments.going import forget
from handlers.digest.answering import take_back as take_back_answer
from handlers.impressions.keeping import group_of, keep, keep_masked
from handlers.impressions.withdrawing import take_also, take_back
from handlers.memory.answering import follow
from handlers.personal.forgetting import forget_person
from handlers.privacy import involve_marks
from handlers.world import World
from storage import (
    attachments,
    audit,
    digest,
    impressions,
    leaving,
    memory,
    programme,
    tombstones,
    worksessions,
)
from storage.audit import Deed
from storage.memory import AskedState
from storage.tombstones import Tombstone
from storage.trail.forgetting import CONTACT, let_go_again

log = structlog.get_logger()

Replay = Callable[[Session, World, Programme, Sequence[Tombstone]], int]
"""Erases what these tombstones, all of one kind and workspace, name and a backup brought back; returns how much."""


async def catch_up(world: World) -> int:
    """Erase again what the side file knows and this database does not; returns how much that was.

    To be awaited before anybody is served. Nothing is done, and nothing read but one small file, on a database that
    nobody exchanged.
    """
    file = tombstones.side_file(world.database.location)
    if file is None:
        return 0
    told = tombstones.read_side_file(file)
    if await world.database.read(lambda db: tombstones.knows_all(db, told)):
        return 0
    found = await world.database.write(lambda db: replay(db, world, tombstones.take_in(db, told)))
    await world.database.tidy()
    return found


def replay(db: Session, world: World, known: Sequence[Tombstone]) -> int:
    """Erase again what these tombstones name; returns how much of it was there.

    Half-filled forms go as a whole: nobody can say which of them were handed in, and their words erased, since.
    """
    if not known:
        return 0
    found = 0
    worksessions.forget_forms(db, world.now())
    for settings in programme.programmes(db):
        for kind, again in REPLAYS.items():
            mine = [one for one in known if (one.team, one.kind) == (settings.team, kind) and not one.lifted]
            found += again(db, world, settings, mine) if mine else 0
    log.info("erased again what a backup brought back", known=len(known), found=found)
    return found


def write_down(db: Session, teams: Sequence[str], erased: int, now: datetime) -> None:
    """Let the trail of each workspace tell that a copy was put back, and how much was erased again in all of them."""
    for team in teams:
        audit.record(db, team, Deed.RESTORED, now, details={"erased": erased})


def _names(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    marks: dict[str, dict[str, bool]] = {}
    for one in known:
        session_id, mac, capital = one.subject.rsplit(":", 2)
        marks.setdefault(session_id, {})[mac] = capital == "1"
    found = 0
    for session_id, macs in marks.items():
        session = worksessions.one(db, settings.team, session_id)
        if session is not None:
            masked = involve_marks(db, settings, session, macs, world.now())
            keep_masked(db, world, settings, session, masked)
            found += len(masked)
    return found


def _quotes(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    found = 0
    for one in known:
        impression_id, _, number = one.subject.rpartition(":")
        impression = impressions.one(db, settings.team, impression_id)
        if impression is None or impression.withdrawn_at is not None:
            continue
        version = int(number)
        if impressions.asked_words(db, settings.team, impression.id, version):
            session, group = group_of(db, settings.team, impression.group)
            asked = [a for a in impressions.asked_speakers(db, settings.team, impression.id) if a.version == version]
            by = asked[-1].user if asked else impression.quote_by
            take_back(db, world, settings, session, group, impression, version, by)
            found += 1
    return found


def _quotes_also(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    found = 0
    for one in known:
        for quote in tombstones.of_subjects(db, settings.team, "quote", f"{one.subject}:"):
            impression = impressions.one(db, settings.team, one.subject)
            gone = impressions.withdrawal(db, settings.team, one.subject, int(quote.subject.rpartition(":")[2]))
            if impression is None or impression.withdrawn_at is not None or gone is None:
                continue
            if gone.also and gone.also_in == impression.version:
                take_also(db, world, settings, impression, gone, gone.by)
                found += 1
    return found


def _impressions(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    found = 0
    for one in known:
        impression = impressions.one(db, settings.team, one.subject)
        if impression is not None and impression.withdrawn_at is None and impression.updated_at <= one.at:
            session, group = group_of(db, settings.team, impression.group)
            keep(db, world, settings, session, group, withdraw(impression, one.at))
            found += 1
    return found


def _attachments(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    gone = (FileState.DECLINED, FileState.GONE)
    files = [(attachments.one(db, settings.team, one.subject), one.at) for one in known]
    there = [file for file, at in files if file is not None and file.state not in gone and file.added_at <= at]
    forget(db, world, settings, there, FileState.DECLINED)
    return len(there)


def _answers(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    answers = [digest.answer(db, settings.team, one.subject) for one in known]
    there = [answer for answer in answers if answer is not None and not answer.withdrawn]
    for answer in there:
        take_back_answer(db, world, settings.team, answer)
    return len(there)


def _questions(state: AskedState) -> Replay:
    def again(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
        questions = [memory.one(db, settings.team, one.subject) for one in known]
        there = [asked for asked in questions if asked is not None and asked.text]
        for asked in there:
            left = memory.erase(db, asked, state, world.now())
            if state is AskedState.WITHDRAWN:
                memory.save_sources(db, left, None)
            follow(db, world, left)
        return len(there)

    return again


def _contacts(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    return sum(let_go_again(db, settings.team, one.subject, one.at) for one in known)


def _workspace(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    """Erase a whole workspace again, unless the copy was made after that: then it had come back, with new things."""
    if all(audit.tells(db, one.team, Deed.PURGED, one.at) for one in known):
        return 0
    leaving.purge(db, settings.team, world.now())
    return 1


def _people(db: Session, world: World, settings: Programme, known: Sequence[Tombstone]) -> int:
    """Forget people again whom a copy of before they were forgotten brought back.

    The rule: a copy of which the trail tells that they were forgotten at the tombstone's moment or later was made
    after it. All it has of them is of after they came back, and stays. In any other copy all of theirs is of before
    they were forgotten, and goes.
    """
    team, there = settings.team, []
    for one in known:
        if not programme.is_known(db, team, one.subject):
            continue
        if not audit.tells(db, team, Deed.PERSON_FORGOTTEN, one.at, audit.person(db, team, one.subject)):
            there.append(one.subject)
    for user in there:
        forget_person(db, world, settings, user)
    return len(there)


REPLAYS: Mapping[str, Replay] = {
    tombstones.WORKSPACE: _workspace,
    "name": _names,
    "quote": _quotes,
    "quote_also": _quotes_also,
    "impression": _impressions,
    "attachment": _attachments,
    "digest_answer": _answers,
    "question_closed": _questions(AskedState.CLOSED),
    "question_withdrawn": _questions(AskedState.WITHDRAWN),
    CONTACT: _contacts,
    "person": _people,
}
"""Every kind of tombstone and what erases it again, in the order in which that is done."""
