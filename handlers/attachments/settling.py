"""What waits to be read is fetched, read and becomes an impression; what does not succeed is tried again, then told."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.attachments import Attachment, Document, State, Unreadable, keep_or_refuse
from bot.impressions import LONGEST, PARTS, Contents, Impression, Source, check, place_of, read_fields
from bot.privacy import problems
from bot.problem import Problem
from bot.programme import Action, Programme, may
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.attachments.fetching import Found, NotFetched, Patience, download
from handlers.attachments.places import is_direct, list_anew, screened
from handlers.attachments.reading import read
from handlers.clients import NoInstallation
from handlers.impressions.keeping import keep
from handlers.privacy import check_contents
from handlers.world import World
from storage import attachments, delivery, programme, selection, worksessions

LEASE = timedelta(minutes=5)
"""For so long a file that is being fetched is left alone; after a crash it is tried again by then."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""After which pause a file is fetched again; with the first time that makes five, in an hour and a half."""
MOST_AT_ONCE = 4
LATE = timedelta(days=1)
"""For so long it is remembered that a file is gone of which nothing was heard before; Slack tries for an hour."""
MOST_LETTERS = len(PARTS) * LONGEST
Outcome = tuple[Found, Document] | Found | NotFetched | str
"""What came of it: the file and its text; a file of another kind; nothing; or a word for why it cannot be read."""


async def tick(world: World, now: datetime) -> None:
    """Fetch what waits, also what a process that is no more was fetching."""
    if await world.database.read(lambda db: attachments.forgettable(db, now - LATE)):
        await world.database.write(lambda db: attachments.forget(db, now - LATE))
    for team, file_id in await world.database.read(lambda db: attachments.to_read(db, now, MOST_AT_ONCE)):
        world.tasks.start(fetch(world, team, file_id))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when a file is to be fetched again."""
    return attachments.next_try(db)


async def fetch(world: World, team: str, file_id: str, patience: Patience | None = None) -> None:
    """Fetch one file, read it, and settle what it is; nothing happens when somebody else is at it."""
    patience = patience or Patience()
    file = await world.database.write(lambda db: attachments.claim(db, team, file_id, world.now(), LEASE))
    if file is None:
        return
    outcome: Outcome
    try:
        found = await download(world.slack_of(team), file.file, patience)
        outcome = found if found.data is None else (found, await read(found.data, patience.reading))
    except NotFetched as problem:
        outcome = problem
    except NoInstallation:
        outcome = NotFetched("network", again=True)
    except Unreadable as refused:
        outcome = refused.reason
    if isinstance(outcome, tuple) and len(outcome[1].text) > MOST_LETTERS:
        outcome = await _too_long(outcome[1].text)
    await world.write(partial(_settle, world, file, outcome))


async def _too_long(text: str) -> str:
    """A text that does not fit is not kept; that it may not be kept as an attachment either is found off the loop."""
    found = await asyncio.to_thread(problems, "text", text)
    return " ".join(["sensitive", *_kinds(found)]) if found else "long"


def _kinds(found: Sequence[Problem]) -> list[str]:
    return list(dict.fromkeys(problem.key.rpartition(".")[2] for problem in found))


def _settle(world: World, claimed: Attachment, outcome: Outcome, db: Session) -> None:
    """Write down what a file is, unless it was taken back, deleted or taken up by somebody else meanwhile."""
    file, settings = attachments.one(db, claimed.team, claimed.id), programme.programme(db, claimed.team)
    if file is None or settings is None or file.state is not State.WAITING or file.attempts != claimed.attempts:
        return
    group = selection.group(db, file.team, file.group) if file.group else None
    session = worksessions.one(db, file.team, file.work_session) if file.work_session else None
    if session is None or (isinstance(outcome, NotFetched) and outcome.gone):
        attachments.save(db, file.without_words(State.GONE))
        return
    if isinstance(outcome, NotFetched):
        if outcome.again and file.attempts <= len(WAITS):
            pause = max(WAITS[file.attempts - 1], timedelta(seconds=outcome.wait))
            attachments.save(db, replace(file, try_at=world.now() + pause))
        else:
            _give_up(db, world, settings, session, file, outcome.reason)
    elif isinstance(outcome, str):
        reason, *kinds = outcome.split()
        _refuse(db, world, settings, session, file, reason, kinds)
    elif isinstance(outcome, Found) or group is None:
        found = outcome if isinstance(outcome, Found) else outcome[0]
        described = _described(db, settings, file, found)
        _give_up(db, world, settings, session, described, "")
    else:
        found, document = outcome
        described = _described(db, settings, file, found)
        _hand_in(db, world, settings, session, group, described, document)


def _described(db: Session, settings: Programme, file: Attachment, found: Found) -> Attachment:
    described = replace(file, name=found.name, kind=found.kind, size=found.size, permalink=found.permalink)
    return screened(db, settings, described)


def _hand_in(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    file: Attachment,
    document: Document,
) -> None:
    member, now = programme.member(db, file.team, file.added_by), world.now()
    text = document.text.strip()
    contents: Contents = read_fields(text)
    contents, sensitive = check_contents(db, settings, session.id, contents)
    wrong = check(contents)
    if not may(member, Action.SHARE_IMPRESSION, place_of(group, member.user)):
        _give_up(db, world, settings, session, file, "not_allowed" if is_direct(file, session) else "")
    elif sensitive:
        _refuse(db, world, settings, session, file, "sensitive", _kinds(sensitive))
    elif not text:
        _give_up(db, world, settings, session, file, "empty")
    elif wrong:
        long = any(problem.key.endswith("too_long") for problem in wrong)
        _give_up(db, world, settings, session, file, "long" if long else "no_takeaway")
    else:
        impression = Impression(
            id=world.ids("im"),
            team=file.team,
            work_session=session.id,
            group=group.id,
            source=Source.FILE,
            author=file.added_by,
            contents=contents,
            created_at=now,
            updated_at=now,
        )
        keep(db, world, settings, session, group, impression)
        read_now = replace(file, state=State.READ, impression=impression.id, try_at=None)
        attachments.save(db, read_now)
        if document.left_out:
            _tell(db, world, read_now, "parts", sorted(document.left_out))


def _refuse(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    file: Attachment,
    reason: str,
    kinds: Sequence[str],
) -> None:
    """What may not be kept is not kept at all; what cannot be read can still be an attachment."""
    if reason != "sensitive":
        _give_up(db, world, settings, session, file, reason)
        return
    attachments.save(db, file.without_words(State.DECLINED))
    _tell(db, world, file, reason, kinds)


def _give_up(
    db: Session, world: World, settings: Programme, session: WorkSession, file: Attachment, reason: str
) -> None:
    """Keep a file as an attachment where others can open it, else not at all; and tell its sender (`reason` "": no)."""
    kept = attachments.number_kept(db, file.team, session.id, file.group)
    refused = keep_or_refuse(file.kind, file.size, kept)
    if is_direct(file, session) or refused is not None:
        attachments.save(db, file.without_words(State.DECLINED))
        _tell(db, world, file, reason or "not_kept")
        return
    attachments.save(db, replace(file, state=State.KEPT, try_at=None))
    list_anew(db, world, settings, file)
    if reason:
        _tell(db, world, file, reason)


def _tell(db: Session, world: World, file: Attachment, why: str, found: Sequence[str] = ()) -> None:
    """Owe the sender, alone, what came of it: by a message, for what is whispered can be lost."""
    delivery.plan(
        db,
        team=file.team,
        key=f"attachments.told:{file.id}:{why}:{world.ids('tl')}",
        kind="attachments.told",
        arguments={"id": file.id, "why": why, "found": list(found)},
        user=file.added_by,
        now=world.now(),
    )
