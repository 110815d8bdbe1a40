"""After publication: the sentences that a change touches are listed, and the coordinator lets each change in or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.article import Article, Run, Sentence, State, readers
from bot.impressions import Impression, SignOffState, Standing
from bot.impressions.revising import Revision, Touched, touched
from bot.problem import Refused
from bot.programme import Action, Programme, may
from bot.promises import WAITING, Place
from bot.promises import names as names_person
from bot.worksessions import WorkSession
from handlers import digest, theme_harvest
from handlers.delivery import Body
from handlers.harvest import drafting
from handlers.harvest.drafting import article_for, leave, owe_article, owe_drafts
from handlers.posts import owe_change, owe_pages, page_of
from handlers.routing import Answer, Click
from handlers.views import harvest_revising as views
from handlers.views import impressions_signing as signing
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, harvest, impressions, inbox, programme, promises, revisions, selection, worksessions

CHANGE, OBJECTION = "change", "objection"
"""Why a coordinator is asked: other words, or somebody of the group who says that they are not right."""
UPDATE, LEAVE = "update", "leave"


@dataclass(frozen=True)
class _Asked:
    """One question to the coordinators, with everything that decides it."""

    article: Article
    session: WorkSession
    impression: Impression
    revision: Revision
    standing: Standing


def follow(db: Session, world: World, settings: Programme, session: WorkSession, *, by_rule: bool = False) -> None:
    """An impression came, changed or went: let the article follow, in the caller's transaction.

    A draft is made anew. Of a published article what was withdrawn, or may no longer be read outside the group, goes
    at once; what else was changed is asked about, but for what only a rule changed (`by_rule`: a name was masked).
    """
    drafting.follow(db, world, settings, session)
    if not by_rule:
        revise(db, world, settings, session)


def revise(db: Session, world: World, settings: Programme, session: WorkSession) -> None:
    """Point published sentences at where their words stand now, and ask about those whose words are gone."""
    article = harvest.of_session(db, session.team, session.id)
    if article is None or article.state is not State.PUBLISHED:
        return
    moved: dict[str, Sentence] = {}
    for impression in impressions.of_session(db, session.team, session.id):
        found = _revision(db, article, impression)
        moved |= {sentence.id: sentence for sentence in found.moved}
        if found.touched:
            _ask(db, world, settings, article, session, impression, CHANGE)
    if moved:  # the same words: nobody who read them has to be told
        harvest.save(db, replace(article, sentences=tuple(moved.get(s.id, s) for s in article.sentences)))
    repaint(db, world, article)


def hear(db: Session, world: World, settings: Programme, session: WorkSession, impression: Impression) -> None:
    """The group of an impression answered, or its time is over: let the draft, or the questions about it, follow.

    An objection to words that are published is told to the coordinators.
    """
    article = harvest.of_session(db, session.team, session.id)
    if article is None or article.state is not State.PUBLISHED:
        drafting.answered(db, world, settings, session)
        return
    group = selection.group(db, session.team, impression.group)
    cited = [s for s in article.sentences if s.run.impression == impression.id and s.run.version == impression.version]
    if group and cited and impressions.standing_of(db, session, group, impression).objections:
        _ask(db, world, settings, article, session, impression, OBJECTION)
    repaint(db, world, article)


def repaint(db: Session, world: World, article: Article) -> None:
    """Owe every question about an article as it stands now; the words of what was withdrawn are in none of them."""
    for key in delivery.keys(db, article.team, "harvest.touched", article.id):
        owe_change(db, world, article.team, key)


def _revision(db: Session, article: Article, impression: Impression) -> Revision:
    """Hold the published sentences of an impression, each in the version that was read, against what it says now."""
    stale = [s for s in article.sentences if s.run.impression == impression.id and s.run.version != impression.version]
    moved: list[Sentence] = []
    changed: list[Touched] = []
    for number in sorted({s.run.version for s in stale}):
        known = impressions.version(db, article.team, impression.id, number)
        found = touched([s for s in stale if s.run.version == number], known.contents if known else None, impression)
        moved += found.moved
        changed += found.touched
    order = [s.id for s in article.sentences]
    return Revision(tuple(moved), tuple(sorted(changed, key=lambda one: order.index(one.sentence.id))))


def _ask(
    db: Session,
    world: World,
    settings: Programme,
    article: Article,
    session: WorkSession,
    impression: Impression,
    cause: str,
) -> None:
    for person in readers(session, programme.coordinators(db, article.team)):
        arguments = {
            "id": article.id,
            "impression": impression.id,
            "version": impression.version,
            "cause": cause,
            "user": person.user,
        }
        key = f"harvest.touched:{article.id}:{impression.id}:v{impression.version}:{cause}:{person.user}"
        if delivery.parcel(db, article.team, key) is None:
            _, pages = _drawn(db, settings, arguments, world.words_for(person, settings))
            owe_pages(
                db,
                team=article.team,
                key=key,
                kind="harvest.touched",
                arguments=arguments,
                pages=len(pages),
                version=impression.version,
                now=world.now(),
                user=person.user,
            )


async def decide(click: Click, world: World) -> Answer:
    """The coordinator lets a change in, or leaves what was published as it was read."""
    await world.write(partial(_decide, click, world))
    return Answer()


def _decide(click: Click, world: World, db: Session) -> None:
    asker, now = world.asker(db, click), world.now()
    article_id, impression_id, number, cause = (*click.value.split(":"), "", "", "")[:4]
    article = article_for(db, click.team, article_id, asker, Action.EDIT_ARTICLE)
    if inbox.seen(db, click.team, click.key):
        return
    impressions.hold(db, click.team, [impression_id])
    impression = impressions.one(db, click.team, impression_id)
    if impression is None or impression.withdrawn_at is not None or impression.work_session != article.work_session:
        raise Refused("impressions.gone")
    if number != str(impression.version) or click.argument not in (UPDATE, LEAVE):
        raise Refused("harvest.revise_changed")
    decided = revisions.decision(db, article, impression.id, impression.version, cause)
    if decided is not None:
        raise Refused("harvest.revised_already", name=programme.member(db, click.team, decided.by).name)
    asked = _asked(db, article, impression, now=now)
    if click.argument == UPDATE:
        _update(db, world, asker, asked, cause)
    inbox.first(db, click.team, click.key, now)
    revisions.decide(db, article, impression, cause, click.argument, click.user, now)
    repaint(db, world, article)


def _asked(db: Session, article: Article, impression: Impression, now: Any = None) -> _Asked:
    session = worksessions.one(db, article.team, article.work_session)
    group = selection.group(db, article.team, impression.group)
    assert session is not None and group is not None
    standing = impressions.standing_of(db, session, group, impression, now)
    return _Asked(article, session, impression, _revision(db, article, impression), standing)


def _update(db: Session, world: World, asker: Asker, asked: _Asked, cause: str) -> None:
    article, impression = asked.article, asked.impression
    if cause == OBJECTION:
        gone = [s for s in article.sentences if _cited(s, impression)]
        leave(db, world, asker.settings, article, [s for s in article.sentences if s not in gone], article.sources)
        return
    new = {one.sentence.id: one.new for one in asked.revision.touched}
    if any(new.values()):
        _refuse_unless_agreed(asker, asked)
        _refuse_unanswered(db, impression, [run for run in new.values() if run is not None])
    sentences = []
    for sentence in article.sentences:
        run = new.get(sentence.id, sentence.run)
        if run is not None:
            sentences.append(replace(sentence, run=run))
    out = replace(
        article,
        version=article.version + 1,
        updated_at=world.now(),
        sentences=tuple(sentences),
        sources={**article.sources, impression.id: impression.version},
    )
    harvest.save(db, out)
    digest.take_out(db, out.team, sorted(new), out, world.now())
    theme_harvest.follow(db, world, out.team, sorted(new), f"{out.id}v{out.version}")
    owe_article(db, world, asker.settings, out)
    owe_drafts(db, world, asker.settings, out)
    delivery.replace_files(db, out.team, "harvest.file", out.id, f"v{out.version}", world.now())


def _refuse_unanswered(db: Session, impression: Impression, runs: Sequence[Run]) -> None:
    """New words that somebody was asked to stand for, or that name them, wait for their yes as in a draft."""
    waiting = [each for each in promises.of_impression(db, impression.team, impression.id) if each.state in WAITING]
    names = {member.user: member.name for member in programme.members(db, impression.team, {p.owner for p in waiting})}
    for run in runs:
        at = Place(run.impression, run.field, run.start, run.end)
        for each in waiting:
            named = each.owner in names and names_person(run.text, names[each.owner])
            if named or (each.place is not None and each.place.overlaps(at)):
                raise Refused("harvest.revise_promise")


def _refuse_unless_agreed(asker: Asker, asked: _Asked) -> None:
    """New words are published when their group stands behind them, and not before."""
    state = asked.standing.state
    if state is SignOffState.OPEN:
        at = signing.until(asked.session, asked.standing, asker.words)
        raise Refused("harvest.revise_open", until=at)
    if state is not SignOffState.AGREED:
        raise Refused("harvest.revise_not_agreed")


def _cited(sentence: Sentence, impression: Impression) -> bool:
    return sentence.run.impression == impression.id and sentence.run.version == impression.version


def question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The published sentences that a change or an objection touches, for a coordinator."""
    text, pages = _drawn(db, settings, arguments, words)
    return page_of(text, pages, int(arguments["page"]), words)


def _drawn(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> tuple[str, list[list[Any]]]:
    article = harvest.one(db, settings.team, str(arguments["id"]))
    impression = impressions.one(db, settings.team, str(arguments["impression"]))
    reader = programme.member(db, settings.team, str(arguments["user"]))
    if article is None or impression is None or impression.withdrawn_at is not None:
        return views.over("gone", words)
    session = worksessions.one(db, settings.team, article.work_session)
    if session is None or not may(reader, Action.EDIT_ARTICLE) or not readers(session, [reader]):
        return views.over("gone", words)
    cause, version = str(arguments["cause"]), int(arguments["version"])
    decided = revisions.decision(db, article, impression.id, version, cause)
    if decided is not None:
        name = programme.member(db, settings.team, decided.by).name
        return views.decided(decided.decision, name, decided.at, words)
    if impression.version != version:
        return views.over("newer", words)
    asked = _asked(db, article, impression)
    value = f"{article.id}:{impression.id}:{version}:{cause}"
    group = selection.group(db, settings.team, impression.group)
    assert group is not None
    if cause == OBJECTION:
        names = {
            m.user: m.name for m in programme.members(db, settings.team, [o.user for o in asked.standing.objections])
        }
        cited = [s for s in article.sentences if _cited(s, impression)]
        if not asked.standing.objections or not cited:
            return views.over("settled", words)
        return views.objected(group, cited, asked.standing, names, value, words)
    if not asked.revision.touched:
        return views.over("settled", words)
    return views.changed(session, group, asked.revision.touched, asked.standing, value, words)
