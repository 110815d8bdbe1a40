"""The article: a draft that follows the impressions, read and edited by the coordinator, published once."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.article import (
    HEADLINE_LENGTH,
    Article,
    Contribution,
    Edition,
    Part,
    Run,
    Sentence,
    State,
    compose,
    headline_topics,
    read_lines,
)
from bot.delivery import Operation
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow
from bot.worksessions import WorkSession
from handlers.delivery import Body
from handlers.posts import owe_pages, page_of
from handlers.routing import Answer, Click, Routes, metadata_of, problems_ack
from handlers.views import harvest as views
from handlers.views import harvest_document as documents
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, harvest, inbox, programme, selection, timetable, worksessions


def follow(db: Session, world: World, settings: Programme, session: WorkSession) -> None:
    """An impression came, changed or went: let the article follow, in the caller's transaction.

    The draft is made once every group has handed in, and made anew with every change. A published article stays as
    it was read, but for what was withdrawn.
    """
    article = harvest.of_session(db, session.team, session.id)
    contributions = harvest.contributions(db, session)
    if article is None:
        if contributions and all(found.impressions for found in contributions):
            _make(db, world, settings, session, contributions)
    elif article.state is State.DRAFT:
        _save_draft(db, world, settings, _remade(world, settings, session, article, contributions))
    else:
        _take_out_withdrawn(db, world, settings, article, contributions)


def _make(
    db: Session, world: World, settings: Programme, session: WorkSession, contributions: list[Contribution]
) -> Article:
    now = world.now()
    new = Article(world.ids("ar"), session.team, session.id, State.DRAFT, "", now, now, version=0)
    made = _remade(world, settings, session, new, contributions)
    _save_draft(db, world, settings, made)
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


def _take_out_withdrawn(
    db: Session, world: World, settings: Programme, article: Article, contributions: list[Contribution]
) -> None:
    present = {i.id for found in contributions for i in found.impressions}
    if all(source in present for source in article.sources):
        return
    left = replace(
        article,
        version=article.version + 1,
        updated_at=world.now(),
        sentences=tuple(s for s in article.sentences if s.run.impression in present),
        sources={source: version for source, version in article.sources.items() if source in present},
    )
    harvest.save(db, left)
    _owe_article(db, world, settings, left)
    _owe_drafts(db, world, settings, left)


def _save_draft(db: Session, world: World, settings: Programme, article: Article) -> None:
    harvest.save(db, article)
    _owe_drafts(db, world, settings, article)


def _owe_drafts(db: Session, world: World, settings: Programme, article: Article) -> None:
    """Owe every coordinator the draft as it is now, and whoever was asked to read along."""
    edition = harvest.edition(db, article.team, article.id)
    assert edition is not None
    for person in programme.coordinators(db, article.team):
        pages = len(_draft_pages(db, settings, edition, world.words_for(person, settings))[1])
        _owe(db, world, article, "harvest.draft", person.user, pages)
    for user in sorted({found.group.facilitator or "" for found in edition.contributions} - {""}):
        if delivery.parcel(db, article.team, f"harvest.preview:{article.id}:{user}") is not None:
            _owe_preview(db, world, settings, edition, user)


def _owe_preview(db: Session, world: World, settings: Programme, edition: Edition, user: str) -> None:
    words = world.words_for(programme.member(db, edition.article.team, user), settings)
    pages = len(views.preview(edition, user, words)[1])
    _owe(db, world, edition.article, "harvest.preview", user, pages)


def _owe(db: Session, world: World, article: Article, kind: str, user: str, pages: int) -> None:
    owe_pages(
        db,
        team=article.team,
        key=f"{kind}:{article.id}:{user}",
        kind=kind,
        arguments={"id": article.id, "user": user},
        pages=pages,
        version=article.version,
        now=world.now(),
        user=user,
    )


def _owe_article(db: Session, world: World, settings: Programme, article: Article) -> None:
    edition = harvest.edition(db, article.team, article.id)
    assert edition is not None
    owe_pages(
        db,
        team=article.team,
        key=f"harvest.article:{article.id}",
        kind="harvest.article",
        arguments={"id": article.id},
        pages=len(views.article(edition, world.channel_words(settings))[1]),
        version=article.version,
        now=world.now(),
        channel=edition.session.channel,
    )


async def show_draft(click: Click, world: World) -> Answer:
    """The coordinator asks for the draft; it is made, also while groups are missing, and sent to her."""
    asker, link = await world.write(partial(_show_draft, click, world))
    return Answer(then=[world.whisper(click, views.draft_place(link, asker.words))])


def _show_draft(click: Click, world: World, db: Session) -> tuple[Asker, str | None]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_DRAFT)
    session = worksessions.one(db, click.team, click.value)
    if session is None:
        raise Refused("worksessions.gone")
    article = harvest.of_session(db, click.team, session.id)
    if article is None:
        contributions = harvest.contributions(db, session)
        if not any(found.impressions for found in contributions):
            raise Refused("harvest.nothing_yet")
        article = _make(db, world, asker.settings, session, contributions)
    key = f"harvest.draft:{article.id}:{click.user}"
    if delivery.parcel(db, click.team, key) is None:
        edition = harvest.edition(db, click.team, article.id)
        assert edition is not None
        pages = len(_draft_pages(db, asker.settings, edition, asker.words)[1])
        _owe(db, world, article, "harvest.draft", click.user, pages)
    at = delivery.sent(db, click.team, key)
    return asker, delivery.link(*at) if at else None


async def publish(click: Click, world: World) -> Answer:
    """The coordinator publishes what she read: it is everybody's and its posts are owed, all in one transaction."""
    await world.write(partial(_publish, click, world))
    return Answer()


def _publish(click: Click, world: World, db: Session) -> None:
    asker, now = world.asker(db, click), world.now()
    article_id, _, version = click.value.partition(":")
    article = _article(db, click.team, article_id, asker, Action.PUBLISH)
    if inbox.seen(db, click.team, click.key):
        return
    if article.state is State.PUBLISHED:
        name = programme.member(db, click.team, article.published_by or "").name
        raise Refused("harvest.published_already", name=name)
    if not article.sentences:
        raise Refused("harvest.nothing_to_publish")
    if version != str(article.version):
        raise Refused("harvest.changed_since")
    inbox.first(db, click.team, click.key, now)
    out = replace(
        article,
        state=State.PUBLISHED,
        version=article.version + 1,
        updated_at=now,
        published_at=now,
        published_by=click.user,
    )
    harvest.save(db, out)
    _owe_article(db, world, asker.settings, out)
    _owe_drafts(db, world, asker.settings, out)
    delivery.plan(
        db,
        team=click.team,
        key=f"followup.proposal:{out.work_session}",
        kind="followup.proposal",
        arguments={"id": out.work_session},
        user=click.user,
        now=now,
    )


async def open_edit(click: Click, world: World) -> Answer:
    """The coordinator wants to remove or move sentences, or another headline."""
    form_id = world.ids("fm")

    def keep(db: Session) -> tuple[Asker, Edition]:
        asker = world.asker(db, click)
        article = _draft_of(db, click.team, click.value, asker)
        edition = harvest.edition(db, click.team, article.id)
        assert edition is not None
        data = {"article": article.id, "sources": dict(article.sources)}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, edition

    asker, edition = await world.database.write(keep)
    return Answer(then=[world.open(click, views.edit_form(form_id, edition, asker.words))])


async def save_edit(click: Click, world: World) -> Answer:
    """The form was handed in: every line is held against what the group wrote before anything is kept."""
    asker, problems = await world.write(partial(_save_edit, click, world))
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _save_edit(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem]]:
    asker, form_id = world.asker(db, click), metadata_of(click).get("form", "")
    if inbox.seen(db, click.team, click.key):
        return asker, []
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None:
        raise Refused("harvest.gone")
    article = _draft_of(db, click.team, str(data["article"]), asker)
    session = worksessions.one(db, click.team, article.work_session)
    assert session is not None
    headline = " ".join(click.text("headline").split())
    problems = [] if headline else [Problem("headline", "harvest.problem.headline")]
    if len(headline) > HEADLINE_LENGTH:
        problems.append(Problem("headline", "worksessions.problem.too_long", {"most": 150, "now": len(headline)}))
    sentences: list[Sentence] = []
    for contribution in harvest.contributions(db, session):
        mine = [s for s in article.sentences if s.group == contribution.group.id]
        kept, wrong = _edited(click, contribution, mine, dict(data["sources"]), world)
        sentences += kept
        problems += wrong
    if problems:
        return asker, problems
    inbox.first(db, click.team, click.key, world.now())
    worksessions.drop_form(db, form_id)
    changed = replace(
        article,
        headline=headline,
        headline_typed=article.headline_typed or headline != article.headline,
        edited=True,
        version=article.version + 1,
        updated_at=world.now(),
        sentences=tuple(sentences),
    )
    _save_draft(db, world, asker.settings, changed)
    return asker, []


def _edited(
    click: Click, contribution: Contribution, mine: list[Sentence], seen: Mapping[str, Any], world: World
) -> tuple[list[Sentence], list[Problem]]:
    """The sentences of one group after the edit. What came in while the form was open stays, as nobody judged it."""
    names = sorted(
        (name for name in click.fields if name.startswith(f"lines:{contribution.group.id}:")),
        key=lambda name: int(name.rpartition(":")[2]) if name.rpartition(":")[2].isdigit() else 0,
    )
    if not names:
        return mine, []
    unseen = [s for s in mine if seen.get(s.run.impression) != s.run.version]
    known = [s.run for s in mine if s not in unseen]
    runs: list[Run] = []
    for name in names:
        found, problems = read_lines(name, click.text(name), contribution, known)
        if problems:
            return [], problems
        runs += [run for run in found if run.place not in {r.place for r in runs}]
    ids = {s.run.place: s.id for s in mine}
    fresh = {s.run.place for s in unseen}
    runs.sort(key=lambda run: list(Part).index(run.part))
    kept = [
        Sentence(ids.get(run.place) or world.ids("as"), contribution.group.id, run)
        for run in runs
        if run.place not in fresh
    ]
    return [*kept, *unseen], []


async def more(click: Click, world: World) -> Answer:
    """The menu beside the draft: as a file, or to the facilitators to read along."""
    what, _, article_id = click.value.partition(":")

    def save(db: Session) -> tuple[Asker, int]:
        asker, now = world.asker(db, click), world.now()
        article = _article(db, click.team, article_id, asker, Action.SEE_DRAFT)
        if what in documents.FORMATS:
            delivery.plan(
                db,
                team=click.team,
                key=f"harvest.file:{article.id}:{what}:{click.key}",
                kind="harvest.file",
                arguments={"id": article.id, "format": what},
                user=click.user,
                operation=Operation.FILE,
                now=now,
            )
            return asker, 0
        edition = harvest.edition(db, click.team, article.id)
        assert edition is not None
        users = sorted({c.group.facilitator for c in edition.contributions if c.group.facilitator})
        for user in users:
            _owe_preview(db, world, asker.settings, edition, user)
        return asker, len(users)

    asker, readers = await world.write(save)
    words = asker.words
    text = words("harvest.file_coming") if what in documents.FORMATS else words.count("harvest.sent_along", readers)
    return Answer(then=[world.whisper(click, text)])


async def remind(click: Click, world: World) -> Answer:
    """The coordinator reminds the facilitator of a group that has not handed in, at most once a day."""

    def save(db: Session) -> tuple[Asker, str, int]:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.REMIND)
        group = selection.group(db, click.team, click.value)
        if group is None:
            raise Refused("worksessions.gone")
        if group.facilitator is None:
            raise Refused("harvest.nobody_to_remind", group=group.number)
        if any(g.group_id == group.id and not g.missing for g in harvest.board(db, click.team, group.work_session)):
            raise Refused("harvest.handed_in_already", group=group.number)
        day = now.astimezone(asker.words.zone).date().isoformat()
        if not timetable.take(db, click.team, f"harvest.remind:{group.id}", day, now, now):
            raise Refused("harvest.reminded_today", group=group.number)
        delivery.plan(
            db,
            team=click.team,
            key=f"impressions.ask:{group.id}:{day}",
            kind="impressions.ask",
            arguments={"id": group.id},
            user=group.facilitator,
            now=now,
        )
        return asker, group.facilitator, group.number

    asker, user, number = await world.write(save)
    return Answer(then=[world.whisper(click, views.reminded(user, number, asker.words))])


def _article(db: Session, team: str, article_id: str, asker: Asker, action: Action) -> Article:
    allow(asker.member, action)
    article = harvest.one(db, team, article_id)
    if article is None:
        raise Refused("harvest.gone")
    return article


def _draft_of(db: Session, team: str, article_id: str, asker: Asker) -> Article:
    article = _article(db, team, article_id, asker, Action.EDIT_ARTICLE)
    if article.state is State.PUBLISHED:
        raise Refused("harvest.published_stays")
    return article


def _draft_pages(db: Session, settings: Programme, edition: Edition, words: Words) -> tuple[str, list[list[Any]]]:
    return views.draft(edition, programme.regions(db, settings.team), settings.region_word, words)


def draft(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The draft in the coordinator's messages."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    text, pages = _draft_pages(db, settings, edition, words)
    return page_of(text, pages, int(arguments["page"]), words)


def preview(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The draft in a facilitator's messages, without the other groups: those are not everybody's yet."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    text, pages = views.preview(edition, str(arguments["user"]), words)
    return page_of(text, pages, int(arguments["page"]), words)


def article(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The published article in the channel of its session."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None or edition.article.state is not State.PUBLISHED:
        return None
    text, pages = views.article(edition, words)
    return page_of(text, pages, int(arguments["page"]), words)


def file(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The article as a file."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    name, content = documents.document(edition, str(arguments["format"]), words)
    return Body(words("harvest.file", name=name), file=content.encode(), file_name=name)


ROUTES = Routes(
    actions={
        "harvest.draft": show_draft,
        "harvest.publish": publish,
        "harvest.edit": open_edit,
        "harvest.more": more,
        "harvest.remind": remind,
    },
    forms={"harvest.edit": save_edit},
)
MESSAGES = {
    "harvest.draft": draft,
    "harvest.preview": preview,
    "harvest.article": article,
    "harvest.file": file,
}
