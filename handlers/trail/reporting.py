"""The final report as a file in the messages of who asks for it, and the pictures of a region's page.

What the evidence does not carry, word for word, does not leave: it is refused and logged.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import structlog
from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.delivery import Operation
from bot.document import Document, Picture
from bot.document import Section as DocumentSection
from bot.problem import Refused
from bot.programme import Action, Programme, may
from bot.trail import Entry, place_of
from bot.trail.report import FinalReport, Reader, compose, problems, strays
from handlers.delivery import Body
from handlers.documents import COMMAND, FORMATS, installed, write
from handlers.documents.pdf import as_png
from handlers.routing import Answer, Click
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.views import trail_report as documents
from handlers.views import trail_report_offer as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, inbox, programme, trail

log = structlog.get_logger()
PICTURE = "png"


class Unsupported(RuntimeError):
    """Something in a report is not what the evidence says; the text names the rules that it broke."""


def composed(
    db: Session, team: str, region: str | None, reader: Reader | None = None, on: date | None = None
) -> FinalReport:
    """Return the report of a region (None: the programme) as it stands `on` a day, verified. Raises Unsupported."""
    whose = reader or (Reader.PROGRAMME if region is None else Reader.REGION)
    evidence = trail.gather(db, team, whose, region)
    found = compose(evidence, on)
    if wrong := problems(found, evidence.notes):
        raise Unsupported(", ".join(sorted({each.rule for each in wrong})))
    return found


def written(found: FinalReport, on: date, words: Words, *, page: bool = False) -> Document:
    """Return the document of a report, or the page of a region; held against the report once more.

    Raises Unsupported.
    """
    made = documents.page_document(found, on, words) if page else documents.report_document(found, on, words)
    chapters = documents.ON_PAGE if page else tuple(found.chapters)
    if wrong := strays(
        made, [found.chapters.get(chapter, ()) for chapter in chapters], None if page else found.summary
    ):
        raise Unsupported(", ".join(sorted({each.rule for each in wrong})))
    return made


async def build(click: Click, world: World) -> Answer:
    """Somebody wants the report of a region as a file: `value` is "<form>:<region>"."""
    kind, _, code = click.value.partition(":")

    def read(db: Session) -> tuple[Spot, FinalReport]:
        here = spot(db, world, click, code, Action.BUILD_REPORT)
        if kind not in FORMATS:
            raise Refused("slack.unknown")
        if not installed(kind):
            raise Refused("documents.not_installed", command=COMMAND)
        found = _checked(db, click.team, here.region_id)
        if found.empty:
            raise Refused("trail.report.nothing")
        return here, found

    here, found = await world.database.read(read)
    await world.write(partial(_owe, world, click, here, {"format": kind}, found))
    return Answer(then=[world.whisper(click, here.asker.words("harvest.file_coming"))])


async def draw(click: Click, world: World) -> Answer:
    """Somebody wants to look rather than read: a picture of the region's page; `value` is "<chapter>:<region>"."""
    chapter, _, code = click.value.partition(":")

    def read(db: Session) -> tuple[Spot, FinalReport]:
        here = spot(db, world, click, code, Action.SEE_TRAIL)
        if not installed("pdf"):
            raise Refused("documents.not_installed", command=COMMAND)
        found = _checked(db, click.team, here.region_id)
        if chapter not in views.PICTURES or not _picture(found, chapter, here.asker.words):
            raise Refused("trail.report.no_picture")
        return here, found

    here, found = await world.database.read(read)
    await world.write(partial(_owe, world, click, here, {"format": PICTURE, "chapter": chapter}, found))
    return Answer(then=[world.whisper(click, here.asker.words("trail.report.picture_coming"))])


def _checked(db: Session, team: str, region: str | None) -> FinalReport:
    try:
        return composed(db, team, region)
    except Unsupported as error:
        log.error("a report says what its evidence does not", rules=str(error))
        raise Refused("trail.report.unsupported") from error


def _owe(world: World, click: Click, here: Spot, arguments: Mapping[str, str], found: FinalReport, db: Session) -> None:
    now = world.now()
    if not inbox.first(db, click.team, click.key, now):
        return
    on = now.astimezone(here.asker.words.zone).date()
    key = f"trail.report_file:{here.code}:{arguments['format']}:{click.key}"
    delivery.plan(
        db,
        team=click.team,
        key=key,
        kind="trail.report_file",
        arguments={**arguments, "region": here.code, "user": click.user, "on": on.isoformat()},
        user=click.user,
        operation=Operation.FILE,
        now=now,
    )
    trail.remember(db, click.team, key, found.evidence)


def file(
    db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words, template: bytes | None = None
) -> Body | None:
    """The report or a picture as a file, made from live rows; nothing for who may no longer have it."""
    code, kind = str(arguments["region"]), str(arguments["format"])
    region = None if code == PROGRAMME else programme.region(db, settings.team, code)
    reader = programme.member(db, settings.team, str(arguments["user"]))
    action = Action.SEE_TRAIL if kind == PICTURE else Action.BUILD_REPORT
    if (region is None and code != PROGRAMME) or not may(
        reader, action, place_of(reader, region.id if region else None)
    ):
        return None
    try:
        on = date.fromisoformat(str(arguments["on"]))
        found = composed(db, settings.team, region.id if region else None, on=on)
        if kind == PICTURE:
            return _drawn(found, str(arguments["chapter"]), on, words)
        content = write(written(found, on, words), kind, template)
    except Unsupported as error:
        log.error("a report says what its evidence does not", rules=str(error))
        return None
    name = documents.file_name(found, kind, on, words)
    key = "theme_harvest.file_again" if arguments.get("again") else "theme_harvest.file"
    return Body(words(key, name=name), file=content, file_name=name)


def _drawn(found: FinalReport, chapter: str, on: date, words: Words) -> Body | None:
    """A picture with the same in words beside it, for who cannot see it."""
    picture = _picture(found, chapter, words)
    if picture is None:
        return None
    said = views.in_words(picture)
    name = documents.file_name(found, PICTURE, on, words, page=True)
    return Body(said, file=as_png(picture), file_name=name, alt=views.alternative(picture))


def _picture(found: FinalReport, chapter: str, words: Words) -> Picture | None:
    on = found.coverage.last or date(2000, 1, 1)
    title = words(f"trail.report.chapter_{chapter}")
    made: Sequence[DocumentSection] = documents.page_document(found, on, words).sections
    blocks = [block for section in made if section.title == title for block in section.blocks]
    return next((block for block in blocks if isinstance(block, Picture)), None)


Draw = Callable[[Words], list[Block]]


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """The report that the page of a region offers to take along, to who may have it."""
    return [partial(views.report, here.code)] if entries and here.may(Action.BUILD_REPORT) else []


def timeline(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """Under the phases: the button for their picture."""
    return _offered(here, entries, "phases")


def bars(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """Under the agenda: the button for the picture of how often each point is spoken about."""
    return _offered(here, entries, "agenda")


def _offered(here: Spot, entries: Sequence[Entry], chapter: str) -> list[Draw]:
    """Return the button of a picture where there is something to draw, for who may see it."""
    drawn = any(each.kind is views.PICTURES[chapter] for top in entries for each in (top, *top.children))
    looks = here.region is not None and here.may(Action.SEE_TRAIL)
    return [partial(views.picture, here.code, chapter)] if drawn and looks else []
