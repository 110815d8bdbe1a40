"""The weekly digest: each region's turn comes once a week, and says only what that region has not read yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from bot.article import Article, PublishedSentence
from bot.calendar import Turn, WeeklyRule, due, next_after, period_key
from bot.digest import (
    ITEM_CHARACTERS,
    Digest,
    ItemKind,
    ThemeNews,
    by_theme,
    compose,
    concerns,
    next_date,
    session_of,
)
from bot.harvest import Theme
from bot.programme import Programme, Region
from bot.worksessions import WorkSession
from handlers.delivery import Body
from handlers.routing import Answer, Click, Routes
from handlers.ticker import Rhythm
from handlers.views import digest as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, digest, harvest, programme, themes, timetable, worksessions

log = structlog.get_logger()

WEEK = timedelta(days=7)
OVERLAP = WEEK
"""Sentences are looked for from a week before the last digest, or the first turn: what was published while it was
made, or before the region had a channel, is not missed. What the region has read is left out by its id."""
LATE = timedelta(minutes=10)
SPREAD = timedelta(minutes=10)
"""Digests that are late, because Oogst was not running, do not all leave at once."""


async def read(click: Click, world: World) -> Answer:
    """Somebody follows a link to an article; Slack opens it, and wants to hear that we know."""
    return Answer()


async def tick(world: World, now: datetime) -> None:
    """Give every region its turn that is due."""
    for team, region_id, place in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_take_turn, world, team, region_id, place, now))


def _due(db: Session, now: datetime) -> list[tuple[str, str, float]]:
    """Team, region, and the region's place among all (0 to 1), of who has a turn."""
    found = []
    for settings in programme.programmes(db):
        regions = [region for region in programme.regions(db, settings.team) if region.channel]
        for number, region in enumerate(regions):
            if _turns(db, settings, region, now):
                found.append((settings.team, region.id, number / len(regions)))
    return found


def _turns(db: Session, settings: Programme, region: Region, now: datetime) -> list[Turn]:
    rule = _rule(settings, region)
    turns = due(rule, timetable.last(db, _name(region)), now)
    return [turn for turn in turns if not timetable.taken(db, _name(region), turn.period)]


def _take_turn(world: World, team: str, region_id: str, place: float, now: datetime, db: Session) -> None:
    """The turn, the digest, what it says and what Slack is owed: all of it or none of it."""
    settings, region = programme.programme(db, team), programme.region(db, team, region_id)
    if settings is None or region is None or region.channel is None:
        return
    for turn in _turns(db, settings, region, now):
        state = "skipped" if turn.skipped else "done"
        if not timetable.take(db, team, _name(region), turn.period, turn.at, now, state):
            continue
        if turn.skipped:
            log.info("digest skipped", region=region.id, period=turn.period)
            continue
        made = _compose(db, settings, region, turn, now, world)
        digest.save(db, team, made)
        if not made.silent:
            _owe(db, team, region.channel, made, now, now + SPREAD * place if now - turn.at > LATE else now)


def _compose(db: Session, settings: Programme, region: Region, turn: Turn, now: datetime, world: World) -> Digest:
    team, words = settings.team, world.channel_words(settings)
    since = digest.last_until(db, team, region.id)
    if since is None:
        first = timetable.first(db, _name(region)) or turn.at
        since = first if first < turn.at else turn.at - WEEK
    said = digest.said(db, team, region.id)
    fresh = [sentence for sentence in _published(db, team, region, since, now) if sentence.id not in said]
    known = {theme.id: theme for theme in themes.themes(db, team)}
    news = by_theme(fresh, known)
    date = next_date(worksessions.after(db, team, now), region.id, said, now)
    session = worksessions.one(db, team, session_of(date.subject)) if date else None
    room = ITEM_CHARACTERS * 3 + len(session.title) if session else 0
    post, thread = compose(news, views.labels(news, known, words), date, room)
    return Digest(world.ids("dg"), region.id, turn.period, since, now, post, thread)


def _published(db: Session, team: str, region: Region, since: datetime, until: datetime) -> list[PublishedSentence]:
    """The published sentences of the sessions in which this region takes part."""
    found = harvest.published_sentences(db, team, since - OVERLAP, until)
    sessions = {sentence.work_session: None for sentence in found}
    ours = {
        session.id
        for session_id in sessions
        if (session := worksessions.one(db, team, session_id)) and concerns(session, region.id)
    }
    return [sentence for sentence in found if sentence.work_session in ours]


def _owe(db: Session, team: str, channel: str, made: Digest, now: datetime, not_before: datetime) -> None:
    key = f"digest.post:{made.id}"
    delivery.plan(
        db,
        team=team,
        key=key,
        kind="digest.post",
        arguments={"id": made.id},
        channel=channel,
        now=now,
        not_before=not_before,
    )
    for number in range(len(made.thread)):
        delivery.plan(
            db,
            team=team,
            key=f"{key}:{number + 1}",
            kind="digest.details",
            arguments={"id": made.id, "part": number},
            channel=channel,
            thread_key=key,
            now=now,
            not_before=not_before,
        )


def take_out(db: Session, team: str, sentences: Sequence[str], article: Article, now: datetime) -> None:
    """Sentences of a published article were withdrawn: owe every digest that said them a change."""
    say_again(db, team, sentences, f"without:{article.id}:v{article.version}", now)


def say_again(db: Session, team: str, sentences: Sequence[str], why: str, now: datetime) -> None:
    """Owe every digest that said these sentences what there is to say of them now, once for each `why`."""
    parts = digest.saying(db, team, sentences)
    for digest_id, part in sorted({*parts, *((digest_id, 0) for digest_id, _ in parts)}):
        key = f"digest.post:{digest_id}" if part == 0 else f"digest.post:{digest_id}:{part}"
        posted = delivery.parcel(db, team, key)
        if posted is not None:
            arguments = {**posted.arguments, "again": True}
            delivery.plan_change(db, team=team, of=key, why=why, arguments=arguments, now=now)


def _emptied(arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Nothing is left to say: a message that stands already says so, one that was not sent yet stays away."""
    return Body(*views.withdrawn(words)) if arguments.get("again") else None


@dataclass(frozen=True)
class Live:
    """What a digest speaks of, as it is now: what was withdrawn since is not in it."""

    digest: Digest
    sentences: Mapping[str, PublishedSentence]
    news: Sequence[ThemeNews]
    names: Mapping[str | None, str]


def _live(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Live | None:
    made = digest.one(db, settings.team, str(arguments["id"]))
    if made is None:
        return None
    published = harvest.published_sentences(db, settings.team, made.since - OVERLAP, made.until)
    sentences = {sentence.id: sentence for sentence in published}
    known: dict[str, Theme] = {theme.id: theme for theme in themes.themes(db, settings.team)}
    told: dict[str | None, list[PublishedSentence]] = {}
    for item in (item for part in (made.post, *made.thread) for item in part):
        if item.subject in sentences:
            told.setdefault(item.theme, []).append(sentences[item.subject])
    news = [ThemeNews(theme, tuple(of)) for theme, of in told.items()]
    return Live(made, sentences, news, views.labels(news, known, words))


def post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The digest in a region's channel; None when everything it wanted to say was withdrawn."""
    live = _live(db, settings, arguments, words)
    if live is None:
        return None
    sessions: dict[str, WorkSession] = {}
    for item in live.digest.post:
        if item.kind in (ItemKind.DATE, ItemKind.MOVED):
            session = worksessions.one(db, settings.team, session_of(item.subject))
            if session is not None:
                sessions[session.id] = session
    if not live.news and not sessions:
        return _emptied(arguments, words)
    links = {
        article: link
        for article in {sentence.article for sentence in live.sentences.values()}
        if (at := delivery.sent(db, settings.team, f"harvest.article:{article}")) and (link := delivery.link(*at))
    }
    by_id = {item.theme: item for item in live.news}
    promised = harvest.promised(db, settings.team, list(live.sentences))
    return Body(*views.post(live.digest, live.sentences, sessions, by_id, live.names, links, words, promised=promised))


def details(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """A message in the thread of the digest."""
    live = _live(db, settings, arguments, words)
    number = int(arguments["part"])
    if live is None or number >= len(live.digest.thread):
        return None
    promised = harvest.promised(db, settings.team, list(live.sentences))
    text, blocks = views.thread(live.digest.thread[number], live.sentences, live.names, words, promised=promised)
    return Body(text, blocks) if blocks else _emptied(arguments, words)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return the earliest digest to come, over all regions that have a channel."""
    coming = []
    for settings in programme.programmes(db):
        for region in programme.regions(db, settings.team):
            if region.channel:
                rule = _rule(settings, region)
                at = next_after(rule, now)
                had = timetable.taken(db, _name(region), period_key(at, rule.zone))
                coming.append(next_after(rule, at) if had else at)
    return min(coming, default=None)


def _rule(settings: Programme, region: Region) -> WeeklyRule:
    return WeeklyRule(region.digest_weekday, region.digest_time, settings.timezone)


def _name(region: Region) -> str:
    return f"digest:{region.id}"


ROUTES = Routes(actions={"digest.read": read})
MESSAGES = {"digest.post": post, "digest.details": details}
RHYTHM = Rhythm(tick, next_due)
