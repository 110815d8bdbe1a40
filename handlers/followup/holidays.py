"""Where the schools of each region have their holidays, so that a date in them is warned about."""

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import SCHOOL_REGIONS
from bot.programme import Action, allow
from handlers.routing import Answer, Click, Handler
from handlers.views import followup_holidays as views
from handlers.world import World
from storage import audit, inbox, programme
from storage.audit import Deed


async def open_holidays(click: Click, world: World) -> Answer:
    """The coordinator wants to say where the schools of each region have their holidays."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_HOLIDAYS)
        return views.holidays_form(programme.regions(db, click.team), asker.settings.region_word, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def save_holidays(click: Click, world: World) -> Answer:
    """Keep what was said of each region; one that was left alone stays as it is."""

    def save(db: Session) -> None:
        allow(world.asker(db, click).member, Action.SET_HOLIDAYS)
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        for region in programme.regions(db, click.team):
            said = click.text(f"holidays:{region.id}")
            if said in (*SCHOOL_REGIONS, views.UNKNOWN):
                programme.set_holidays(db, click.team, region.id, "" if said == views.UNKNOWN else said)
        told = {"what": "holidays"}
        audit.record(db, click.team, Deed.SETTINGS_CHANGED, world.now(), actor=click.user, details=told)

    await world.write(save)
    return Answer()


ACTIONS: dict[str, Handler] = {"followup.holidays": open_holidays}
FORMS: dict[str, Handler] = {"followup.holidays": save_holidays}
COMMANDS: dict[str, Handler] = {"vakantie": open_holidays, "holidays": open_holidays}
