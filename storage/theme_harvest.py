"""Everything there is about a theme, for its harvest document; and who was sent one that says a sentence.

Nothing is copied here: the documents are made from live rows, and only ids say what stands in one that was sent.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, col, select

from bot.article import Part, PublishedSentence, Run
from bot.harvest import Theme, final, split, variants
from bot.harvest.aliases import mined
from bot.harvest.words import folded
from bot.promises import STANDING, Told
from bot.promises import State as PromiseState
from bot.theme_harvest import Gathered, Passage
from bot.themes import belongs, related, themes_of_sentences
from storage import delivery, harvest, programme, promises, themes, writing
from storage.impressions import ImpressionRow, MaterialRow
from storage.rows import Row
from storage.themes import ImpressionThemeRow

LONG_WORD = 14
"""Letters from which on one word is a name: "onderwijszorgarrangementen", and not "samenwerking"."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class ThemeHarvestCitationRow(Row, table=True):
    """A published sentence that stands in a document that was sent, by the key of its message or file."""

    __tablename__ = "theme_harvest_citation"
    parcel: str = Field(primary_key=True)
    sentence_id: str = Field(primary_key=True, index=True)
    team_id: str


def shown(db: Session, team: str) -> list[Theme]:
    """Return the themes that have a document: confirmed ones of which something is published or written, by name."""
    everything = themes.lineage(db, team)
    living = {one.id: final(one.id, everything) for one in everything}
    spoken = {theme for sentence in harvest.published_sentences(db, team) for theme in _about(sentence)}
    passages = select(ImpressionThemeRow.theme_id).join(
        ImpressionRow, col(ImpressionRow.id) == ImpressionThemeRow.impression_id
    )
    kept = passages.where(
        ImpressionThemeRow.team_id == team,
        ImpressionRow.team_id == team,
        col(ImpressionRow.material_id).is_not(None),
        col(ImpressionRow.withdrawn_at).is_(None),
    )
    spoken |= set(db.exec(kept.distinct()))
    alive = {living.get(theme, theme) for theme in spoken}
    found = [one for one in everything if one.id in alive and one.status == "active" and one.merged_into is None]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def named(db: Session, team: str, name: str) -> Theme | None:
    """Return the theme that goes by this name, short name or alias, whatever its capitals and accents."""
    wanted = folded(name)
    if not wanted:
        return None
    everything = themes.lineage(db, team)
    for one in everything:
        if wanted in {folded(each) for each in (one.name, one.short_name, *one.aliases, *variants(one))}:
            return _one(final(one.id, everything), everything)
    return None


def one(db: Session, team: str, theme_id: str) -> Theme | None:
    """Return a confirmed theme of this workspace; for one that was merged, the one that stands for it."""
    everything = themes.lineage(db, team)
    if theme_id not in {each.id for each in everything}:
        return None
    return _one(final(theme_id, everything), everything)


def _one(theme_id: str, everything: Sequence[Theme]) -> Theme | None:
    return next((each for each in everything if each.id == theme_id and each.status == "active"), None)


def gather(db: Session, team: str, theme: Theme, since: date | None = None, until: date | None = None) -> Gathered:
    """Return all that was published and brought in about a theme, said from `since` on and up to and with `until`."""
    everything = themes.lineage(db, team)
    own = related(theme.id, everything)
    sentences = tuple(
        sentence
        for sentence in harvest.published_sentences(db, team)
        if _is_about(sentence, own, everything) and _within(sentence.on, since, until)
    )
    passages, others = _passages(db, team, own, everything, since, until)
    articles = {}
    for article in {sentence.article for sentence in sentences}:
        at = delivery.sent(db, team, f"harvest.article:{article}")
        if at:
            articles[article] = delivery.link(*at)
    written = writing.section(db, team, theme.id, [sentence.id for sentence in sentences])
    return Gathered(
        theme=theme,
        sentences=sentences,
        passages=passages,
        others=others,
        promises=_promises(db, team, sentences),
        regions={region.id: region.name for region in programme.regions(db, team)},
        articles=articles,
        written=written.claims if written else (),
    )


def cite(db: Session, team: str, parcels: Iterable[str], sentences: Collection[str]) -> None:
    """Remember which sentences stand in documents that are sent now."""
    keys = list(parcels)
    gone = delete(ThemeHarvestCitationRow).where(
        col(ThemeHarvestCitationRow.team_id) == team, col(ThemeHarvestCitationRow.parcel).in_(keys)
    )
    db.connection().execute(gone)
    rows = [{"parcel": key, "sentence_id": each, "team_id": team} for key in keys for each in sorted(set(sentences))]
    if rows:
        db.connection().execute(insert(ThemeHarvestCitationRow), rows)


def citing(db: Session, team: str, sentences: Collection[str]) -> list[str]:
    """Return the keys of the documents that were sent with one of these sentences."""
    query = select(ThemeHarvestCitationRow.parcel).where(
        ThemeHarvestCitationRow.team_id == team, col(ThemeHarvestCitationRow.sentence_id).in_(list(sentences))
    )
    return sorted(set(db.exec(query)))


def _about(sentence: PublishedSentence) -> tuple[str, ...]:
    return (sentence.theme,) if sentence.theme else sentence.themes


def _is_about(sentence: PublishedSentence, own: frozenset[str], everything: Sequence[Theme]) -> bool:
    if sentence.theme is not None:
        return sentence.theme in own
    return bool(set(sentence.themes) & own) and belongs(sentence.text, sentence.themes, everything, own)


def _within(on: date | None, since: date | None, until: date | None) -> bool:
    if on is None:
        return since is None and until is None
    return (since is None or since <= on) and (until is None or on <= until)


def _passages(
    db: Session,
    team: str,
    own: frozenset[str],
    everything: Sequence[Theme],
    since: date | None,
    until: date | None,
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The passages about the theme, and all others."""
    query = (
        select(MaterialRow, ImpressionRow)
        .join(ImpressionRow, col(ImpressionRow.material_id) == MaterialRow.id)
        .where(MaterialRow.team_id == team, ImpressionRow.team_id == team, col(ImpressionRow.withdrawn_at).is_(None))
        .order_by(MaterialRow.id, col(ImpressionRow.first_line), col(ImpressionRow.id))
    )
    rows = db.exec(query).all()
    own_names = [theme.name for theme in everything if theme.id in own]
    names = _names(everything, [row.takeaway or row.quote for _, row in rows])
    about: dict[str, list[str]] = {}
    placed = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_({row.id for _, row in rows})
    )
    for each in db.exec(placed):
        about.setdefault(each.impression_id, []).append(each.theme_id)
    grouped = {document.id for document, row in rows if row.material_group is not None}
    mine: list[Passage] = []
    rest: list[Passage] = []
    for document, row in rows:
        text = row.takeaway or row.quote
        if not text or not _within(document.on, since, until):
            continue
        year = document.on.year if document.on else _newest_year(document.text)
        found = Passage(
            row.id, document.id, document.title, document.on, year, row.first_line or 1, text, quoted=bool(row.quote)
        )
        placed_in = about.get(row.id, [])
        own_headings = document.id not in grouped and any(name in document.text for name in own_names)
        sure = bool(row.material_group is not None or own_headings or _named(text, names) & own)
        spans = _spans(found, placed_in, own, everything, names) if sure and set(placed_in) & own else ()
        if spans is None or spans:
            mine.append(replace(found, spans=spans))
        else:
            rest.append(found)
    return tuple(mine), tuple(rest)


def _names(everything: Sequence[Theme], texts: Sequence[str]) -> dict[str, frozenset[str]]:
    """By theme id the names, folded, by which a text surely means it; short forms where the texts explain them.

    A single everyday word ("samenwerking", as a short name) means many things.
    """
    short = mined(everything, texts)
    found = {}
    for theme in everything:
        sure = [
            name
            for name in variants(theme)
            if name == theme.name or " " in name.strip() or name.isupper() or len(name) >= LONG_WORD
        ]
        found[theme.id] = frozenset(filter(None, map(folded, (*sure, *short.get(theme.id, ())))))
    return found


def _named(text: str, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The themes that a text names in full. Likeness is not enough for what is published under a theme's name."""
    said = f" {folded(text)}"
    return frozenset(theme for theme, known in names.items() if any(f" {name}" in said for name in known))


def _spans(
    passage: Passage,
    placed: Sequence[str],
    own: frozenset[str],
    everything: Sequence[Theme],
    names: Mapping[str, frozenset[str]],
) -> tuple[tuple[int, int], ...] | None:
    """The sentences of a passage that are about the theme; None for all of a passage that is about nothing else."""
    about = sorted({*placed, *_named(passage.text, names)})
    if not set(about) - own:
        return None
    spans = [(span.start, span.end) for span in split(passage.text)]
    runs = [Run(Part.BODY, passage.id, "takeaway", a, b, passage.text[a:b], 1) for a, b in spans]
    themes_ = themes_of_sentences(runs, {(passage.id, "takeaway"): passage.text}, {passage.id: about}, everything)
    return tuple(span for span, theme in zip(spans, themes_, strict=True) if theme in own)


def _newest_year(text: str) -> int | None:
    """A document without a date is from no earlier than the newest year that it names."""
    return max((int(found) for found in _YEAR.findall(text)), default=None)


def _promises(db: Session, team: str, sentences: Sequence[PublishedSentence]) -> dict[str, list[Told]]:
    """By sentence id what somebody said yes to, also what will not come after all."""
    asked = [one for one in promises.of_impressions(db, team, {s.impression for s in sentences}) if one.is_public]
    found: dict[str, list[Told]] = {}
    for told in promises.told(db, asked):
        state = told.promise.state
        if state not in (*STANDING, PromiseState.KEPT, PromiseState.DROPPED):
            continue
        standing = replace(told, promise=replace(told.promise, state=PromiseState.ACCEPTED))
        for sentence in sentences:
            if standing.stands_in(sentence.impression, sentence.field, sentence.text):
                found.setdefault(sentence.id, []).append(told)
    return found
