"""A series that goes on: what is done with a date that falls badly, its end, and all of it as a file."""

from datetime import date, datetime

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.delivery import Operation
from bot.followup import Decided, Decision, Series, a_week_later, meetings, still_running, stopped
from bot.problem import Refused
from bot.programme import Action, allow
from handlers.followup.repeating import day_of, make_next, owe_ask, series_for
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.views import followup_series as views
from handlers.views.frame import notice
from handlers.world import Asker, World
from storage import delivery, followup, inbox


async def decide(click: Click, world: World) -> Answer:
    """The coordinator says what is done with a date that falls badly; then the series goes on."""

    def save(db: Session) -> None:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.SET_SERIES)
        series_id, _, text = click.value.partition(" ")
        found, day = series_for(db, click.team, series_id), day_of(text)
        if click.argument not in set(Decision) or not any(each.day == day for each in meetings(found)):
            raise Refused("slack.unknown")
        if not inbox.first(db, click.team, click.key, now):
            return
        still_running(found)
        if found.decision(day) is not None:
            raise Refused("followup.series_decided")
        decide_date(db, found, day, Decision(click.argument), click.user, now)
        owe_ask(db, found, day, now, why=click.argument)
        make_next(db, world, asker.settings, series_for(db, click.team, series_id))

    await world.write(save)
    return Answer()


async def open_stop(click: Click, world: World) -> Answer:
    """The coordinator wants to end a series."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_SERIES)
        found = series_for(db, click.team, click.value)
        still_running(found)
        return views.stop_form(found, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def stop(click: Click, world: World) -> Answer:
    """A series ends; the session that was made already stands."""

    def save(db: Session) -> None:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.SET_SERIES)
        found = series_for(db, click.team, metadata_of(click).get("series", ""))
        if inbox.seen(db, click.team, click.key):
            return
        if metadata_of(click).get("version") != str(found.version):
            raise Refused("followup.series_changed")
        followup.series.save(db, stopped(found))
        inbox.first(db, click.team, click.key, now)

    await world.write(save)
    return Answer(ack={"response_action": "clear"})


async def send_file(click: Click, world: World) -> Answer:
    """Somebody wants the whole series in their agenda."""

    def save(db: Session) -> Asker:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.ANSWER_INVITATION)
        found = series_for(db, click.team, click.value)
        if inbox.first(db, click.team, click.key, now):
            delivery.plan(
                db,
                team=click.team,
                key=f"followup.series_calendar:{found.id}:{click.user}:{now.isoformat()}",
                kind="followup.series_calendar",
                arguments={"id": found.id, "at": now.isoformat()},
                user=click.user,
                operation=Operation.FILE,
                now=now,
            )
        return asker

    asker = await world.write(save)
    text = asker.words("followup.file_coming")
    if click.view_id and not click.channel:
        return Answer(then=[world.open(click, notice(text, asker.words), push=click.in_form)])
    return Answer(then=[world.whisper(click, text)])


def decide_date(db: Session, found: Series, day: date, decision: Decision, by: str, now: datetime) -> None:
    """Write down what is done with one date: it stays, goes, or moves a week."""
    moved_to = a_week_later(day) if decision is Decision.MOVE else None
    followup.series.decide(db, found.team, found.id, Decided(day, decision, moved_to), by, now)


ACTIONS: dict[str, Handler] = {
    "followup.series_decide": decide,
    "followup.series_stop": open_stop,
    "followup.series_file": send_file,
}
FORMS: dict[str, Handler] = {"followup.series_stop": stop}
COMMANDS: dict[str, Handler] = {}
