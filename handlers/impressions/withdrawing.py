"""Whoever is quoted takes the words back, at any time: they go from everywhere, and that they are gone is confirmed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.article import State, readers
from bot.impressions import Impression, Source, change, check
from bot.impressions.consent import Withdrawal, owns, stands_also, taken_back_mark, without
from bot.problem import Refused
from bot.programme import Action, Place, Programme, allow, missing
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import harvest
from handlers.delivery import Body
from handlers.impressions.keeping import group_of, keep, owe_post
from handlers.impressions.owing import owe_card, owe_questions
from handlers.impressions.signing import signable
from handlers.posts import owe_change
from handlers.routing import Answer, Click, metadata_of
from handlers.themes import unnaming
from handlers.views import impressions_consent as views
from handlers.words import Words
from handlers.world import World
from storage import audit, delivery, digest, drafts, impressions, inbox, programme, tombstones, trail
from storage import harvest as articles
from storage.audit import Deed


async def withdraw_quote(click: Click, world: World) -> Answer:
    """Somebody takes back what they were named for, from the question they got or from their Home."""

    def save(db: Session) -> None:
        impression_id, _, number = click.value.partition(":")
        asker = world.asker(db, click)
        impression = impressions.one(db, click.team, impression_id)
        if impression is None or impression.withdrawn_at is not None:
            raise missing(asker.member, Action.ANSWER_QUOTE, "impressions.gone")
        version = int(number) if number.isdecimal() else 0
        words = impressions.asked_words(db, click.team, impression.id, version)
        asked = impressions.asked_speakers(db, click.team, impression.id)
        theirs = owns(impression, click.user, version, words, asked)
        if inbox.seen(db, click.team, click.key):
            return
        allow(asker.member, Action.ANSWER_QUOTE, Place(wrote=theirs))
        if not words:
            raise Refused("impressions.consent.gone_already")
        inbox.first(db, click.team, click.key, world.now())
        session, group = group_of(db, click.team, impression.group)
        found = take_back(db, world, asker.settings, session, group, impression, version, click.user)
        _owe_word(db, world, session, impression, found)

    await world.write(save)
    return Answer()


async def open_own_quote(click: Click, world: World) -> Answer:
    """Somebody of the group says that a quote without a name is theirs: show it before it goes."""
    asker, group, impression = await world.database.read(partial(_unnamed, world, click, click.value))
    return Answer(then=[world.open(click, views.own_quote_form(group, impression, asker.words))])


async def withdraw_own_quote(click: Click, world: World) -> Answer:
    """They are sure."""

    def save(db: Session) -> None:
        if inbox.seen(db, click.team, click.key):
            return
        given = metadata_of(click)
        value = f"{given.get('impression', '')}:{given.get('version', '')}"
        asker, group, impression = _unnamed(world, click, value, db)
        session, _ = group_of(db, click.team, group.id)
        inbox.first(db, click.team, click.key, world.now())
        found = take_back(db, world, asker.settings, session, group, impression, impression.version, click.user)
        _owe_word(db, world, session, impression, found)

    await world.write(save)
    return Answer()


def _unnamed(world: World, click: Click, value: str, db: Session) -> tuple[Any, Group, Impression]:
    asker, _, group, impression = signable(db, world, click, value, writes=click.kind == "form")
    if not impression.contents.quote.strip():
        raise Refused("impressions.consent.gone_already")
    if impression.quote_by not in ("", click.user):
        raise Refused("impressions.consent.anothers")
    return asker, group, impression


def take_back(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    version: int,
    by: str,
) -> Withdrawal:
    """Erase the quote of a version wherever it stands, and owe everybody who read it the change."""
    now = world.now()
    words = impressions.asked_words(db, impression.team, impression.id, version)
    article = articles.of_session(db, session.team, session.id)
    saying = [
        s
        for s in (article.sentences if article else ())
        if s.run.impression == impression.id and s.run.field == "quote" and s.run.text in words
    ]
    places = [] if impression.source is Source.REPLY else ["thread"]
    places += ["versions"]
    if article and saying:
        places.append("article" if article.state is State.PUBLISHED else "draft")
        places += ["digest"] if digest.saying(db, session.team, [s.id for s in saying]) else []
    if impression.source in (Source.REPLY, Source.MESSAGE):
        places.append("message")
    also = stands_also(impression.contents, words)
    found = Withdrawal(
        impression.id, version, by, now, taken_back_mark(words), tuple(places), tuple(also), impression.version
    )
    without_it = replace(impression, contents=replace(impression.contents, quote=""))
    names = unnaming.names_of(db, impression, without_it) if impression.contents.quote == words else []
    impressions.erase_quote(db, impression, version, now)
    impressions.withdrew(db, session.team, found)
    details = {"version": version}
    audit.record(db, session.team, Deed.QUOTE_TAKEN_BACK, now, actor=by, subject=impression.id, details=details)
    drafts.drop_about(db, session.team, impression.id)
    erased = impressions.one(db, session.team, impression.id)
    assert erased is not None
    owe_post(db, world, settings, session, group, erased, why=world.ids("ch"))
    owe_change(db, world, erased.team, f"impressions.shared:{erased.id}:{erased.author}")
    owe_card(db, world, session, group, erased)
    owe_questions(db, world, erased)
    trail.take_out_said(db, session.team, erased.id, [words], now)
    trail.replace_reports(db, session.team, [erased.id], f"{erased.id}q{version}", now)
    unnaming.let_names_go(db, world, settings, erased, names)
    harvest.take_out(db, world, settings, session, [s.id for s in saying])
    harvest.follow(db, world, settings, session)
    return found


def _owe_word(db: Session, world: World, session: WorkSession, impression: Impression, found: Withdrawal) -> None:
    """Owe whoever took it back the confirmation, and the coordinators one line without the words.

    The message from which it was taken is its writer's, in Slack: they are asked to take it out there as well.
    """
    subject = f"{found.impression}:v{found.version}"
    common: dict[str, Any] = {"team": session.team, "now": world.now()}
    arguments = {"id": found.impression, "version": found.version}
    delivery.plan(
        db,
        key=f"impressions.quote_gone:{subject}",
        kind="impressions.quote_gone",
        arguments=arguments,
        user=found.by,
        **common,
    )
    hear = {person.user for person in readers(session, programme.coordinators(db, session.team))}
    if "message" in found.places:
        hear.add(impression.author)
    for user in sorted(hear - {found.by}):
        delivery.plan(
            db,
            key=f"impressions.quote_told:{subject}:{user}",
            kind="impressions.quote_told",
            arguments={**arguments, "user": user},
            user=user,
            **common,
        )


async def remove_also(click: Click, world: World) -> Answer:
    """The same words stand in another part: who took the quote back lets the sentence go as well."""
    await world.write(partial(_remove_also, click, world))
    return Answer()


def _remove_also(click: Click, world: World, db: Session) -> None:
    impression_id, _, number = click.value.partition(":")
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, impression_id)
    found = impressions.withdrawal(db, click.team, impression_id, int(number) if number.isdecimal() else 0)
    if impression is None or impression.withdrawn_at is not None or found is None:
        raise missing(asker.member, Action.ANSWER_QUOTE, "impressions.gone")
    allow(asker.member, Action.ANSWER_QUOTE, Place(wrote=found.by == click.user))
    if inbox.seen(db, click.team, click.key):
        return
    if impression.version != found.also_in or not found.also:
        raise Refused("impressions.sign.changed_since")
    contents = without(impression.contents, found.also)
    if check(contents):
        raise Refused("impressions.consent.nothing_left")
    inbox.first(db, click.team, click.key, world.now())
    tombstones.record(db, click.team, "quote_also", impression.id, world.now())
    take_also(db, world, asker.settings, impression, found, click.user)


def take_also(
    db: Session, world: World, settings: Programme, impression: Impression, found: Withdrawal, by: str
) -> None:
    """Take out the sentences in which the words of a quote stand besides, as `found` has their places."""
    contents = without(impression.contents, found.also)
    session, group = group_of(db, impression.team, impression.group)
    sentences = [impression.text(part)[start:end].strip() for part, start, end in found.also]
    article = articles.of_session(db, session.team, session.id)
    saying = [
        s.id
        for s in (article.sentences if article else ())
        if s.run.impression == impression.id and any(one in s.run.text or s.run.text in one for one in sentences)
    ]
    harvest.take_out(db, world, settings, session, saying)
    impressions.erase_words(db, session.team, impression.id, sentences)
    keep(db, world, settings, session, group, change(impression, contents, world.now(), by=by))
    owe_change(db, world, session.team, f"impressions.quote_gone:{found.impression}:v{found.version}")


def confirmed(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Confirm that a quote is gone, and from where."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    found = impressions.withdrawal(db, settings.team, str(arguments["id"]), int(arguments["version"]))
    if impression is None or found is None:
        return None
    session, group = group_of(db, settings.team, impression.group)
    can_remove = bool(found.also) and impression.version == found.also_in and impression.withdrawn_at is None
    return Body(*views.withdrawn(session, group, found, can_remove, words))


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell a coordinator that a quote is gone, and the writer of the message that it still stands there."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    found = impressions.withdrawal(db, settings.team, str(arguments["id"]), int(arguments["version"]))
    if impression is None or found is None:
        return None
    _, group = group_of(db, settings.team, impression.group)
    in_message = "message" in found.places and impression.author == str(arguments["user"])
    return Body(*views.told(group, in_message, words))
