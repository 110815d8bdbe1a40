"""What will come in a region's next digest, for its facilitators and the coordinator: to leave out, never to add."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.article import PublishedSentence
from bot.calendar import next_after, period_key
from bot.digest import Change, Digest, Outcome, Reason, Subscription, outcome
from bot.problem import Refused
from bot.programme import Action, Programme, Region, may
from handlers.digest.drawing import Live, live
from handlers.digest.gathering import compose_for, gather
from handlers.digest.regions import NoRegion, ask_region, region_for
from handlers.digest.turning import name_of, read_from, rule_of
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.views import digest_preview as views
from handlers.words import Words
from handlers.world import World
from storage import digest, harvest, inbox, programme, timetable
from storage.digest import Held

WEEKS_AHEAD = 60
HELD_AFTER = timedelta(hours=12)
"""What is held back for the next digest is free again so long after it."""


@dataclass(frozen=True)
class Preview:
    """What a region would read: `at` is when, None where it stopped. `held` stays out; `words_of` is by sentence id."""

    region: Region
    at: datetime | None
    live: Live
    held: Mapping[str, Held]
    words_of: Mapping[str, PublishedSentence]


async def open_preview(click: Click, world: World) -> Answer:
    """Somebody wants to see what will come."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        if not click.value and asker.member.region is None and may(asker.member, Action.PREVIEW_DIGEST):
            regions = [region for region in programme.regions(db, click.team) if region.channel]
            return views.which(regions, asker.words)
        asker, region = region_for(db, world, click, _named(db, click), Action.PREVIEW_DIGEST)
        return views.preview(look_ahead(db, asker.settings, region, asker.words, world.now()), asker.words)

    try:
        view = await world.database.read(look)
    except NoRegion as missing:
        return ask_region(world, click, missing)
    if click.name == "digest.preview_of":
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _named(db: Session, click: Click) -> str:
    """The region that was asked for: an id from a button, or a name behind a command."""
    if click.kind != "command":
        return click.value
    typed = click.value.strip().casefold()
    return next((each.id for each in programme.regions(db, click.team) if each.name.casefold() == typed), "")


async def keep_out(click: Click, world: World) -> Answer:
    """A sentence stays out of the next digest, or of every one; why is kept, and nothing of its words."""
    named, _, sentence_id = click.value.partition(" ")
    reason = Reason(named) if named in set(Reason) else None

    def save(db: Session) -> View:
        asker, region = region_for(db, world, click, metadata_of(click).get("region", ""), Action.PREVIEW_DIGEST)
        now = world.now()
        if reason is not None and not harvest.published_sentences(db, click.team, ids=[sentence_id]):
            raise Refused("digest.question_gone")
        if inbox.first(db, click.team, click.key, now):
            before = digest.held(db, click.team, [region.id], now).get(region.id, {}).get(sentence_id)
            if reason is None:
                digest.let_go(db, click.team, region.id, sentence_id)
            else:
                until = _free_again(db, asker.settings, region, now) if reason is Reason.LATER else None
                digest.hold(db, click.team, region.id, sentence_id, reason, until, click.user, now)
            digest.add_change(
                db,
                click.team,
                Change(
                    world.ids("dc"),
                    region.id,
                    "hold",
                    click.user,
                    now,
                    {"subject": sentence_id, "reason": before.reason.value if before else None},
                    {"subject": sentence_id, "reason": reason.value if reason else None},
                    0,
                ),
            )
        return views.preview(look_ahead(db, asker.settings, region, asker.words, now), asker.words)

    view = await world.write(save)
    return Answer(then=[world.show(click.team, click.view_id, view)])


def look_ahead(db: Session, settings: Programme, region: Region, words: Words, now: datetime) -> Preview:
    """Compose the region's next digest as it would be now, without sending or keeping it."""
    wants = digest.subscription(db, settings.team, region.id)
    at = next_reading(db, settings, region, wants, now)
    state = timetable.last_state(db, settings.team, name_of(region))
    before = Outcome(state) if state else Outcome.DONE
    since = read_from(db, settings, region, at or now, before)
    released = digest.released(db, settings.team, [region.id], at or now).get(region.id, set())
    held = digest.held(db, settings.team, [region.id], at or now).get(region.id, {})
    found = gather(db, settings, words, since, now, released)
    news = compose_for(db, found, region, wants, since, held, released)
    made = Digest(
        "", region.id, period_key(at or now, settings.timezone), since, at or now, news.composed.post,
        news.composed.thread, news.echoes, before.missed,
    )  # fmt: skip
    kept_out = harvest.published_sentences(db, settings.team, ids=list(held)) if held else []
    return Preview(region, at, live(db, settings, made, words), held, {each.id: each for each in kept_out})


def next_reading(
    db: Session, settings: Programme, region: Region, wants: Subscription, now: datetime
) -> datetime | None:
    """Return when a region reads next, with its own rhythm, pause and holidays; None when it stopped."""
    spoke = digest.last_spoken(db, settings.team, region.id)
    rule, at = rule_of(settings, region), now
    for _ in range(WEEKS_AHEAD):
        at = next_after(rule, at)
        what = outcome(at, settings.timezone, wants.every, region.holidays, wants.paused_until, spoke)
        taken = timetable.taken(db, settings.team, name_of(region), period_key(at, rule.zone))
        if what is Outcome.DONE and not taken:
            return at
    return None


def _free_again(db: Session, settings: Programme, region: Region, now: datetime) -> datetime:
    wants = digest.subscription(db, settings.team, region.id)
    return (next_reading(db, settings, region, wants, now) or now) + HELD_AFTER


ACTIONS: dict[str, Handler] = {
    "digest.preview": open_preview,
    "digest.preview_of": open_preview,
    "digest.keep_out": keep_out,
}
COMMANDS: dict[str, Handler] = {"voorbeeld": open_preview, "preview": open_preview}
