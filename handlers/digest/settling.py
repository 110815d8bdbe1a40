"""People of a region settle what it reads: how often, which themes and regions; all of them can, and undo it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import at_clock
from bot.digest import Change, Every, Stance, Subscription, less_often
from bot.harvest import Theme
from bot.problem import Problem, Refused
from bot.programme import Action, Member, Place, Programme, Region, may, missing
from handlers.delivery import Body, Render
from handlers.digest.owing import key_of
from handlers.digest.regions import NoRegion, ask_region, region_for
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.views import digest_settings as views
from handlers.views.digest_settings import Settings
from handlers.words import Words
from handlers.world import Asker, World
from storage import audit, delivery, digest, inbox, programme, themes
from storage.audit import Deed

WANTS = "wants"
"""A change of what a region reads; another kind of change has no way back here."""


@dataclass(frozen=True)
class Done:
    """What somebody changed, for the answer to them; `change` is None where all was so already."""

    asker: Asker
    region: Region
    change: Change | None
    names: Mapping[str, str]


async def open_settings(click: Click, world: World) -> Answer:
    """Somebody wants to see or change what their region reads."""

    def look(db: Session) -> View:
        asker, region = region_for(db, world, click, click.value, Action.SET_DIGEST)
        return views.form_(_settings(db, asker.settings, region, world.now()), asker.words)

    try:
        view = await world.database.read(look)
    except NoRegion as none:
        return ask_region(world, click, none)
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def open_own(click: Click, world: World) -> Answer:
    """`/oogst oogstbericht`: the settings of one's own region."""
    return await open_settings(replace(click, value=""), world)


async def save_settings(click: Click, world: World) -> Answer:
    """What a region reads was handed in."""

    def save(db: Session) -> tuple[Asker, list[Problem], Done | None]:
        metadata = metadata_of(click)
        asker, region = region_for(db, world, click, metadata.get("region", ""), Action.SET_DIGEST)
        before = digest.subscription(db, click.team, region.id)
        if inbox.seen(db, click.team, click.key):
            return asker, [], None
        if str(before.version) != metadata.get("version"):
            raise Refused("digest.changed_meanwhile")
        wanted, problems = _wanted(db, world, click, asker, before)
        if problems:
            return asker, problems, None
        inbox.first(db, click.team, click.key, world.now())
        return asker, [], _settle(db, world, click, asker, region, before, wanted)

    asker, problems, done = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    if done is None:
        return Answer(ack={"response_action": "clear"})
    return Answer(ack={"response_action": "update", "view": views.done_form(done, asker.words).to_dict()})


async def less(click: Click, world: World) -> Answer:
    """Less often: from every week to two weeks to a month."""
    return await _one_tap(click, world, lambda wants: replace(wants, every=less_often(wants.every)))


async def stop(click: Click, world: World) -> Answer:
    """No digest any more, until somebody of the region starts it again."""
    return await _one_tap(click, world, lambda wants: replace(wants, every=Every.STOPPED))


async def follow(click: Click, world: World) -> Answer:
    """A theme comes first in the digest of the region of whoever pressed; the button is anywhere."""

    def followed(db: Session, wants: Subscription) -> Subscription:
        theme = _theme(db, click.team, click.value)
        return replace(wants, stances={**wants.stances, theme: Stance.FOLLOW})

    return await _one_tap(replace(click, value=""), world, lambda wants: wants, followed)


async def _one_tap(
    click: Click,
    world: World,
    change: Callable[[Subscription], Subscription],
    read: Callable[[Session, Subscription], Subscription] | None = None,
) -> Answer:
    def save(db: Session) -> Done:
        asker, region = region_for(db, world, click, click.value, Action.SET_DIGEST)
        before = digest.subscription(db, click.team, region.id)
        wanted = read(db, before) if read else change(before)
        if not inbox.first(db, click.team, click.key, world.now()):
            return Done(asker, region, None, {})
        return _settle(db, world, click, asker, region, before, wanted)

    try:
        done = await world.write(save)
    except NoRegion as none:
        return ask_region(world, click, none)
    return Answer(then=[world.whisper(click, *views.done(done, done.asker.words))])


async def undo(click: Click, world: World) -> Answer:
    """Somebody of the region undoes what somebody changed, as long as nothing was changed after it."""

    def save(db: Session) -> Done:
        change = digest.change(db, click.team, click.value)
        if change is None or change.what != WANTS:
            raise missing(world.asker(db, click).member, Action.SET_DIGEST, "slack.unknown")
        asker, region = region_for(db, world, click, change.region, Action.SET_DIGEST)
        now = digest.subscription(db, click.team, region.id)
        if change.undone_by is not None:
            return Done(asker, region, None, {})
        if now.version != change.version:
            raise Refused("digest.changed_meanwhile")
        if inbox.first(db, click.team, click.key, world.now()):
            again = replace(read_wants(region.id, change.before), version=now.version + 1)
            digest.save_subscription(db, click.team, again)
            digest.undo_change(db, click.team, change.id, click.user, world.now())
            key = f"digest.changed:{change.id}"
            delivery.plan_change(db, team=click.team, of=key, why="undone", now=world.now())
        return Done(asker, region, digest.change(db, click.team, change.id), {})

    try:
        done = await world.write(save)
    except NoRegion as none:
        return ask_region(world, click, none)
    return Answer(then=[world.whisper(click, *views.undone(done, done.asker.words))])


def _settle(
    db: Session, world: World, click: Click, asker: Asker, region: Region, before: Subscription, wanted: Subscription
) -> Done:
    """Save what a region wants, and owe its thread one line that says who changed what."""
    names = theme_names(db, click.team)
    names |= {known.id: known.name for known in programme.regions(db, click.team)}
    if wanted == before:
        return Done(asker, region, None, names)
    wanted = replace(wanted, version=before.version + 1)
    digest.save_subscription(db, click.team, wanted)
    now = world.now()
    change = Change(world.ids("dc"), region.id, WANTS, click.user, now, pack(before), pack(wanted), wanted.version)
    digest.add_change(db, click.team, change)
    told = {"what": "digest"}
    audit.record(db, click.team, Deed.SETTINGS_CHANGED, now, actor=click.user, subject=region.id, details=told)
    below = _thread_of(db, click, region)
    if below is not None and region.channel:
        delivery.plan(
            db,
            team=click.team,
            key=f"digest.changed:{change.id}",
            kind="digest.changed",
            arguments={"id": change.id},
            channel=region.channel,
            thread_key=below,
            now=now,
        )
    return Done(asker, region, change, names)


def _thread_of(db: Session, click: Click, region: Region) -> str | None:
    """The digest in which somebody pressed, else the last one of the region; None when there was none yet."""
    pressed = delivery.key_at(db, click.team, click.channel, click.ts) if click.ts else None
    if pressed and pressed[1] == "digest.post":
        key = pressed[0].split(":")[:2]
        return ":".join(key)
    last = digest.newest(db, click.team, region.id)
    key_ = key_of(last) if last else None
    return key_ if key_ and delivery.parcel(db, click.team, key_) else None


def changed(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The line in the thread: who changed what, and how to undo it."""
    change = digest.change(db, settings.team, str(arguments["id"]))
    region = programme.region(db, settings.team, change.region) if change else None
    if change is None or region is None:
        return None
    names = theme_names(db, settings.team) | {each.id: each.name for each in programme.regions(db, settings.team)}
    people = {
        each.user: each.name for each in programme.members(db, settings.team, {change.by, change.undone_by or ""})
    }
    return Body(*views.changed(change, region, names, people, words))


def home_lines(db: Session, settings: Programme, member: Member, now: datetime) -> list[Callable[[Words], list[Block]]]:
    """Return what the Home says of the digest: one's own region's, and the way to a preview."""
    region = programme.region(db, member.team, member.region) if member.region else None
    preview = may(member, Action.PREVIEW_DIGEST, Place(seated=True))
    if region is None or region.channel is None:
        return [views.home_preview] if preview and may(member, Action.PREVIEW_DIGEST) else []
    return [partial(views.home_line, _settings(db, settings, region, now), preview)]


def theme_names(db: Session, team: str) -> dict[str, str]:
    """Return what the active themes are called, by id."""
    return {theme.id: theme.short_name or theme.name for theme in themes.themes(db, team)}


def pack(wants: Subscription) -> dict[str, Any]:
    """Return what a region wants as it is kept with a change."""
    return {
        "every": wants.every.value,
        "stances": {theme: stance.value for theme, stance in sorted(wants.stances.items())},
        "others": sorted(wants.others),
        "paused_until": wants.paused_until.isoformat() if wants.paused_until else None,
    }


def read_wants(region: str, packed: Mapping[str, Any]) -> Subscription:
    """Read what `pack` wrote."""
    until = packed["paused_until"]
    return Subscription(
        region,
        Every(packed["every"]),
        {theme: Stance(stance) for theme, stance in packed["stances"].items()},
        frozenset(packed["others"]),
        datetime.fromisoformat(until) if until else None,
    )


def _settings(db: Session, settings: Programme, region: Region, now: datetime) -> Settings:
    wants = digest.subscription(db, settings.team, region.id)
    others = [each for each in programme.regions(db, settings.team) if each.id != region.id]
    return Settings(region, wants, theme_names(db, settings.team), others, now)


def _wanted(
    db: Session, world: World, click: Click, asker: Asker, before: Subscription
) -> tuple[Subscription, list[Problem]]:
    """Read the form; what a list did not show, because it takes a hundred, stays as it was."""
    problems = []
    names, regions = theme_names(db, click.team), {each.id for each in programme.regions(db, click.team)}
    shown = views.offered_themes(names, before)
    followed, muted = set(click.many("follow")) & set(names), set(click.many("mute")) & set(names)
    if both := sorted(followed & muted):
        problems.append(Problem("mute", "digest.problem.both", {"theme": names[both[0]]}))
    hidden = {theme: stance for theme, stance in before.stances.items() if theme not in shown}
    stances = {**hidden, **dict.fromkeys(sorted(followed), Stance.FOLLOW), **dict.fromkeys(sorted(muted), Stance.MUTE)}
    others = frozenset(click.many("others")) & regions - {before.region}
    until, wrong = _until(click.text("until"), asker.settings.timezone, world.now())
    try:
        every = Every(click.text("every") or before.every)
    except ValueError:
        raise Refused("slack.unknown") from None
    return replace(before, every=every, stances=stances, others=others, paused_until=until), [*problems, *wrong]


def _until(typed: str, zone: str, now: datetime) -> tuple[datetime | None, list[Problem]]:
    if not typed:
        return None, []
    try:
        until = at_clock(date.fromisoformat(typed), "00:00", zone)
    except (ValueError, OverflowError):  # no calendar gives this, but a payload can say anything
        return None, [Problem("until", "digest.problem.past", {})]
    return until, [] if until > now else [Problem("until", "digest.problem.past", {})]


def _theme(db: Session, team: str, theme_id: str) -> str:
    """The theme that stands for this one, also after it was merged. Raises Refused where there is none."""
    known = {theme.id: theme for theme in themes.lineage(db, team)}
    found: Theme | None = known.get(theme_id)
    seen: set[str] = set()
    while found is not None and found.merged_into and found.id not in seen:
        seen.add(found.id)
        found = known.get(found.merged_into)
    if found is None or found.status != "active":
        raise Refused("digest.theme_gone")
    return found.id


ACTIONS: dict[str, Handler] = {
    "digest.settings": open_settings,
    "digest.less": less,
    "digest.stop": stop,
    "digest.follow": follow,
    "digest.undo": undo,
}
FORMS: dict[str, Handler] = {"digest.settings": save_settings}
COMMANDS: dict[str, Handler] = {"oogstbericht": open_own, "digest": open_own}
MESSAGES: dict[str, Render] = {"digest.changed": changed}
