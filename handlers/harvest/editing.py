"""Lines of the draft are removed or moved; what nobody wrote does not come in."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.article import HEADLINE_LENGTH, NEWS_LENGTH, Contribution, Edition, Part, Run, Sentence, read_lines
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from handlers.harvest.drafting import draft_for, save_draft
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import harvest_edit as views
from handlers.world import Asker, World
from storage import harvest, inbox, worksessions


async def open_edit(click: Click, world: World) -> Answer:
    """The coordinator wants to remove or move sentences, or another headline."""
    form_id = world.ids("fm")

    def keep(db: Session) -> tuple[Asker, Edition]:
        asker = world.asker(db, click)
        article = draft_for(db, click.team, click.value, asker)
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
    allow(asker.member, Action.EDIT_ARTICLE)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None:
        raise Refused("harvest.gone")
    article = draft_for(db, click.team, str(data["article"]), asker)
    session = worksessions.one(db, click.team, article.work_session)
    assert session is not None
    headline = " ".join(click.text("headline").split())
    problems = [] if headline else [Problem("headline", "harvest.problem.headline")]
    if len(headline) > HEADLINE_LENGTH:
        values = {"most": HEADLINE_LENGTH, "now": len(headline)}
        problems.append(Problem("headline", "worksessions.problem.too_long", values))
    news = click.text("news").strip() if "news" in click.fields else article.news
    if len(news) > NEWS_LENGTH:
        values = {"most": NEWS_LENGTH, "now": len(news)}
        problems.append(Problem("news", "worksessions.problem.too_long", values))
    screened = check_texts(db, asker.settings, session.id, {"headline": headline, "news": news})
    headline, news = screened.texts["headline"], screened.texts["news"]
    problems += screened.problems
    sentences: list[Sentence] = []
    for contribution in harvest.contributions(db, session):
        mine = [s for s in article.sentences if s.group == contribution.group.id]
        kept, wrong = _edited(click, contribution, mine, dict(data["sources"]), world)
        sentences += kept
        problems += wrong
    if problems:
        return asker, problems
    inbox.first(db, click.team, click.key, world.now())
    worksessions.drop_form(db, click.team, form_id)
    changed = replace(
        article,
        headline=headline,
        headline_typed=article.headline_typed or headline != article.headline,
        edited=True,
        news=news,
        news_by=article.news_by if news == article.news else click.user,
        version=article.version + 1,
        updated_at=world.now(),
        sentences=tuple(sentences),
    )
    save_draft(db, world, asker.settings, changed)
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
