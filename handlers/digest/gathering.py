"""Reading once what a workspace has to tell, and composing from it what one region reads."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.article import PublishedSentence, attributed
from bot.digest import (
    ITEM_CHARACTERS,
    Composed,
    Fixed,
    Interests,
    Item,
    ItemKind,
    Stance,
    Subscription,
    alike,
    best_first,
    by_theme,
    compose,
    concerns,
    in_rank,
    key_of,
    next_date,
    placed,
    running_poll,
    session_of,
    unread,
)
from bot.followup import DatePoll, PollState
from bot.harvest import Theme
from bot.programme import Programme, Region
from bot.promises import Told
from bot.worksessions import State, WorkSession
from handlers.digest.extras import extras
from handlers.digest.pointing import Touch, touching
from handlers.views import digest as views
from handlers.words import Words
from storage import digest, followup, harvest, programme, promises, themes, worksessions

WEEK = timedelta(days=7)
OVERLAP = WEEK
"""Sentences are looked for from a week before the last digest, or the first turn: what was published while it was
made, or before the region had a channel, is not missed. What the region has read is left out by its id."""
LATELY = timedelta(days=400)
"""So long a choice of a topic tells what people of a region care about."""
DATE_LINES = 3
"""A date takes as much as so many items, with its three buttons."""


@dataclass
class Gathered:
    """What there is to tell in one workspace, read once for all its regions. `same` and `keys` are by sentence id,
    `chosen` by region and theme."""

    settings: Programme
    now: datetime
    words: Words
    sentences: Sequence[PublishedSentence]
    sessions: Mapping[str, WorkSession]
    known: Mapping[str, Theme]
    root: Mapping[str, str]
    same: Mapping[str, frozenset[str]]
    keys: Mapping[str, str]
    coming: Sequence[WorkSession]
    polls: Sequence[DatePoll]
    due: Sequence[Told]
    due_themes: Mapping[str, frozenset[str]]
    region_of: Mapping[str, str | None]
    chosen: Mapping[str, Counter[str]]
    _ranked: dict[tuple[str, ...], Sequence[PublishedSentence]] = field(default_factory=dict)

    def ranking(self, sentences: Sequence[PublishedSentence]) -> Sequence[PublishedSentence]:
        """Put sentences best first; regions that read the same have it done once."""
        ids = tuple(sentence.id for sentence in sentences)
        if ids not in self._ranked:
            self._ranked[ids] = best_first(sentences)
        return self._ranked[ids]


@dataclass(frozen=True)
class RegionNews:
    """What one region reads this time, with what only counts for the number of groups."""

    composed: Composed
    echoes: tuple[Item, ...]


def gather(
    db: Session, settings: Programme, words: Words, since: datetime, now: datetime, released: Collection[str] = ()
) -> Gathered:
    """Read what was published since (a week's overlap included) and what else a digest tells.

    `released` are ids of older sentences that somebody held back for a week. What was said before is found by keys
    in an index, so that this costs as what is new.
    """
    team = settings.team
    lineage = themes.lineage(db, team)
    root = _roots(lineage)
    found = harvest.published_sentences(db, team, since - OVERLAP, now)
    older = set(released) - {sentence.id for sentence in found}
    if older:
        found = [*harvest.published_sentences(db, team, ids=older), *found]
    known = {theme.id: theme for theme in lineage if theme.status == "active"}
    sentences = [_rooted(sentence, root) for sentence in placed(found, known)]
    keys = {sentence.id: key_of(sentence.text, settings.secret) for sentence in sentences}
    before = digest.said_alike(db, team, keys.values())
    earlier_ids = set(before) - set(keys)
    earlier = harvest.published_sentences(db, team, ids=earlier_ids) if earlier_ids else []
    coming = [s for s in worksessions.since(db, team, now) if s.starts_at > now and s.state is not State.CANCELLED]
    due = _due(db, settings, now)
    chosen: dict[str, Counter[str]] = {}
    for region, counts in digest.chosen_themes(db, team, now - LATELY).items():
        for theme, people in counts.items():
            chosen.setdefault(region, Counter())[root.get(theme, theme)] += people
    return Gathered(
        settings=settings,
        now=now,
        words=words,
        sentences=sentences,
        sessions=_sessions(db, team, {sentence.work_session for sentence in sentences}),
        known=known,
        root=root,
        same=alike(sentences, earlier, {**before, **keys}),
        keys=keys,
        coming=coming,
        polls=followup.polling.in_state(db, team, [PollState.RUNNING]),
        due=due,
        due_themes={
            told.promise.id: frozenset(root.get(theme, theme) for theme in found_themes)
            for told in due
            for found_themes in [digest.themes_of(db, team, told.promise.impression)]
        },
        region_of={m.user: m.region for m in programme.members(db, team, {told.promise.owner for told in due})},
        chosen=chosen,
    )


def compose_for(
    db: Session,
    found: Gathered,
    region: Region,
    wants: Subscription,
    since: datetime,
    held: Collection[str] = (),
    released: Collection[str] = (),
) -> RegionNews:
    """Compose what one region reads: a fixed number of statements, whatever it has read before.

    `held` are ids of sentences that stay out, `released` older ones that come after all.
    """
    team, now = found.settings.team, found.now
    touches = touching(db, team, region.id, found.sentences)
    interests = interests_of(found, region, wants, touches)
    ours = [
        sentence
        for sentence in found.sentences
        if (sentence.published_at >= since - OVERLAP or sentence.id in released)
        and sentence.id not in held
        and _reads(found, sentence, region, wants, interests)
    ]
    seen = {other for sentence in ours for other in (sentence.id, *found.same.get(sentence.id, ()))}
    coming = [session for session in found.coming if concerns(session, region.id)]
    more = [each for extra in extras() for each in extra.offered(db, team, [region.id], now).get(region.id, ())]
    subjects = {_due_subject(told): told for told in found.due if _is_due_for(found, told, region, interests)}
    asked = {f"poll:{poll.id}" for poll in found.polls} | set(subjects) | {each.item.subject for each in more}
    said = digest.said(db, team, region.id, {*seen, *asked})
    dates = digest.said_dates(db, team, region.id, [session.id for session in coming])
    fresh, echoes = unread(ours, said, found.same)
    news = in_rank(by_theme(fresh, echoes), interests)
    fixed = _fixed(found, region, coming, said, dates, [each for each in more if each.item.subject not in said])
    due = [
        Item(ItemKind.DUE, subject)
        for subject, told in subjects.items()
        if subject not in said and not any(told.stands_in(s.impression, s.field, s.text) for s in fresh)
    ]
    labels = views.labels(news, found.known, found.words)
    composed = compose(news, labels, fixed, due, interests=interests, ranking=found.ranking)
    return RegionNews(composed, tuple(Item(ItemKind.ECHO, one.id, one.theme) for one in echoes))


def interests_of(
    found: Gathered, region: Region, wants: Subscription, touches: Mapping[str, Touch] | None = None
) -> Interests:
    """Return what matters to a region; themes that were merged count as the one they became.

    A theme of which something touches a point that the region works on is on its agenda.
    """

    def rooted(ids: Iterable[str]) -> frozenset[str]:
        return frozenset(found.root.get(one, one) for one in ids)

    following = next((session for session in found.coming if concerns(session, region.id)), None)
    agenda = rooted(topic.theme for topic in following.topics if topic.theme) if following else frozenset()
    muted = rooted(wants.with_stance(Stance.MUTE))
    touches = touches or {}
    worked_on = {one.theme for one in found.sentences if one.id in touches and one.theme}
    return Interests(
        followed=rooted(wants.with_stance(Stance.FOLLOW)) - muted,
        agenda=agenda | worked_on,
        chosen=found.chosen.get(region.id, Counter()),
        muted=muted,
        touching={one: len(views.point_line(touch, found.words)) for one, touch in touches.items()},
    )


def _reads(
    found: Gathered, sentence: PublishedSentence, region: Region, wants: Subscription, interests: Interests
) -> bool:
    """Whether a sentence is for a region at all: of its own sessions, of a region or a theme that it follows."""
    if sentence.theme in interests.muted:
        return False
    session = found.sessions.get(sentence.work_session)
    if session is None:
        return False
    if concerns(session, region.id) or sentence.theme in interests.followed:
        return True
    # of a small group its regions are not told, nor by whom its words reach
    return not wants.others.isdisjoint(attributed(sentence).regions) or not wants.others.isdisjoint(session.regions)


def _fixed(
    found: Gathered,
    region: Region,
    coming: Sequence[WorkSession],
    said: set[str],
    dates: set[str],
    more: Sequence[Fixed],
) -> list[Fixed]:
    """The date and the poll for one, which cannot wait; and what another feature has to tell, which can."""
    fixed = []
    date = next_date(coming, region.id, dates, found.now)
    if date is not None:
        session = next(each for each in coming if each.id == session_of(date.subject))
        fixed.append(Fixed(date, DATE_LINES * ITEM_CHARACTERS + len(session.title)))
    if (poll := running_poll(found.polls, region.id, said, found.now)) is not None:
        fixed.append(Fixed(poll, ITEM_CHARACTERS))
    return [*fixed, *more[:1]]


def _due(db: Session, settings: Programme, now: datetime) -> list[Told]:
    """Promises that are due before the next week is over, of sessions whose article is out."""
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    soon = [
        promise
        for promise in promises.unfinished(db, settings.team)
        if promise.stands and promise.due is not None and today <= promise.due < today + WEEK
    ]
    out = {one: harvest.state_of(db, settings.team, one) for one in {promise.work_session for promise in soon}}
    told = promises.told(db, [promise for promise in soon if out[promise.work_session] == "published"])
    return [each for each in told if each.promise.is_public and each.words]


def _due_subject(told: Told) -> str:
    return f"due:{told.promise.id}:{told.promise.due}"


def _is_due_for(found: Gathered, told: Told, region: Region, interests: Interests) -> bool:
    about = found.due_themes[told.promise.id]
    if about and about <= interests.muted:
        return False
    return found.region_of.get(told.promise.owner) == region.id


def _sessions(db: Session, team: str, ids: Iterable[str]) -> dict[str, WorkSession]:
    found = (worksessions.one(db, team, session_id) for session_id in sorted(set(ids)))
    return {session.id: session for session in found if session is not None}


def _roots(lineage: Sequence[Theme]) -> dict[str, str]:
    """The theme that every theme became by merging; a circle stays where it is."""
    into = {theme.id: theme.merged_into for theme in lineage}
    root = {}
    for start in into:
        at, seen = start, {start}
        while (following := into.get(at)) and following not in seen:
            at = following
            seen.add(at)
        root[start] = at
    return root


def _rooted(sentence: PublishedSentence, root: Mapping[str, str]) -> PublishedSentence:
    theme = root.get(sentence.theme, sentence.theme) if sentence.theme else None
    return sentence if theme == sentence.theme else replace(sentence, theme=theme)
