"""The draft follows the impressions, and everybody who was sent a version of it follows the draft."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.article import Article, Contribution, Edition, Sentence, State, compose, headline_topics, readers
from bot.impressions import Impression
from bot.problem import Refused
from bot.programme import Action, Programme, allow
from bot.worksessions import WorkSession
from handlers import digest, theme_harvest
from handlers.posts import owe_pages
from handlers.promises.cards import owe_cards
from handlers.views import harvest as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import article_versions, delivery, harvest, programme, trail, worksessions

AT_ONCE = 20
"""Impressions in a draft from which on a new one is taken in with the next tick."""
RUSH = 5
"""Clicks that wait for their ack at one moment from which on every draft takes in a new one with the next tick."""


def follow(db: Session, world: World, settings: Programme, session: WorkSession) -> None:
    """An impression came, changed or went: let the article follow, in the caller's transaction.

    The draft is made once every group has handed in, and made anew with every change (`may_wait` knows which can be
    taken in a little later). A published article stays as
    it was read, but for what was withdrawn or may no longer be read outside the group.
    """
    article = harvest.of_session(db, session.team, session.id)
    if article is None:
        if harvest.all_handed_in(db, session):
            make(db, world, settings, session, harvest.contributions(db, session))
        return
    contributions = harvest.contributions(db, session)
    if article.state is State.DRAFT:
        remade = _remade(world, settings, session, article, contributions)
        save_draft(db, world, settings, remade)
        _take_back_files(db, article, remade, world.now())
    else:
        _take_out(db, world, settings, article, contributions)


def may_wait(db: Session, world: World, impression: Impression) -> bool:
    """Say whether a draft may take in an impression a little later (`tick`): it holds many already, or many wait.

    Only one that is new: words that were changed or withdrawn leave the draft at once. To cut a draft costs time with
    every note that it holds, and whoever wrote one waits for it: of a hundred notes in two seconds each would wait
    for all before it, until Slack gives up, brings all of them again, and nothing is heard any more.
    """
    is_new = impression.version == 1 and impression.withdrawn_at is None
    most = AT_ONCE if world.acks.waiting < RUSH else 1
    return is_new and harvest.size_of_draft(db, impression.team, impression.work_session) >= most


async def tick(world: World, now: datetime) -> None:
    """Let every draft take in what came since it was last cut."""

    def lagging(db: Session) -> list[tuple[str, str]]:
        return [(one.team, each) for one in programme.programmes(db) for each in harvest.behind(db, one.team)]

    for team, session_id in await world.database.read(lagging):
        await world.write(partial(_take_in, world, team, session_id))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nothing is due at a moment of its own: a tick takes in what is there."""
    return None


def _take_in(world: World, team: str, session_id: str, db: Session) -> None:
    settings, session = programme.programme(db, team), worksessions.one(db, team, session_id)
    article = harvest.of_session(db, team, session_id)
    if settings is None or session is None or article is None or article.state is not State.DRAFT:
        return
    remade = _remade(world, settings, session, article, harvest.contributions(db, session))
    if not _is_same(remade, article):
        save_draft(db, world, settings, remade)
        _take_back_files(db, article, remade, world.now())


def _is_same(remade: Article, article: Article) -> bool:
    return replace(remade, version=article.version, updated_at=article.updated_at) == article


def answered(db: Session, world: World, settings: Programme, session: WorkSession) -> None:
    """A group answered, or its time is over: let a draft show it.

    It is made anew only when that changes what it says. Else it stays the version that the coordinator is reading, so
    that she can publish it.
    """
    article = harvest.of_session(db, session.team, session.id)
    if article is None or article.state is not State.DRAFT:
        return
    remade = _remade(world, settings, session, article, harvest.contributions(db, session))
    if _is_same(remade, article):
        owe_drafts(db, world, settings, article, why=world.ids("ch"))
    else:
        save_draft(db, world, settings, remade)
        _take_back_files(db, article, remade, world.now())


def make(
    db: Session, world: World, settings: Programme, session: WorkSession, contributions: list[Contribution]
) -> Article:
    """Make the first draft of a session, and owe it to the coordinators."""
    now = world.now()
    new = Article(world.ids("ar"), session.team, session.id, State.DRAFT, "", now, now, version=0)
    made = _remade(world, settings, session, new, contributions)
    save_draft(db, world, settings, made)
    return made


def _remade(
    world: World, settings: Programme, session: WorkSession, article: Article, contributions: list[Contribution]
) -> Article:
    before = article if article.version else None
    headline = article.headline
    if not article.headline_typed:
        words = world.channel_words(settings)
        topics = headline_topics(session, contributions)
        day = words.date(session.starts_at)
        named = words("harvest.headline", day=day, topics=words.list(topics))
        headline = named if topics else words("harvest.headline_bare", day=day)
    return replace(
        article,
        headline=headline,
        version=article.version + 1,
        updated_at=world.now(),
        sentences=compose(before, contributions, lambda: world.ids("as")),
        sources={i.id: i.version for found in contributions for i in found.impressions},
    )


def _take_out(
    db: Session, world: World, settings: Programme, article: Article, contributions: list[Contribution]
) -> None:
    by_group = {found.group.id: found for found in contributions}
    present = {i.id for found in contributions for i in found.impressions}
    shown = tuple(
        s
        for s in article.sentences
        if s.run.impression in present and s.group in by_group and by_group[s.group].shows(s.run)
    )
    sources = {source: version for source, version in article.sources.items() if source in present}
    leave(db, world, settings, article, shown, sources)


def take_out(db: Session, world: World, settings: Programme, session: WorkSession, sentences: Collection[str]) -> None:
    """Take sentences out of a published article, with everything that said them; a draft is cut anew by itself."""
    article = harvest.of_session(db, session.team, session.id)
    if article is not None and article.state is State.PUBLISHED:
        left = [s for s in article.sentences if s.id not in sentences]
        leave(db, world, settings, article, left, article.sources)


def leave(
    db: Session,
    world: World,
    settings: Programme,
    article: Article,
    sentences: Sequence[Sentence],
    sources: Mapping[str, int],
) -> None:
    """Leave only these sentences in a published article, and owe everybody who read the others the change."""
    if tuple(sentences) == article.sentences and sources == article.sources:
        return
    left = replace(
        article, version=article.version + 1, updated_at=world.now(), sentences=tuple(sentences), sources=sources
    )
    harvest.save(db, left)
    gone = [s.id for s in article.sentences if s not in left.sentences]
    digest.take_out(db, left.team, gone, left, world.now())
    for sentence in article.sentences:
        if sentence.id in gone:
            trail.take_out_said(db, left.team, sentence.run.impression, [sentence.run.text], world.now())
    theme_harvest.follow(db, world, left.team, gone, f"{left.id}v{left.version}")
    owe_article(db, world, settings, left)
    owe_drafts(db, world, settings, left)
    _take_back_files(db, article, left, world.now())


def show_anew(db: Session, world: World, settings: Programme, session: WorkSession, impression: str) -> None:
    """What stands beside the published words of an impression changed, such as a name: owe it to all who read it."""
    article = harvest.of_session(db, session.team, session.id)
    if article is None or article.state is not State.PUBLISHED:
        return  # a draft is made anew by itself
    if any(sentence.run.impression == impression for sentence in article.sentences):
        out = replace(article, version=article.version + 1, updated_at=world.now())
        harvest.save(db, out)
        owe_article(db, world, settings, out)
        owe_drafts(db, world, settings, out)
        delivery.replace_files(db, out.team, "harvest.file", out.id, f"v{out.version}", world.now())


def _take_back_files(db: Session, before: Article, after: Article, now: datetime) -> None:
    """A file that somebody got must not go on saying what was withdrawn: owe its removal, and a new one instead."""
    said = {sentence.run.text for sentence in after.sentences}
    if any(sentence.run.text not in said for sentence in before.sentences):
        delivery.replace_files(db, after.team, "harvest.file", after.id, f"v{after.version}", now)


def save_draft(db: Session, world: World, settings: Programme, article: Article) -> None:
    """Keep a changed draft, and owe the change to whoever has it. Raises Misquoted."""
    harvest.save(db, article)
    owe_drafts(db, world, settings, article)


def owe_drafts(db: Session, world: World, settings: Programme, article: Article, why: str | None = None) -> None:
    """Owe every coordinator the draft as it is now, and whoever was asked to read along.

    `why` names a change of what is shown around a version that stays the same.
    """
    edition = harvest.edition(db, article.team, article.id)
    assert edition is not None
    now_readers = readers(edition.session, programme.coordinators(db, article.team))
    for person in now_readers:
        pages = len(draft_pages(db, settings, edition, world.words_for(person, settings))[1])
        owe(db, world, article, "harvest.draft", person.user, pages, why)
    former = set(delivery.receivers(db, article.team, "harvest.draft", article.id)) - {p.user for p in now_readers}
    for user in sorted(former):  # what was withdrawn must not stay in the messages of who once was coordinator
        owe(db, world, article, "harvest.draft", user, 0, why)
    for user in delivery.receivers(db, article.team, "harvest.preview", article.id):
        owe_preview(db, world, settings, edition, user, why)


def owe_preview(
    db: Session, world: World, settings: Programme, edition: Edition, user: str, why: str | None = None
) -> None:
    """Owe a facilitator the part of the draft about the own groups, or the change of it."""
    words = world.words_for(programme.member(db, edition.article.team, user), settings)
    pages = len(views.preview(edition, user, words)[1])
    owe(db, world, edition.article, "harvest.preview", user, pages, why)


def owe(db: Session, world: World, article: Article, kind: str, user: str, pages: int, why: str | None = None) -> None:
    """Owe one person a version of the article of so many pages, or the change of it."""
    owe_pages(
        db,
        team=article.team,
        key=f"{kind}:{article.id}:{user}",
        kind=kind,
        arguments={"id": article.id, "user": user},
        pages=pages,
        version=why or article.version,
        now=world.now(),
        user=user,
    )


def owe_article(db: Session, world: World, settings: Programme, article: Article) -> None:
    """Owe the channel of the session the published article, or the change of it, and keep it as a version."""
    article_versions.record(db, article, world.now())
    edition = harvest.edition(db, article.team, article.id)
    assert edition is not None
    owe_pages(
        db,
        team=article.team,
        key=f"harvest.article:{article.id}",
        kind="harvest.article",
        arguments={"id": article.id},
        pages=len(views.article(edition, world.channel_words(settings), article_versions.changes(db, article))[1]),
        version=article.version,
        now=world.now(),
        channel=edition.session.channel,
    )
    owe_cards(db, world, edition.session, article)


def article_for(db: Session, team: str, article_id: str, asker: Asker, action: Action) -> Article:
    """Return an article to somebody who may do this with it. Raises Refused."""
    allow(asker.member, action)
    article = harvest.one(db, team, article_id)
    session = worksessions.one(db, team, article.work_session) if article else None
    if article is None or session is None or not readers(session, [asker.member]):
        raise Refused("harvest.gone")
    return article


def draft_for(db: Session, team: str, article_id: str, asker: Asker) -> Article:
    """Return an article that can still be edited. Raises Refused."""
    article = article_for(db, team, article_id, asker, Action.EDIT_ARTICLE)
    if article.state is State.PUBLISHED:
        raise Refused("harvest.published_stays")
    return article


def draft_pages(db: Session, settings: Programme, edition: Edition, words: Words) -> tuple[str, list[list[Any]]]:
    """Return what a coordinator reads of the article: a line, and the blocks of each page."""
    changes = article_versions.changes(db, edition.article)
    return views.draft(edition, programme.regions(db, settings.team), settings.region_word, words, changes)
