"""What an assignment needs, ticked off by one tap: preconditions, parts, and vacancies that may wait."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, SHEETS, Entry, Kind, Value
from bot.trail.profile import is_vacant
from bot.trail.reminding import WAIT
from handlers.routing import Answer, Click
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import redraw
from handlers.views import trail_checklist as views
from handlers.views.frame import cut, escaped
from handlers.views.trail_beside import Draw
from handlers.world import World
from storage import inbox, trail

TICKED = frozenset({Kind.PRECONDITION, Kind.MILESTONE})


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On a precondition, a part or a vacancy: what can be said of it by one tap, where it is read by itself."""
    if not here.may(Action.KEEP_TRAIL, entry) or not entry.stands:
        return []
    if entry.kind in TICKED:
        return [partial(views.line, entry)]
    if entry.kind is Kind.ROLE and is_vacant(entry):
        return [partial(views.vacancy, entry)]
    return []


async def tick_off(click: Click, world: World) -> Answer:
    """Somebody says how far a precondition or a part is: `value` is "<standing> <entry>", so twice says the same."""
    standing, _, entry_id = click.value.partition(" ")

    def work(db: Session) -> tuple[str, str]:
        here, found = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        field = SHEETS[found.kind].field("standing")
        if found.kind not in TICKED or field is None or standing not in field.choices or not found.stands:
            raise Refused(NO_TRAIL)
        if inbox.first(db, click.team, click.key, world.now()):
            trail.change(db, found, _with(found, standing=standing), click.user, world.now())
        return _window(click, found), here.asker.words(f"trail.ticked_{standing}", name=escaped(cut(found.title, 150)))

    shown, said = await world.write(work)
    if not click.view_id:
        return Answer(then=[world.whisper(click, said)])
    return Answer(then=[redraw(click, world, shown)])


async def wait(click: Click, world: World) -> Answer:
    """Somebody says that a vacancy may wait: nobody is reminded of it for four weeks."""

    def until(here: Spot) -> date:
        return world.now().astimezone(ZoneInfo(here.asker.settings.timezone)).date() + WAIT

    def work(db: Session) -> str:
        here, found = entry_at(db, world, click, click.value, Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        if found.kind is not Kind.ROLE or not is_vacant(found):
            raise Refused("trail.vacancy_filled" if found.kind is Kind.ROLE else NO_TRAIL)
        if inbox.first(db, click.team, click.key, world.now()):
            trail.change(db, found, _with(found, quiet_until=until(here).isoformat()), click.user, world.now())
        return here.asker.words("trail.vacancy_waits", day=here.asker.words.calendar_date(until(here)))

    said = await world.write(work)
    if click.view_id:
        return Answer(then=[redraw(click, world, click.value)])
    return Answer(then=[world.whisper(click, said)])


def _with(found: Entry, **texts: str) -> Mapping[str, Value]:
    return {**found.values, **{name: Value(text) for name, text in texts.items()}}


def _window(click: Click, found: Entry) -> str:
    """What the window shows in which somebody pressed: the line itself, or what it hangs under."""
    return found.id if click.argument.startswith("line") or not found.parent else found.parent
