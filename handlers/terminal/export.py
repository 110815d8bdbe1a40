"""`oogst export`: what was published, as Markdown and HTML that stand by themselves outside Slack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from bot.article import Contribution, Edition, Part
from handlers.settings import Settings
from handlers.terminal.screen import BAD_SETTINGS, CROSS, DONE, make_screen, settings_or_stop
from handlers.views.frame import clean
from handlers.words import Words, catalogues
from storage import database, harvest, programme, schema

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#+|~!&])")
LONGEST_NAME = 60


@dataclass(frozen=True)
class Line:
    """A sentence of the article and the number of its source."""

    text: str
    source: int


@dataclass(frozen=True)
class GroupSection:
    """What one group took away: for each part its kind, a heading (empty for the body) and its lines."""

    title: str
    parts: list[tuple[str, str, list[Line]]]


@dataclass(frozen=True)
class Page:
    """An article in words, ready to be set as Markdown or HTML."""

    language: str
    headline: str
    about: str
    published: str
    sections: list[GroupSection]
    next_date: str
    sources_title: str
    sources: list[str]
    coverage: str
    missing: str


def export(env_file: Path, folder: Path) -> int:
    """Write every published article to `folder`; doing it again writes the same files. Returns the exit code."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    try:
        if settings.database_path.exists():
            database.check(settings.database)
        schema.upgrade(settings.database)
    except database.Unusable as unusable:
        screen.complain(str(unusable))
        return BAD_SETTINGS
    opened = database.Database(settings.database)
    try:
        editions = opened.read_now(_published)
    finally:
        opened.close()
    if not editions:
        screen.off(screen.words("export.nothing"))
        return DONE
    try:
        written = write(editions, folder, catalogues(settings.timezone))
    except OSError as error:
        screen.complain(screen.words("export.cannot_write", folder=folder, reason=error.strerror or "?"))
        return CROSS
    for path in written:
        screen.good(str(path))
    return DONE


def write(editions: Sequence[tuple[str, Edition]], folder: Path, words: dict[str, Words]) -> list[Path]:
    """Write each article (with the language of its programme) in both forms, and return the files. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = make_environment()
    written: list[Path] = []
    for language, edition in editions:
        page = make_page(edition, words[language].in_zone(edition.session.zone))
        name = _file_name(edition)
        if any(path.stem == name for path in written):
            name = f"{name}-{edition.article.id[-6:]}"
        for ending in ("md", "html"):
            path = folder / f"{name}.{ending}"
            text = environment.get_template(f"article.{ending}.jinja").render(page=page)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def make_environment() -> Environment:
    """Return the templates. HTML escapes by itself; Markdown by the filter `md`."""
    environment = Environment(
        loader=PackageLoader("handlers.terminal"),
        autoescape=select_autoescape(["html.jinja"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = as_markdown
    return environment


def as_markdown(text: str) -> str:
    """Put what people wrote on one line in which Markdown reads no signs."""
    line = MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^-", r"\\-", line))


def make_page(edition: Edition, words: Words) -> Page:
    """Put an article into words: groups in their order, and a number at each sentence for its impression.

    What a group took back after publication is not written out any more.
    """
    article, session, coverage = edition.article, edition.session, edition.coverage
    kept = {i.id: (c.group.number, i.created_at) for c in edition.contributions for i in c.impressions}
    used = [each for each in dict.fromkeys(s.run.impression for s in article.sentences) if each in kept]
    numbers = {impression: number for number, impression in enumerate(used, start=1)}
    sources = [words("export.source", number=kept[each][0], moment=words.moment(kept[each][1])) for each in used]
    name = edition.names.get(article.published_by or "", "")
    upcoming = edition.next_session
    return Page(
        language=words.language,
        headline=clean(article.headline),
        about=words(
            "export.about", title=clean(session.title), period=words.period(session.starts_at, session.ends_at)
        ),
        published=words("export.published", name=name, date=words.date(article.published_at or article.updated_at)),
        sections=[_section(edition, contribution, numbers, words) for contribution in edition.contributions],
        next_date=words("export.next", period=words.period(upcoming.starts_at, upcoming.ends_at)) if upcoming else "",
        sources_title=words("export.sources"),
        sources=sources,
        coverage=words(
            "export.coverage",
            impressions=words.count("export.impressions", coverage.impressions),
            groups=words.count("export.groups", coverage.groups),
        ),
        missing=words("export.missing", groups=words.list(map(str, coverage.missing))) if coverage.missing else "",
    )


def _section(edition: Edition, contribution: Contribution, numbers: dict[str, int], words: Words) -> GroupSection:
    group = contribution.group
    names = [clean(topic.name) for topic in edition.session.topics if topic.id in group.topics]
    parts = []
    for part in Part:
        lines = [
            Line(clean(sentence.run.text).strip(), numbers[sentence.run.impression])
            for sentence in edition.article.sentences
            if sentence.group == group.id and sentence.run.part is part and sentence.run.impression in numbers
        ]
        if lines:
            label = "" if part in (Part.BODY, Part.QUOTE) else words(f"export.part_{part.value}")
            parts.append((part.value, label, lines))
    return GroupSection(words("export.group", number=group.number, topics=words.list(names)), parts)


def _published(db: Session) -> list[tuple[str, Edition]]:
    found = []
    for one in programme.programmes(db):
        for article in harvest.published(db, one.team):
            edition = harvest.edition(db, one.team, article)
            if edition is not None:
                found.append((one.language, edition))
    return found


def _file_name(edition: Edition) -> str:
    """Return "2021-06-17-werksessie": the day of the session and its title, in letters that every system takes."""
    day = edition.session.starts_at.astimezone(edition.session.zone).date().isoformat()
    plain = unicodedata.normalize("NFKD", edition.session.title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_NAME].strip("-")
    return f"{day}-{slug}" if slug else day
