"""The coordinator asks for the draft, takes it along as a file, lets others read along, and publishes."""

from dataclasses import replace
from functools import partial

from sqlmodel import Session

from bot.article import Article, State, readers
from bot.delivery import Operation
from bot.impressions import SignOffState
from bot.problem import Refused
from bot.programme import Action, allow
from handlers.documents import COMMAND, FORMATS, installed
from handlers.harvest.drafting import article_for, draft_pages, make, owe, owe_article, owe_drafts, owe_preview
from handlers.routing import Answer, Click
from handlers.views import harvest as views
from handlers.views import impressions_signing as signing
from handlers.world import Asker, World
from storage import audit, delivery, harvest, impressions, inbox, programme, worksessions
from storage.audit import Deed


async def show_draft(click: Click, world: World) -> Answer:
    """The coordinator asks for the draft; it is made, also while groups are missing, and sent to her."""
    asker, link = await world.write(partial(_show_draft, click, world))
    return Answer(then=[world.whisper(click, views.draft_place(link, asker.words))])


def _show_draft(click: Click, world: World, db: Session) -> tuple[Asker, str | None]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_DRAFT)
    session = worksessions.one(db, click.team, click.value)
    if session is None or not readers(session, [asker.member]):
        raise Refused("worksessions.gone")
    article = harvest.of_session(db, click.team, session.id)
    if article is None:
        contributions = harvest.contributions(db, session)
        if not any(found.impressions for found in contributions):
            raise Refused("harvest.nothing_yet")
        article = make(db, world, asker.settings, session, contributions)
    key = f"harvest.draft:{article.id}:{click.user}"
    if delivery.parcel(db, click.team, key) is None:
        edition = harvest.edition(db, click.team, article.id)
        assert edition is not None
        pages = len(draft_pages(db, asker.settings, edition, asker.words)[1])
        owe(db, world, article, "harvest.draft", click.user, pages)
    at = delivery.sent(db, click.team, key)
    return asker, delivery.link(*at) if at else None


async def more(click: Click, world: World) -> Answer:
    """The menu beside the draft: as a file, or to the facilitators to read along."""
    what, _, article_id = click.value.partition(":")

    def save(db: Session) -> tuple[Asker, int]:
        asker, now = world.asker(db, click), world.now()
        article = article_for(db, click.team, article_id, asker, Action.SEE_DRAFT)
        if what in FORMATS:
            if not installed(what):
                raise Refused("documents.not_installed", command=COMMAND)
            inbox.first(db, click.team, click.key, now)
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
        inbox.first(db, click.team, click.key, now)
        users = sorted({c.group.facilitator for c in edition.contributions if c.group.facilitator})
        for user in users:
            owe_preview(db, world, asker.settings, edition, user)
        return asker, len(users)

    asker, readers = await world.write(save)
    words = asker.words
    text = words("harvest.file_coming") if what in FORMATS else words.count("harvest.sent_along", readers)
    return Answer(then=[world.whisper(click, text)])


async def publish(click: Click, world: World) -> Answer:
    """The coordinator publishes what she read: it is everybody's and its posts are owed, all in one transaction."""
    await world.write(partial(_publish, click, world))
    return Answer()


def _publish(click: Click, world: World, db: Session) -> None:
    asker, now = world.asker(db, click), world.now()
    article_id, _, version = click.value.partition(":")
    article = article_for(db, click.team, article_id, asker, Action.PUBLISH)
    if inbox.seen(db, click.team, click.key):
        return
    if article.state is State.PUBLISHED:
        name = programme.member(db, click.team, article.published_by or "").name
        raise Refused("harvest.published_already", name=name)
    if not article.sentences:
        raise Refused("harvest.nothing_to_publish")
    if version != str(article.version) or harvest.behind(db, click.team, article.work_session):
        raise Refused("harvest.changed_since")
    _refuse_while_open(db, world, asker, article)
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
    audit.record(db, click.team, Deed.PUBLISHED, now, actor=click.user, subject=out.id)
    owe_article(db, world, asker.settings, out)
    owe_drafts(db, world, asker.settings, out)
    session = worksessions.one(db, click.team, out.work_session)
    if session is not None and session.is_practice:
        return  # a next date would invite everybody
    delivery.plan(
        db,
        team=click.team,
        key=f"followup.proposal:{out.work_session}",
        kind="followup.proposal",
        arguments={"id": out.work_session},
        user=click.user,
        now=now,
    )


def _refuse_while_open(db: Session, world: World, asker: Asker, article: Article) -> None:
    """A group that can still say that it is not right must not read its words in the channel first."""
    impressions.hold(db, article.team, article.sources)
    edition = harvest.edition(db, article.team, article.id)
    assert edition is not None
    groups = [c.group for c in edition.contributions]
    told = [i for c in edition.contributions for i in c.impressions if i.id in article.sources]
    stands = impressions.standings(db, edition.session, groups, told, world.now())
    waiting = [one for one in stands.values() if one.state is SignOffState.OPEN]
    if waiting:
        numbers = sorted({group.number for group in groups for one in waiting if group.id == one.group})
        last = max(one.until for one in waiting)
        at = signing.moment(last, asker.words.in_zone(edition.session.timezone))
        raise Refused("harvest.still_open", groups=asker.words.list([str(number) for number in numbers]), until=at)
