"""Finding out what there is to write for a region's next digest, in one reading of the database."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import period_key
from bot.privacy import mac
from bot.programme import Programme, Region
from bot.writing import IsName, Mode, known_names
from handlers.digest.previewing import look_ahead
from handlers.words import Words
from handlers.writing.engine import FEWEST_SENTENCES, Job, Wanted
from storage import privacy, programme, theme_harvest, themes, writing

MOST_SECTIONS = 6
"""Themes of one digest about which is written; the rest is shown as it is."""
MOST_DOCUMENTS = 3
"""Themes of a digest of which the document over all months is written as well: it has just grown."""


def job_for(db: Session, settings: Programme, region: Region, words: Words, mode: Mode, now: datetime) -> Job | None:
    """Return what to write for a region's next digest; None where it reads nothing, or wants no model."""
    limits = writing.limits(db, settings.team, mode)
    if limits.of_region(region.id) is not mode:
        return None
    coming = look_ahead(db, settings, region, words, now)
    if coming.at is None:
        return None
    order = list(dict.fromkeys(item.theme for item in coming.live.digest.post))
    known = {theme.id: theme for theme in themes.themes(db, settings.team)}
    found = sorted(
        (news for theme, news in coming.live.news.items() if theme in known),
        key=lambda news: (order.index(news.theme) if news.theme in order else len(order), -len(news.sentences)),
    )
    wanted = tuple(
        Wanted(known[news.theme or ""], news.sentences) for news in found if len(news.sentences) >= FEWEST_SENTENCES
    )[:MOST_SECTIONS]
    documents = (
        Wanted(one.theme, theme_harvest.gather(db, settings.team, one.theme).sentences)
        for one in wanted[:MOST_DOCUMENTS]
    )
    wanted += tuple(one for one in documents if len(one.sentences) >= FEWEST_SENTENCES)
    period = period_key(coming.at, settings.timezone)
    return Job(
        team=settings.team,
        region=region.id,
        period=period,
        language=settings.language,
        endpoint=mode,
        limits=limits,
        is_name=names(db, settings, {one.work_session for each in wanted for one in each.sentences}),
        wanted=wanted,
        every=tuple(one for news in coming.live.news.values() for one in (*news.sentences, *news.echoes)),
    )


def spent(db: Session, settings: Programme, region: str, period: str, now: datetime) -> tuple[int, int]:
    """Return the tokens of this digest and of this calendar month so far."""
    month = now.astimezone(ZoneInfo(settings.timezone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    digest = writing.cost(db, settings.team, region=region, period=period)
    return digest.tokens, writing.cost(db, settings.team, since=month).tokens


def names(db: Session, settings: Programme, sessions: Iterable[str]) -> IsName:
    """Return what knows the name of everybody in the workspace, and those that these sessions leave out."""
    is_member = known_names(member.name for member in programme.members(db, settings.team))
    listed = {one: privacy.involved(db, settings.team, one) for one in sorted(set(sessions))}
    masked = {one: macs for one, macs in listed.items() if macs}

    @cache
    def is_name(words: str, capital: bool) -> bool:
        if is_member(words, capital):
            return True
        for session, macs in masked.items():
            needs_capital = macs.get(mac(settings.secret, session, words))
            if needs_capital is not None and (capital or not needs_capital):
                return True
        return False

    return is_name
