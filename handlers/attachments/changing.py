"""The buttons beside a dropped file: take it back, keep it only as an attachment, hand it in, say for which group."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from bot.attachments import Attachment, State
from bot.impressions import place_of
from bot.problem import Refused
from bot.programme import Action, Place, allow, missing
from handlers.attachments.going import forget, withdraw_read
from handlers.attachments.places import list_anew
from handlers.attachments.receiving import READABLE
from handlers.attachments.settling import fetch
from handlers.impressions.keeping import group_of
from handlers.routing import Answer, Click
from handlers.world import Asker, World
from storage import attachments, delivery, inbox

LIVE = (State.ASKED, State.WAITING, State.READ, State.KEPT)


async def decline(click: Click, world: World) -> Answer:
    """Whoever dropped the files of a message does not want them kept after all."""

    def change(db: Session, asker: Asker, files: list[Attachment]) -> None:
        forget(db, world, asker.settings, files, State.DECLINED)

    return await _change(click, world, LIVE, change, "attachments.declined")


async def only_keep(click: Click, world: World) -> Answer:
    """What is being read, or was, is no impression: it is an attachment."""

    def change(db: Session, asker: Asker, files: list[Attachment]) -> None:
        for file in files:
            attachments.save(db, replace(file, state=State.KEPT, try_at=None, impression=None))
            withdraw_read(db, world, asker.settings, file)
        list_anew(db, world, asker.settings, *files)

    return await _change(click, world, (State.WAITING, State.READ), change, "attachments.now_kept")


async def hand_in(click: Click, world: World) -> Answer:
    """What was kept as an attachment is the impression of its group."""
    to_read: list[str] = []

    def change(db: Session, asker: Asker, files: list[Attachment]) -> None:
        readable = [file for file in files if file.kind in READABLE and file.group]
        for file in readable:
            _, group = group_of(db, click.team, file.group or "")
            allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user))
            attachments.save(db, replace(file, state=State.WAITING, try_at=world.now(), attempts=0))
        list_anew(db, world, asker.settings, *readable)
        to_read[:] = [file.id for file in readable]

    answer = await _change(click, world, (State.KEPT,), change, "attachments.now_reading")
    return Answer(then=[*answer.then, *(fetch(world, click.team, file) for file in to_read)])


async def _change(
    click: Click,
    world: World,
    states: tuple[State, ...],
    change: Callable[[Session, Asker, list[Attachment]], None],
    said: str,
) -> Answer:
    """Do something with the files of a message that the button names, for who dropped them or a coordinator."""

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        channel, _, ts = click.value.rpartition(":")
        files = attachments.of_message(db, click.team, channel, ts)
        if not files:
            raise missing(asker.member, Action.REMOVE_ATTACHMENT, "attachments.gone")
        for file in files:
            allow(asker.member, Action.REMOVE_ATTACHMENT, Place(wrote=file.added_by == click.user))
        here = [file for file in files if file.state in states]
        if inbox.first(db, click.team, click.key, world.now()):
            if not here:
                raise Refused("attachments.gone")
            change(db, asker, here)
        return asker

    asker = await world.write(save)
    return Answer(then=[world.whisper(click, asker.words(said), replace=True)])


async def choose_group(click: Click, world: World) -> Answer:
    """Whoever sent a file to the bot says for which group it is."""

    def save(db: Session) -> str | None:
        asker = world.asker(db, click)
        file_id, _, group_id = click.value.partition(":")
        file = _sent(db, click, file_id)
        session, group = group_of(db, click.team, group_id)
        allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user))
        if not inbox.first(db, click.team, click.key, world.now()):
            return None
        if file.state is not State.ASKED:
            raise Refused("attachments.gone")
        waiting = replace(
            file, state=State.WAITING, work_session=session.id, group=group.id, try_at=world.now(), attempts=0
        )
        attachments.save(db, waiting)
        _say_anew(db, world, click, file)
        return file.id

    chosen = await world.write(save)
    return Answer(then=[fetch(world, click.team, chosen)] if chosen else [])


async def drop(click: Click, world: World) -> Answer:
    """Whoever sent a file to the bot does not want it read after all."""

    def save(db: Session) -> None:
        asker, file = world.asker(db, click), _sent(db, click, click.value)
        if inbox.first(db, click.team, click.key, world.now()) and file.state in LIVE:
            forget(db, world, asker.settings, [file], State.DECLINED)
            _say_anew(db, world, click, file)

    await world.write(save)
    return Answer()


def _sent(db: Session, click: Click, file_id: str) -> Attachment:
    file = attachments.one(db, click.team, file_id)
    if file is None or file.added_by != click.user:
        raise Refused("attachments.gone")
    return file


def _say_anew(db: Session, world: World, click: Click, file: Attachment) -> None:
    of = f"attachments.which:{file.id}"
    delivery.plan_change(db, team=click.team, of=of, why=world.ids("ch"), now=world.now())
