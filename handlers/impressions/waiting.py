"""What of the records waits for one person: their yes or no, an objection to answer, a quote of theirs to allow."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.impressions import QuoteUse, SignOffState
from bot.impressions.consent import owns
from handlers.impressions.keeping import group_of
from handlers.impressions.owing import card_key
from handlers.views import impressions_consent as consent_views
from handlers.views import impressions_signing as signing_views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from storage import delivery, harvest, impressions, programme
from storage.impressions.sign_offs import objected


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return the records that wait for this person's yes, objections to answer, and quotes to allow."""
    return [*_to_sign(db, team, user, now), *_objected(db, team, user, now), *_asked(db, team, user)]


def _to_sign(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    found = []
    for one in impressions.unanswered(db, team, user):
        session, group = group_of(db, team, one.group)
        standing = impressions.standing_of(db, session, group, one, now)
        late = now >= standing.until
        if user not in standing.asked or standing.state is SignOffState.AGREED:
            continue
        if late and harvest.state_of(db, team, session.id) == "published":
            continue  # it went out without this record; a yes changes nothing any more
        at = delivery.sent(db, team, card_key(db, one))
        link = delivery.link(*at) if at else None
        draw = partial(signing_views.waiting, session, group, one, standing, link)
        found.append(Waiting(Urgency.SIGN, draw, standing.until))
    return found


def _objected(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """What others object to in a record that this person wrote or leads the group of; nobody else can settle it."""
    found = []
    for one in objected(db, team, user):
        session, group = group_of(db, team, one.group)
        standing = impressions.standing_of(db, session, group, one, now)
        published = now >= standing.until and harvest.state_of(db, team, session.id) == "published"
        if standing.state is not SignOffState.OBJECTED or published:
            continue
        users = [each.user for each in standing.objections]
        names = {member.user: member.name for member in programme.members(db, team, users)}
        draw = partial(signing_views.objected, group, one, standing, names)
        found.append(Waiting(Urgency.SIGN, draw, standing.until))
    return found


def _asked(db: Session, team: str, user: str) -> list[Waiting]:
    found = []
    for one, _ in impressions.quotes_of(db, team, user):
        if one.quote_by == user and one.quote_use is QuoteUse.ASKED:
            asked = impressions.asked_speakers(db, team, one.id)
            by = next((each.by for each in reversed(asked) if each.user == user), one.author)
            name = "" if by == user else programme.member(db, team, by).name
            found.append(Waiting(Urgency.ASKED, partial(consent_views.waiting, one, name)))
    return found


def own_quotes(db: Session, team: str, user: str) -> list[Callable[[Words], list[Block]]]:
    """Return what draws each quote that this person answered about, with the way to take it back at any time."""
    found: list[Callable[[Words], list[Block]]] = []
    for one, version in impressions.quotes_of(db, team, user):
        words = impressions.asked_words(db, team, one.id, version)
        theirs = owns(one, user, version, words, impressions.asked_speakers(db, team, one.id))
        waits = one.quote_by == user and one.quote_use is QuoteUse.ASKED
        if theirs and not waits:
            found.append(partial(consent_views.standing, one, version, words))
    return found
