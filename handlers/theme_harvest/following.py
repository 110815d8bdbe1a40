"""A document that somebody has does not go on saying what was withdrawn or changed."""

from collections.abc import Collection

from sqlmodel import Session

from bot.theme_harvest import ThemeHarvest
from handlers.posts import owe_change
from handlers.theme_harvest.telling import made
from handlers.world import World
from storage import delivery, trail
from storage import theme_harvest as store


def remember(db: Session, team: str, key: str, found: ThemeHarvest) -> None:
    """Keep which sentences stand in a document that is sent, by their ids; also those that it tells only once."""
    offers = [offer.said for offer in found.offers]
    contrasts = [each for one in found.contrasts for each in (one.one, one.other)]
    figures = [each for one in found.figures for each in one.said]
    listed = (*found.told, *found.minority, *found.examples, *found.quotes, *found.questions)
    carrying = [each for claim in found.claims for each in claim.evidence]
    told = [each for one in (*listed, *offers, *contrasts, *figures) for each in (one, *one.also)]
    said = [one.id for one in told if one.sentence is not None]
    store.cite(db, team, [key], [*said, *carrying])


def follow(db: Session, world: World, team: str, sentences: Collection[str], why: str) -> None:
    """Published sentences changed or went: owe every document that said one of them the change, in the caller's
    transaction. `why` is another with every change. What stands in a document in their place is remembered too."""
    trail.replace_reports(db, team, sentences, why, world.now())
    now: dict[str, ThemeHarvest | None] = {}
    for key in store.citing(db, team, sentences):
        kind, subject, _ = key.split(":", 2)
        if subject not in now:
            now[subject] = made(db, team, subject)
        found = now[subject]
        if found is not None:
            remember(db, team, key, found)
        if kind == "theme_harvest.file":
            delivery.replace_files(db, team, kind, subject, why, world.now())
            continue
        page, page_key = 0, key
        while delivery.parcel(db, team, page_key) is not None:
            owe_change(db, world, team, page_key)
            page += 1
            page_key = f"{key}:p{page}"
