"""What people do with good examples: find one, say the second yes, send it on, use it too, and take that back."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.trail import NO_TRAIL, Entry, Kind, State, Value, examples, place_of
from bot.trail.filling import LONGEST_TEXT
from bot.trail.rights import must_see
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.themes.proposing import in_window
from handlers.trail import pages
from handlers.trail.deeds import tell_deed
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import follow, redraw
from handlers.views import trail_examples as views
from handlers.world import Asker, World
from storage import delivery, inbox, programme, themes, trail
from storage.audit import Deed
from storage.themes.changing import notes_of
from storage.trail import examples as stored


async def browse(click: Click, world: World) -> Answer:
    """Somebody looks for examples: by words, by theme, or all of them with the most used first."""
    view = await world.database.read(partial(_found, world, click))
    if click.kind == "form":
        return Answer(ack={"response_action": "update", "view": view.to_dict()})
    if in_window(click, "trail.part"):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _found(world: World, click: Click, db: Session) -> View:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_PUBLISHED)
    typed = click.value if click.kind == "command" else click.text("words")
    chosen = click.text("theme")
    known = themes.themes(db, click.team)
    found = examples.find(stored.shared(db, click.team), typed)
    theme = next((each for each in known if each.id == chosen), None)
    if theme is not None:
        notes = notes_of(db, click.team, theme.id)
        found = examples.about(found, [theme.name, *theme.aliases], notes)
    names = {region.id: region.name for region in programme.regions(db, click.team)}
    return views.window(found, names, known, typed, chosen, asker.words)


async def vouch(click: Click, world: World) -> Answer:
    """Somebody of the region says the second yes: the example is shared, with what hangs under it."""

    def work(db: Session) -> Spot:
        here, found = entry_at(db, world, click, click.value, Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        if found.kind is not Kind.EXAMPLE:
            raise Refused(NO_TRAIL)
        if not examples.second_yes(here.asker.member, found, trail.changes_of(db, click.team, [found.id])):
            raise Refused("trail.examples.second" if found.state is State.KEPT else "trail.moved_on")
        if inbox.first(db, click.team, click.key, world.now()):
            trail.settle(db, found, State.SHARED, click.user, world.now())
            tell_deed(db, world, click, Deed.SHARED, found)
        return here

    here = await world.write(work)
    return Answer(then=[redraw(click, world, click.value, here.code)])


async def send(click: Click, world: World) -> Answer:
    """Somebody sends an example of their region to another one: `value` is "<entry> <region>"."""
    entry_id, _, to = click.value.partition(" ")

    def work(db: Session) -> Spot:
        here, found = entry_at(db, world, click, entry_id, Action.APPROVE_TRAIL)
        here.allow(Action.APPROVE_TRAIL, found)
        region = programme.region(db, click.team, to)
        if found.kind is not Kind.EXAMPLE or region is None or region.id == found.region:
            raise Refused(NO_TRAIL)
        if found.state is not State.SHARED:
            raise Refused("trail.examples.share_first")
        if region.channel is None:
            raise Refused("trail.examples.no_channel")
        delivery.plan(
            db,
            team=click.team,
            key=f"trail.example:{found.id}:{region.id}",
            kind="trail.example",
            arguments={"id": found.id, "region": region.id},
            channel=region.channel,
            now=world.now(),
        )
        return here

    here = await world.write(work)
    return Answer(then=[redraw(click, world, entry_id, here.code)])


async def open_use(click: Click, world: World) -> Answer:
    """Somebody's region uses an example too: ask what they changed."""

    def read(db: Session) -> View:
        asker, found, mine = _to_use(db, world, click, click.value)
        return views.use(found, mine, asker.words, below=pages.returns_to(click))

    view = await world.database.read(read)
    return Answer(then=[pages.over(click, world, view)])


def _to_use(db: Session, world: World, click: Click, entry_id: str) -> tuple[Asker, Entry, Entry | None]:
    """Return an example of another region, and the own region's use of it. Raises Refused."""
    asker = world.asker(db, click)
    member = asker.member
    allow(member, Action.ADOPT_EXAMPLE, place_of(member, member.region))
    found = must_see(member, trail.one(db, click.team, entry_id), Action.ADOPT_EXAMPLE)
    if found.kind is not Kind.EXAMPLE or found.state is not State.SHARED:
        raise Refused(NO_TRAIL)
    if member.region is None or member.region == found.region:
        raise Refused("trail.own_example")
    mine = next((each for each in found.under(Kind.ADOPTION) if each.region == member.region), None)
    return asker, found, mine


async def use(click: Click, world: World) -> Answer:
    """A region uses an example too, with what it changed; it counts once, however often it says so."""

    def work(db: Session) -> tuple[Asker, list[Problem]]:
        asker, found, mine = _to_use(db, world, click, metadata_of(click).get("entry", ""))
        if inbox.seen(db, click.team, click.key):
            return asker, []
        changed = click.text("changed").strip()
        problems = list(check_texts(db, asker.settings, None, {"changed": changed}).problems)
        if len(changed) > LONGEST_TEXT:
            too_long = {"most": LONGEST_TEXT, "now": len(changed)}
            problems.append(Problem("changed", "worksessions.problem.too_long", too_long))
        if not problems:
            inbox.first(db, click.team, click.key, world.now())
            values = {"title": Value(changed)} if changed else {}
            if mine is not None:
                trail.change(db, mine, values, click.user, world.now())
            else:
                made = Entry(
                    id=world.ids("te"),
                    team=click.team,
                    region=asker.member.region,
                    kind=Kind.ADOPTION,
                    values=values,
                    state=State.SHARED,
                    parent=found.id,
                )
                trail.make(db, made, click.user, world.now())
        return asker, problems

    asker, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    given = metadata_of(click)
    if not given.get("below"):
        return Answer(then=[world.whisper(click, asker.words("trail.examples.noted"))])
    view = await world.database.read(partial(pages.entry, world, click, given.get("entry", ""), 0, False))
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=[follow(click, world)])


async def unuse(click: Click, world: World) -> Answer:
    """A region does not use an example after all."""

    def work(db: Session) -> None:
        _, _, mine = _to_use(db, world, click, click.value)
        if mine is not None and inbox.first(db, click.team, click.key, world.now()):
            trail.drop(db, mine, click.user, world.now())

    await world.write(work)
    return Answer(then=[redraw(click, world, click.value)])


ACTIONS = {
    "trail.examples": browse,
    "trail.vouch": vouch,
    "trail.send_example": send,
    "trail.use": open_use,
    "trail.unuse": unuse,
}
FORMS = {"trail.use": use, "trail.examples": browse}
COMMANDS = dict.fromkeys(("voorbeelden", "examples"), browse)
