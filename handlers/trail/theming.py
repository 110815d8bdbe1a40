"""A dilemma, an open question or a point of an agenda becomes a theme proposal by one tap.

Who takes it over makes it known to everybody: that is for who may share an entry of that region.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.harvest.words import folded
from bot.problem import Refused
from bot.programme import Action, allow
from bot.proposals import Typed, of_scope, takes_proposals, title_of
from bot.trail import NO_TRAIL, Entry
from bot.trail.theming import OFFERED, Suggestion, suggest
from bot.worksessions import MOST_TOPICS, WorkSession
from handlers.privacy import check_texts
from handlers.proposals import telling
from handlers.proposals.backing import set_backing
from handlers.proposals.proposing import make
from handlers.proposals.table import redraw as redraw_review
from handlers.routing import Answer, Click, metadata_of
from handlers.themes.proposing import in_window
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import redraw
from handlers.trail.tying import Draw, covered
from handlers.views import trail_theming as views
from handlers.world import Asker, World
from storage import inbox, programme, proposals, trail, worksessions
from storage.trail import themed

MOST = 6
"""Of several regions so many are offered at once; the agendas have the rest."""


async def take(click: Click, world: World) -> Answer:
    """Somebody takes an entry over as a theme: `value` is "<entry> <session>", the session may be left out."""

    def work(db: Session) -> tuple[Spot, WorkSession | None]:
        entry_id, _, session_id = click.value.partition(" ")
        here, entry = entry_at(db, world, click, entry_id, Action.APPROVE_TRAIL)
        here.allow(Action.APPROVE_TRAIL, entry)
        allow(here.asker.member, Action.PROPOSE_THEME)
        if entry.kind not in OFFERED or not entry.stands or here.region is None:
            raise Refused(NO_TRAIL)
        session = worksessions.one(db, click.team, session_id) if session_id else None
        session = session if session and takes_proposals(session, world.now()) else None
        name = title_of(entry.title)
        if check_texts(db, here.asker.settings, None, {"name": name}).problems:
            raise Refused("trail.theme_not")
        if inbox.first(db, click.team, click.key, world.now()):
            found = of_scope(proposals.waiting(db, click.team), session.id if session else None)
            same = next((one for one in found if folded(one.name) == folded(name)), None)
            if same is not None:
                set_backing(db, world, click, same.id, on=True)
            else:
                why = here.asker.words("trail.theme_why", region=here.region.name)
                note = themed.note_of(db, entry)
                make(db, world, click, Typed(name, why), session, origin={"note": note} if note else {})
        return here, session

    here, session = await world.write(work)
    telling.repaint(world, click.team, session.id if session else None)
    if in_window(click, "proposals.review"):
        given = metadata_of(click)
        page = int(given.get("page") or 0)
        return Answer(then=[redraw_review(click, world, click.view_id, given.get("session", ""), page)])
    return Answer(then=[redraw(click, world, code=here.code)])


def suggested(
    db: Session, asker: Asker, regions: Sequence[str], session: str | None = None
) -> tuple[list[Suggestion], dict[str, str]]:
    """Return what may be a theme for these regions (none named: for all), and the names of the regions by id.

    Only what who asks may make known: for a coordinator that is everything, for others nothing.
    """
    team = asker.settings.team
    if not asker.member.coordinates:
        return [], {}
    names = {one.id: one.name for one in programme.regions(db, team) if not regions or one.id in regions}
    entries = trail.entries(db, team, regions=list(names), kinds=OFFERED) if names else []
    if not entries:
        return [], names
    taken = [name for one in of_scope(proposals.waiting(db, team), session) for name in (one.name, *one.also)]
    return suggest(entries, covered(db, team, list(names)), [*taken, *map(title_of, taken)], MOST), names


def ticked(db: Session, world: World, click: Click) -> list[str]:
    """Return the names of the entries that a coordinator ticked in the form of a session. Raises Refused."""
    chosen = click.many("agenda")[:MOST_TOPICS]
    names = []
    for entry_id in chosen:
        here, entry = entry_at(db, world, click, entry_id, Action.APPROVE_TRAIL)
        here.allow(Action.APPROVE_TRAIL, entry)
        if entry.kind in OFFERED and entry.stands:
            names.append(title_of(entry.title))
    return names


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On the page of a point or a question, for who may make it known: propose it as a theme."""
    if entry.kind not in OFFERED or not entry.stands or here.region is None:
        return []
    if not here.may(Action.APPROVE_TRAIL, entry):
        return []
    name = folded(title_of(entry.title))
    known = any(name == folded(each) for one in proposals.waiting(db, entry.team) for each in (one.name, *one.also))
    return [partial(views.taken_over if known else views.to_take, entry)]
