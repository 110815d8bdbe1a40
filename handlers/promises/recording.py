"""One step of a promise, and all that has to follow it: its messages, its card, the openings, draft and article."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from bot.article import Article, Sentence, cut
from bot.article import State as ArticleState
from bot.article.composing import run_at
from bot.article.records import ORDER
from bot.calendar import is_dutch_holiday, next_sending_time
from bot.impressions import Impression
from bot.problem import Refused
from bot.programme import Action, Programme, missing
from bot.programme import Place as Standing
from bot.promises import WAITING, Capacity, Promise, Told, event_of
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import digest, harvest, theme_harvest
from handlers.harvest import drafting
from handlers.posts import owe_change
from handlers.promises.cards import owe_cards
from handlers.promises.telling import owe_opening
from handlers.routing import Click
from handlers.world import Asker, World
from storage import delivery, impressions, memory, programme, promises, selection, worksessions
from storage import harvest as articles


@dataclass(frozen=True)
class Found:
    """A promise with everything around it, read anew, and who clicked."""

    asker: Asker
    told: Told
    session: WorkSession
    group: Group
    impression: Impression

    @property
    def promise(self) -> Promise:
        """The promise itself."""
        return self.told.promise

    @property
    def is_owner(self) -> bool:
        """Whether who clicked is the person it is of."""
        return self.asker.member.user == self.promise.owner

    @property
    def capacity(self) -> Capacity:
        """As what who clicked does this."""
        return Capacity.OWNER if self.is_owner else Capacity.COORDINATOR

    @property
    def as_owner(self) -> Standing:
        """How who clicked stands to the promise, for the table of rights."""
        return Standing(wrote=self.is_owner)


def find(db: Session, world: World, click: Click, promise_id: str, action: Action) -> Found:
    """Read a promise of this workspace with who clicked, who wants to do `action`. Raises Refused where it is not."""
    asker = world.asker(db, click)
    promise = promises.one(db, click.team, promise_id)
    if promise is None:
        raise missing(asker.member, action, "promises.gone")
    session, group, impression = around(db, promise)
    (told,) = promises.told(db, [promise])
    return Found(asker, told, session, group, impression)


def around(db: Session, promise: Promise) -> tuple[WorkSession, Group, Impression]:
    """Return session, group and impression of a promise. Raises Refused when they are not here."""
    impression = impressions.one(db, promise.team, promise.impression)
    if impression is None:
        raise Refused("promises.gone")
    return (*place_of(db, promise.team, promise.work_session, promise.group), impression)


def place_of(db: Session, team: str, session_id: str, group_id: str) -> tuple[WorkSession, Group]:
    """Return a session and a group of this workspace. Raises Refused when they are not here."""
    session, group = worksessions.one(db, team, session_id), selection.group(db, team, group_id)
    if session is None or group is None:
        raise Refused("promises.gone")
    return session, group


def in_group(group: Group, impression: Impression, user: str) -> Standing:
    """How somebody stands to an impression in which something is offered: they wrote it, or lead its group."""
    return Standing(leads=group.facilitator == user, wrote=impression.author == user)


def record(
    db: Session,
    world: World,
    settings: Programme,
    before: Promise | None,
    after: Promise,
    by: str,
    capacity: Capacity,
    *,
    lost_words: bool = False,
) -> None:
    """Keep a step with its trail, and owe everybody who reads the promise what it says now; nothing for no step.

    `lost_words` says that words went which must not stay anywhere, not even in the openings of earlier sessions.
    """
    if before == after:
        return
    now, why = world.now(), f"{after.id}:v{after.version}"
    promises.save(db, after, event_of(before, after, by, capacity, now))
    session, _, impression = around(db, after)
    for message in promises.messages(db, after):
        arguments = {**json.loads(message.arguments), "again": True}
        delivery.plan_change(db, team=after.team, of=message.key, why=why, arguments=arguments, now=now)
    for key in (f"promises.card:{after.id}", f"impressions.shared:{impression.id}:{impression.author}"):
        delivery.plan_change(db, team=after.team, of=key, why=why, now=now)
    _owe_openings(db, world, settings, after, everywhere=lost_words)
    _let_article_follow(db, world, settings, session, impression, before, after)


def owe_person(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    *,
    key: str,
    kind: str,
    arguments: Mapping[str, Any],
    user: str,
) -> None:
    """Owe one person a message in sending hours; who practises hears at once."""
    now = world.now()
    at = now if session.is_practice else next_sending_time(now, settings.timezone, is_dutch_holiday)
    delivery.plan(db, team=session.team, key=key, kind=kind, arguments=arguments, user=user, now=now, not_before=at)


def those_who_asked(db: Session, session: WorkSession, impression: Impression, promise: Promise) -> list[str]:
    """Return who hears that nobody stands for an offer: who wrote it down, who asked, and the coordinators."""
    if session.is_practice:
        return [session.created_by]
    coordinators = [member.user for member in programme.coordinators(db, session.team)]
    people = dict.fromkeys([impression.author, promise.asked_by, *coordinators])
    return [user for user in people if user and user != promise.owner]


def _owe_openings(db: Session, world: World, settings: Programme, promise: Promise, *, everywhere: bool) -> None:
    """Openings of today follow how things stand; a later day they stay as they were read, but for words that went."""
    zone = world.channel_words(settings).zone
    today = world.now().astimezone(zone).date()
    for session_id, at in promises.openings_of(db, promise.team, promise.id):
        if everywhere or at.astimezone(zone).date() == today:
            owe_opening(db, world, settings, session_id)


def _let_article_follow(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    impression: Impression,
    before: Promise | None,
    promise: Promise,
) -> None:
    read = articles.of_session(db, session.team, session.id)
    harvest.follow(db, world, settings, session)
    article = articles.of_session(db, session.team, session.id)
    if article is None or read is None:
        return
    if article.state is ArticleState.DRAFT:
        if before is not None and before.state in WAITING and promise.state not in WAITING:
            _bring_in(db, world, settings, session, article, promise)
        return
    if article.version == read.version and any(s.run.impression == impression.id for s in article.sentences):
        article = replace(article, version=article.version + 1, updated_at=world.now())
        articles.save(db, article)
        drafting.owe_article(db, world, settings, article)
        drafting.owe_drafts(db, world, settings, article)
        said = [s.id for s in article.sentences if s.run.impression == impression.id]
        digest.say_again(db, article.team, said, f"{promise.id}:v{promise.version}", world.now())
        theme_harvest.follow(db, world, article.team, said, f"{promise.id}v{promise.version}")
        for question in memory.answers_with(db, article.team, [impression.id]):
            owe_change(db, world, article.team, f"memory.answer:{question}")
    owe_cards(db, world, session, article)


def _bring_in(
    db: Session, world: World, settings: Programme, session: WorkSession, article: Article, promise: Promise
) -> None:
    """What waited for an answer comes into a draft that was edited meanwhile: its coordinator never saw it."""
    place = promise.place
    if not article.edited or place is None:
        return
    held = [s.run for s in article.sentences if (s.run.impression, s.run.field) == (place.impression, place.part)]
    if any(run.start < place.end and place.start < run.end for run in held):
        return
    mine = next((c for c in articles.contributions(db, session) if c.group.id == promise.group), None)
    note = next((i for i in mine.impressions if i.id == promise.impression), None) if mine else None
    if mine is None or note is None:
        return
    runs = [
        run
        for run in cut((note,), mine.withheld, mine.withheld_places)
        if run.field == place.part and run.start < place.end and place.start < run.end
    ]
    runs = runs or [run for run in [run_at(note, place.part, place.start, place.end)] if mine.shows(run)]
    fresh = [Sentence(world.ids("as"), mine.group.id, run) for run in runs]
    own = sorted([*(s for s in article.sentences if s.group == mine.group.id), *fresh], key=lambda s: ORDER[s.run.part])
    order = list(dict.fromkeys([s.group for s in article.sentences] + [mine.group.id]))
    sentences = [
        s
        for group in order
        for s in (own if group == mine.group.id else [s for s in article.sentences if s.group == group])
    ]
    drafting.save_draft(
        db, world, settings,
        replace(article, version=article.version + 1, updated_at=world.now(), sentences=tuple(sentences)),
    )  # fmt: skip
