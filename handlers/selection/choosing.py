"""Taps on topics: one's own choice, in order of liking where that counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Programme, Region, allow
from bot.selection import Choice, Pick, Wish, choose, clear, place_of, rank
from bot.worksessions import WorkSession
from handlers.delivery import Body, Render
from handlers.routing import Answer, Click, Handler
from handlers.selection.seating import late
from handlers.views import programme as programme_views
from handlers.views import selection as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, selection, worksessions


@dataclass(frozen=True)
class Chosen:
    """What one tap led to, and whether the person is still to be asked for a region."""

    asker: Asker
    session: WorkSession
    choice: Choice
    regions: tuple[Region, ...] = ()


Decide = Callable[[selection.Situation, Counter[str], datetime], Choice]
"""What a press means, from where it was pressed and the places that others have (counted where it may be full)."""


@dataclass(frozen=True)
class Press:
    """One tap of many that may come in the same second."""

    click: Click
    world: World
    decide: Decide
    topic: str

    @property
    def key(self) -> tuple[str, str]:
        """Under which it is remembered that this was handled."""
        return self.click.team, self.click.key

    @property
    def tapped(self) -> float | None:
        """Slack's time of the tap; None where it is not known."""
        return _moment(self.click.at) or None

    @property
    def pressed(self) -> selection.Pressed:
        """Who pressed what, for the query."""
        session = "" if self.topic else self.click.value
        return selection.Pressed(self.click.team, self.click.user, session, self.topic)


async def pick(click: Click, world: World) -> Answer:
    """Somebody pressed a topic, or chose another one from the list in their own confirmation."""
    return await _choose(click, world, partial(_take, click, Wish.TOPIC), topic=click.value)


async def pick_anywhere(click: Click, world: World) -> Answer:
    """Somebody does not know, and goes where there is room."""
    return await _choose(click, world, partial(_take, click, Wish.ANYWHERE))


async def pick_absent(click: Click, world: World) -> Answer:
    """Somebody cannot come."""
    return await _choose(click, world, partial(_take, click, Wish.ABSENT))


async def pick_rank(click: Click, world: World) -> Answer:
    """Somebody says which topic is their first, second or third choice."""

    def put(found: selection.Situation, counts: Counter[str], now: datetime) -> Choice:
        at = int(click.argument) if click.argument.isdecimal() else -1
        return rank(found.session, click.user, at, click.value, found.before, now)

    return await _choose(click, world, put, topic=click.value)


def _take(click: Click, wish: Wish, found: selection.Situation, counts: Counter[str], now: datetime) -> Choice:
    topic = click.value if wish is Wish.TOPIC else None
    return choose(found.session, click.user, wish, topic, found.before, counts, now)


async def _choose(click: Click, world: World, decide: Decide, topic: str = "") -> Answer:
    try:
        chosen = await world.database.write_together(_choose_all, Press(click, world, decide, topic))
    except Refused as refused:
        if refused.key != "selection.late":
            raise
        if click.name == "selection.absent":
            raise Refused("selection.late_absent", **refused.values) from refused
        return await late(click, world)
    if chosen is None:
        return Answer()
    if chosen.choice.changed:
        world.repaint(click.team, "selection.card", chosen.session.id)
        if chosen.choice.pick.wish is Wish.ABSENT:
            world.wake_courier()
    return Answer(then=[_confirm(click, world, chosen)])


def _choose_all(db: Session, presses: Sequence[Press]) -> list[Chosen | Refused | None]:
    """Decide every press that waits, in order: the picks, what they replace, and the keys that make doubles harmless.

    A thousand may come in one second; what they share is read once, and written in one statement.
    """
    done = inbox.seen_of(db, [press.key for press in presses])
    found = selection.situations(db, [press.pressed for press in presses])
    newest: dict[tuple[str, str], Pick] = {}
    counted: dict[str, Counter[str]] = {}
    tapped: dict[tuple[str, str], float] = {}
    results: list[Chosen | Refused | None] = []
    keys: list[tuple[str, str]] = []
    saved: list[tuple[str, str, Pick, float | None]] = []
    for press, where in zip(presses, found, strict=True):
        if press.key in done or _is_overtaken(press, where, tapped):
            results.append(None)
            continue
        try:
            chosen = _decide(db, press, where, newest, counted)
        except Refused as refused:
            results.append(refused)
            continue
        done.add(press.key)
        keys.append(press.key)
        tapped[chosen.session.id, press.click.user] = press.tapped or 0.0
        saved.append((chosen.session.team, chosen.session.id, chosen.choice.pick, press.tapped))
        results.append(chosen)
    at = presses[0].world.now()
    inbox.record(db, keys, at)
    made = [each for each in results if isinstance(each, Chosen)]
    selection.save_picks(db, saved)  # also what changes nothing: the time of the tap counts
    for each in made:
        if each.choice.changed:
            _tell_of_gap(db, each.session, each.choice, at)
    for team in {each.session.team for each in made if each.regions}:
        asked = {each.asker.member.user for each in made if each.regions and each.session.team == team}
        programme.region_asked(db, team, asked, at)
    return results


def _is_overtaken(press: Press, where: selection.Situation | None, tapped: Mapping[tuple[str, str], float]) -> bool:
    """Whether a later tap of the same person in the same session was handled first: that one counts."""
    if where is None or press.tapped is None:
        return False
    return press.tapped < max(where.tapped, tapped.get((where.session.id, press.click.user), 0.0))


def _decide(
    db: Session,
    press: Press,
    where: selection.Situation | None,
    newest: dict[tuple[str, str], Pick],
    counted: dict[str, Counter[str]],
) -> Chosen:
    """Decide one press. `newest` has what was chosen earlier in this batch, `counted` the places that are taken."""
    if where is None:
        raise Refused("selection.unknown_topic")
    allow(where.member, Action.PICK)
    world, session, user = press.world, where.session, press.click.user
    where = replace(where, before=newest.get((session.id, user), where.before))
    if session.is_limited and session.id not in counted:
        counted[session.id] = selection.places(db, session)
    counts = Counter(counted.get(session.id, {}))
    counts.subtract(_place(session, user, where.before))
    choice = press.decide(where, counts, world.now())
    asker = Asker(where.member, where.settings, world.words_for(where.member, where.settings))
    regions: tuple[Region, ...] = ()
    if where.member.region is None and not where.region_asked and (session.id, user) not in newest:
        regions = tuple(programme.regions(db, press.click.team))
    if choice.changed:
        newest[session.id, user] = choice.pick
        counts.update(_place(session, user, choice.pick))
        counted[session.id] = counts
    return Chosen(asker, session, choice, regions)


def _moment(ts: str) -> float:
    """Read Slack's time of a tap; what is no time is as old as can be."""
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _place(session: WorkSession, user: str, pick: Pick | None) -> list[str]:
    place = place_of(session, user, pick) if session.is_limited else None
    return [place] if place else []


def _tell_of_gap(db: Session, session: WorkSession, choice: Choice, now: datetime) -> None:
    """A facilitator who cannot come leaves a topic without one: the coordinator hears of it, once for each topic."""
    user = choice.pick.user
    if choice.pick.wish is not Wish.ABSENT or user == session.created_by:
        return
    for topic in session.topics:
        if topic.facilitator == user:
            delivery.plan(
                db,
                team=session.team,
                key=f"selection.gap:{topic.id}:{user}",
                kind="selection.gap",
                arguments={"topic": topic.id, "session": session.id, "user": user},
                user=session.created_by,
                now=now,
                not_after=session.closes_at,
            )


async def _confirm(click: Click, world: World, chosen: Chosen) -> None:
    words = chosen.asker.words
    text, blocks = views.own_choice(chosen.session, chosen.choice, words)
    await world.whisper(click, text, blocks, replace=bool(click.argument))
    if chosen.regions:
        question = programme_views.region_question(chosen.regions, words)
        await world.whisper(click, words("programme.region_question"), question)


async def start_over(click: Click, world: World) -> Answer:
    """Somebody wants to choose anew, with nothing chosen."""

    def forget(db: Session) -> Asker | None:
        now = world.now()
        (found,) = selection.situations(db, [selection.Pressed(click.team, click.user, session=click.value)])
        if found is None:
            raise Refused("selection.unknown_topic")
        allow(found.member, Action.PICK)
        clear(found.session, now)
        if inbox.first(db, click.team, click.key, now):
            selection.drop_pick(db, found.session.team, found.session.id, click.user)
        return Asker(found.member, found.settings, world.words_for(found.member, found.settings))

    asker = await world.database.write(forget)
    if asker is None:
        return Answer()
    world.repaint(click.team, "selection.card", click.value)
    return Answer(then=[world.whisper(click, asker.words("selection.own_nothing"), replace=True)])


def gap(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message to the coordinator that a facilitator cannot come; nothing once that has changed."""
    session = worksessions.one(db, settings.team, str(arguments["session"]))
    topic = session.topic(str(arguments["topic"])) if session else None
    wish = selection.pick_of(db, session.team, session.id, str(arguments["user"])) if session else None
    if session is None or topic is None or topic.facilitator != arguments["user"]:
        return None
    if wish is None or wish.wish is not Wish.ABSENT:
        return None
    return Body(*views.facilitator_away(session, topic, words))


ACTIONS: Mapping[str, Handler] = {
    "selection.pick": pick,
    "selection.anywhere": pick_anywhere,
    "selection.absent": pick_absent,
    "selection.rank": pick_rank,
    "selection.clear": start_over,
}
FORMS: Mapping[str, Handler] = {}
MESSAGES: dict[str, Render] = {"selection.gap": gap}
