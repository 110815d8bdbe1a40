"""A coordinator decides on a proposal: a theme, another name, a merge, or no; which is not asked again."""

from dataclasses import replace
from functools import partial

from sqlmodel import Session

from bot.harvest.words import folded
from bot.problem import Problem, Refused
from bot.themes import Decided, Kind, Proposal
from bot.themes.deciding import Named, check_theme, must_wait
from bot.worksessions import short_name
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.themes.proposing import in_window, lay, redraw, redraw_below
from handlers.themes.showing import Shown, Table
from handlers.themes.telling import repaint
from handlers.views import themes_proposed as views
from handlers.views.frame import escaped
from handlers.world import Asker, World
from storage import inbox
from storage.themes import changing, following, proposing, teaching

YES, NO = "yes", "no"


async def decide(click: Click, world: World) -> Answer:
    """One tap: yes (make the theme, add the name, merge) or no; and what came of it, in a line."""
    if click.argument not in (YES, NO):
        raise Refused("slack.unknown")
    asker, told = await world.write(partial(_decide, click, world))
    if in_window(click, "themes.proposals"):
        return Answer(then=[redraw(click, world, click.view_id, world.say(asker.words, told.key, told.values))])
    safe = {name: escaped(str(value)) for name, value in told.values.items()}
    return Answer(then=[world.whisper(click, world.say(asker.words, told.key, safe))])


def _decide(click: Click, world: World, db: Session) -> tuple[Asker, Problem]:
    """Decide, or return why not: the window is drawn anew with that above it, for it shows what is true now."""
    asker, found = lay(db, world, click)
    if not inbox.first(db, click.team, click.key, world.now()):
        return asker, Problem("", "themes.decided_already")
    proposal_id, version = pointed_at(click.value)
    try:
        proposal = must_wait(proposing.one(db, click.team, proposal_id), version)
        shown = found.one(proposal.id)
        if click.argument == NO:
            proposing.decide(db, click.team, proposal, Decided.REFUSED, click.user, world.now())
            told = Problem("", "themes.did_no")
        elif shown is None:
            raise Refused("themes.gone_words")
        else:
            told = _yes(db, world, click, found, shown)
    except Refused as refused:
        return asker, Problem("", refused.key, refused.values)
    repaint(db, world, click.team)
    return asker, told


def _yes(db: Session, world: World, click: Click, found: Table, shown: Shown) -> Problem:
    proposal, now = shown.proposal, world.now()
    if proposal.kind is Kind.NEW:
        name = shown.name[:1].upper() + shown.name[1:]
        taken = changing.names_taken(db, click.team)
        named, problems = check_theme({"name": name, "short": _short(name, taken)}, taken)
        if named is None:
            raise Refused(problems[0].key, **problems[0].values)
        _make(db, world, click, proposal, named)
        return Problem("", "themes.did_make", {"name": name})
    card, other = shown.theme, shown.other
    if card is None:
        raise Refused("themes.no_theme")
    if proposal.kind is Kind.ALIAS:
        named = Named(card.name, card.short_name, card.criterion, (*card.aliases, shown.name))
        changing.edit(db, click.team, card, named, click.user, now)
        proposing.decide(db, click.team, proposal, Decided.MADE, click.user, now)
        return Problem("", "themes.did_alias", {"name": shown.name, "theme": card.name})
    if other is None:
        raise Refused("themes.no_theme")
    changing.merge(db, click.team, other, card, click.user, now)
    return Problem("", "themes.did_merge", {"name": other.name, "theme": card.name})


def _short(name: str, taken: dict[str, str]) -> str:
    short = short_name(name)
    return short if folded(short) not in taken else ""


def _make(db: Session, world: World, click: Click, proposal: Proposal, named: Named) -> None:
    """The theme is there, its notes are its first examples, and the next ones find it."""
    new, now = world.ids("th"), world.now()
    changing.make(db, click.team, new, named, click.user, now)
    _teach(db, click, proposal, new, world)
    proposing.decide(db, click.team, proposal, Decided.MADE, click.user, now, made=new)


def _teach(db: Session, click: Click, proposal: Proposal, theme: str, world: World) -> None:
    for carrier in proposal.carriers:
        teaching.confirm(db, click.team, carrier.note, theme, click.user, world.now())
    following.theme_sentences(db, click.team, [carrier.note for carrier in proposal.carriers])


async def open_rename(click: Click, world: World) -> Answer:
    """The coordinator wants the proposed theme under another name."""
    asker, shown, _ = await world.database.read(partial(_shown, click, world))
    return Answer(then=[world.open(click, views.rename_form(shown, asker.words), push=click.in_form)])


async def open_belongs(click: Click, world: World) -> Answer:
    """The coordinator knows the theme under which these notes belong."""
    asker, shown, found = await world.database.read(partial(_shown, click, world))
    view = views.belongs_form(shown, list(found.cards.values()), asker.words)
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _shown(click: Click, world: World, db: Session) -> tuple[Asker, Shown, Table]:
    asker, found = lay(db, world, click)
    proposal_id, version = pointed_at(click.value)
    must_wait(proposing.one(db, click.team, proposal_id), version)
    shown = found.one(proposal_id)
    if shown is None:
        raise Refused("themes.gone_words")
    return asker, shown, found


async def save_rename(click: Click, world: World) -> Answer:
    """The name was handed in: the theme is made under it."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        asker, proposal = _given(db, world, click)
        if proposal is None:
            return asker, []
        fields = {name: click.text(name) for name in ("name", "short", "criterion", "aliases")}
        named, problems = check_theme(fields, changing.names_taken(db, click.team))
        screened = check_texts(db, asker.settings, None, fields)
        if named is None or screened.problems:
            return asker, [*problems, *screened.problems]
        inbox.first(db, click.team, click.key, world.now())
        _make(db, world, click, proposal, named)
        repaint(db, world, click.team)
        return asker, []

    return await _answer(click, world, *await world.write(save))


async def save_belongs(click: Click, world: World) -> Answer:
    """The theme was chosen: the notes go under it, and by the name that they share it is found from now on."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        asker, proposal = _given(db, world, click)
        if proposal is None:
            return asker, []
        card = changing.card(db, click.team, click.text("theme"))
        if card is None:
            raise Refused("themes.no_theme")
        alias = " ".join(click.text("alias").split())
        fields = {"name": card.name, "aliases": "\n".join([*card.aliases, alias])}
        named, problems = check_theme(fields, changing.names_taken(db, click.team), card.id)
        screened = check_texts(db, asker.settings, None, {"alias": alias})
        found = [replace(each, field="alias") for each in problems] + list(screened.problems)
        if named is None or found:
            return asker, found
        now = world.now()
        inbox.first(db, click.team, click.key, now)
        if alias and alias not in card.aliases:
            named = Named(card.name, card.short_name, card.criterion, named.aliases)
            changing.edit(db, click.team, card, named, click.user, now)
        _teach(db, click, proposal, card.id, world)
        proposing.decide(db, click.team, proposal, Decided.BELONGS, click.user, now)
        repaint(db, world, click.team)
        return asker, []

    return await _answer(click, world, *await world.write(save))


def _given(db: Session, world: World, click: Click) -> tuple[Asker, Proposal | None]:
    """Who handed in, and the proposal of the form as it was; None where this very form was handled before."""
    asker, _ = lay(db, world, click)
    if inbox.seen(db, click.team, click.key):
        return asker, None
    given = metadata_of(click)
    version = number_in(given.get("version", ""))
    return asker, must_wait(proposing.one(db, click.team, given.get("proposal", "")), version)


async def _answer(click: Click, world: World, asker: Asker, problems: list[Problem]) -> Answer:
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return Answer(then=[redraw_below(click, world)] if metadata_of(click).get("below") else [])


def pointed_at(value: str) -> tuple[str, int]:
    """Read an id with the version that somebody saw of it."""
    found, _, version = value.partition(" ")
    return found, number_in(version)


def number_in(text: str) -> int:
    """Read a number that came back with a click; 0 for whatever is none."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0
