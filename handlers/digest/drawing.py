"""Making the messages of a digest from live rows, when they are sent: what was withdrawn since is not in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.article import PublishedSentence
from bot.digest import Digest, ItemKind, ThemeNews, poll_of, session_of
from bot.followup import DatePoll, PollState
from bot.programme import Programme
from bot.promises import Told
from bot.worksessions import WorkSession
from bot.writing import Mode, Section
from handlers.delivery import Body, Render
from handlers.digest.extras import extras
from handlers.digest.pointing import Touch, touching
from handlers.routing import Answer, Click, Handler
from handlers.views import digest as views
from handlers.views.digest import Drawn
from handlers.words import Words
from handlers.world import World
from storage import delivery, digest, followup, harvest, programme, promises, themes, worksessions, writing

SENTENCES = frozenset({ItemKind.THEME, ItemKind.QUESTION, ItemKind.OFFER, ItemKind.ECHO})


async def read(click: Click, world: World) -> Answer:
    """Somebody follows a link to an article; Slack opens it, and wants to hear that we know."""
    return Answer()


@dataclass(frozen=True)
class Live:
    """What a digest speaks of, as it is now. `written` is by theme what a model wrote of exactly these sentences."""

    digest: Digest
    region: str
    sentences: Mapping[str, PublishedSentence]
    names: Mapping[str | None, str]
    news: Mapping[str | None, ThemeNews]
    promised: Mapping[str, Sequence[Told]]
    sessions: Mapping[str, WorkSession] = field(default_factory=dict)
    polls: Mapping[str, DatePoll] = field(default_factory=dict)
    due: Mapping[str, Told] = field(default_factory=dict)
    extras: Mapping[str, Drawn] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str | None, Section] = field(default_factory=dict)
    points: Mapping[str, Touch] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing is left of what it wanted to say."""
        return not (self.sentences or self.sessions or self.polls or self.due or self.extras)


def live(db: Session, settings: Programme, made: Digest, words: Words) -> Live:
    """Read what a digest speaks of, as it is now."""
    team = settings.team
    items = [item for part in (made.post, *made.thread, made.echoes) for item in part]
    theme_of = {item.subject: item.theme for item in items if item.kind in SENTENCES}
    found = harvest.published_sentences(db, team, ids=theme_of) if theme_of else []
    echoes = {item.subject for item in made.echoes}
    told: dict[str | None, list[PublishedSentence]] = {}
    also: dict[str | None, list[PublishedSentence]] = {}
    for sentence in found:
        (also if sentence.id in echoes else told).setdefault(theme_of[sentence.id], []).append(sentence)
    news = {theme: ThemeNews(theme, tuple(of), tuple(also.get(theme, ()))) for theme, of in told.items()}
    known = {theme.id: theme for theme in themes.themes(db, team)}
    sentences = {sentence.id: sentence for sentence in found if sentence.id not in echoes}
    region = programme.region(db, team, made.region)
    shown = {item.subject for item in made.post}
    return Live(
        digest=made,
        region=region.name if region else "",
        sentences=sentences,
        names=views.labels(list(news.values()), known, words),
        news=news,
        promised=harvest.promised(db, team, list(sentences)) if sentences else {},
        sessions=_sessions(db, team, made),
        polls=_polls(db, team, made),
        due=_due(db, team, made),
        extras=_extras(db, settings, made, words),
        links=_links(db, team, made, sentences),
        written=_written(db, team, made.region, news),
        points=touching(db, team, made.region, [one for one in found if one.id in shown]),
    )


def post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The digest in a region's channel; None when everything it wanted to say was withdrawn."""
    made = digest.one(db, settings.team, str(arguments["id"]))
    if made is None:
        return None
    found = live(db, settings, made, words)
    return _emptied(arguments, words) if found.empty else Body(*views.post(found, words))


def details(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """A message in the thread of the digest."""
    made = digest.one(db, settings.team, str(arguments["id"]))
    number = int(arguments["part"])
    if made is None or number >= len(made.thread):
        return None
    text, blocks = views.thread(made.thread[number], live(db, settings, made, words), words)
    return Body(text, blocks) if blocks else _emptied(arguments, words)


def _emptied(arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Nothing is left to say: a message that stands already says so, one that was not sent yet stays away."""
    return Body(*views.withdrawn(words)) if arguments.get("again") else None


def _sessions(db: Session, team: str, made: Digest) -> dict[str, WorkSession]:
    dates = [item for item in made.post if item.kind in (ItemKind.DATE, ItemKind.MOVED)]
    found = (worksessions.one(db, team, session_of(item.subject)) for item in dates)
    return {session.id: session for session in found if session is not None}


def _polls(db: Session, team: str, made: Digest) -> dict[str, DatePoll]:
    """The polls that still run: one that is over asks nobody any more."""
    subjects = [item.subject for item in made.post if item.kind is ItemKind.POLL]
    found = {subject: followup.polling.one(db, team, poll_of(subject)) for subject in subjects}
    return {subject: poll for subject, poll in found.items() if poll and poll.state is PollState.RUNNING}


def _due(db: Session, team: str, made: Digest) -> dict[str, Told]:
    subjects = [item.subject for part in (made.post, *made.thread) for item in part if item.kind is ItemKind.DUE]
    by_id = {subject.split(":")[1]: subject for subject in subjects}
    stands = [promise for one in by_id if (promise := promises.one(db, team, one)) and promise.stands]
    told = promises.told(db, stands)
    return {by_id[each.promise.id]: each for each in told if each.promise.is_public and each.words}


def _extras(db: Session, settings: Programme, made: Digest, words: Words) -> dict[str, Drawn]:
    found = {}
    for item in made.post:
        if item.kind is ItemKind.INTRODUCTION:
            drawn = (extra.draw(db, settings, item.subject, words) for extra in extras())
            if (first := next((each for each in drawn if each is not None), None)) is not None:
                found[item.subject] = first
    return found


def _written(db: Session, team: str, region: str, news: Mapping[str | None, ThemeNews]) -> dict[str | None, Section]:
    """What a model wrote beforehand, where this region reads such; nothing is asked or waited for here."""
    mode = writing.endpoint(db, team)
    if mode is Mode.NONE or writing.limits(db, team, mode).of_region(region) is Mode.NONE:
        return {}
    found = {theme: writing.section(db, team, theme, [one.id for one in of.sentences]) for theme, of in news.items()}
    return {theme: section for theme, section in found.items() if section is not None}


def _links(db: Session, team: str, made: Digest, sentences: Mapping[str, PublishedSentence]) -> dict[str, str]:
    """Where the articles and the polls of the post stand."""
    shown = {sentences[item.subject].article for item in made.post if item.subject in sentences}
    keys = {article: f"harvest.article:{article}" for article in shown}
    keys |= {i.subject: f"followup.poll:{poll_of(i.subject)}" for i in made.post if i.kind is ItemKind.POLL}
    return {
        name: link
        for name, key in keys.items()
        if (at := delivery.sent(db, team, key)) and (link := delivery.link(*at))
    }


ACTIONS: dict[str, Handler] = {"digest.read": read}
MESSAGES: dict[str, Render] = {"digest.post": post, "digest.details": details}
