"""Topics and themes that go by words of a note: when the note says them no more, they go by another name."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.harvest.words import folded
from bot.impressions import Impression
from bot.proposals import ALIKE, likeness, title_of
from bot.themes import Decided, Kind
from bot.trail.theming import OFFERED
from bot.worksessions import WorkSession
from storage import proposals, worksessions
from storage.themes import ThemeAliasRow, ThemeCarrierRow, ThemeChangeRow, ThemeProposalRow, ThemeRow, proposing
from storage.trail.rows import TrailRow, TrailValueRow
from storage.worksessions.rows import TopicRow, WorkSessionRegionRow, WorkSessionRow

FEWEST_WORDS = 3
"""So many words are somebody's; a title of one or two is what everybody calls it."""


@dataclass(frozen=True)
class Named:
    """Words of a note that became a name; `topic` and `theme` where it is known of which, `proposal` by which way.

    Where it is not known, they stand in the agenda of a `region` since some moment, and may have been ticked there.
    """

    words: str
    topic: str = ""
    theme: str = ""
    proposal: str = ""
    region: str = ""
    since: datetime | None = None

    def says(self, name: str) -> bool:
        """Say whether a name is these words; of a topic that was made of them also when it was changed a little."""
        plain, own = folded(name), folded(_bare(self.words))
        if not plain or not own:
            return False
        return plain == own or (bool(self.topic) and (own in plain or likeness([name], [self.words]) >= ALIKE))


def names_of(db: Session, known: Impression) -> list[Named]:
    """Return the words of a note, as it was until now, under which something may go: of proposals, agendas, themes."""
    team, found = known.team, list[Named]()
    for proposal in proposals.chosen_of_note(db, team, known.id):
        found += [
            Named(words, proposal.topic or "", proposal=proposal.id)
            for words in dict.fromkeys((proposal.original, proposal.name))
            if words
        ]
    titles = (
        select(TrailValueRow.text, TrailRow.region_id, TrailRow.made_at)
        .join(TrailRow, (col(TrailRow.team_id) == TrailValueRow.team_id) & (col(TrailRow.id) == TrailValueRow.trail_id))
        .where(
            TrailValueRow.team_id == team,
            TrailValueRow.impression_id == known.id,
            TrailValueRow.name == "title",
            col(TrailRow.kind).in_([kind.value for kind in OFFERED]),
        )
    )
    found += [
        Named(title_of(title), region=region or "", since=made_at)
        for title, region, made_at in db.exec(titles)
        if len(title.split()) >= FEWEST_WORDS
    ]
    made = (
        select(ThemeProposalRow.theme_id, ThemeCarrierRow)
        .join(
            ThemeCarrierRow,
            (col(ThemeCarrierRow.team_id) == ThemeProposalRow.team_id)
            & (col(ThemeCarrierRow.proposal_id) == ThemeProposalRow.id),
        )
        .where(
            ThemeProposalRow.team_id == team,
            ThemeProposalRow.state == Decided.MADE.value,
            ThemeProposalRow.kind == Kind.NEW.value,
            ThemeCarrierRow.impression_id == known.id,
            ThemeCarrierRow.name_end > 0,
        )
    )
    for theme, carrier in db.exec(made):
        words = known.text(carrier.field)[carrier.name_start : carrier.name_end]
        if theme and words and not _said_elsewhere(db, team, carrier.proposal_id, known.id, words):
            found.append(Named(words, theme=theme))
    return found


def let_names_go(
    db: Session, team: str, found: Sequence[Named], neutral: Callable[[WorkSession, int], str]
) -> list[tuple[WorkSession, str, str]]:
    """Take these words out of every name; returns of each topic its session (as it was), its id and its name now.

    What people chose stays: only the name is another. It is that of what was merged into it, or of its theme where it
    has one of its own, and else a `neutral` one (of a session and a place) until a coordinator gives it one.
    """
    done: list[tuple[WorkSession, str, str]] = []
    rows = {row.id: row for row in db.exec(select(TopicRow).where(TopicRow.team_id == team))} if found else {}
    for named in found:
        others = _others(db, team, named)
        if any(folded(each) == folded(named.words) for each in others):
            continue  # somebody else proposed it in the same words, which are theirs
        hit = [row for row in rows.values() if _goes_by(row, named) and _may_be_ticked(db, row, named)]
        themes = {row.theme_id for row in hit} | ({named.theme} if named.theme else set())
        alike = [row for row in rows.values() if row.theme_id in themes and row not in hit and named.says(row.name)]
        if named.since is None:
            hit += alike
        else:  # somebody gave others that name without the agenda: it is theirs, and so is the theme's
            themes -= {row.theme_id for row in alike}
        fresh = next((each for each in others if not named.says(each)), "")
        for row in hit:
            session = worksessions.one(db, team, row.work_session_id)
            if session is None:
                continue
            theme = db.get(ThemeRow, (team, row.theme_id))
            own = theme.name if theme and not named.says(theme.name) else ""
            row.name = fresh or own or neutral(session, row.position + 1)
            row.short_name = row.name[: row.name.find(" (")][:20] if not fresh and not own else row.name[:20].rstrip()
            db.add(row)
            done.append((session, row.id, row.name))
        for each in sorted(themes):
            now_called = next((row.name for row in hit if row.theme_id == each), "")
            _theme(db, team, each, named, now_called)
        if named.proposal:
            _proposal(db, team, named, rows[named.topic].name if named.topic in rows else "")
        db.flush()
    db.expire_all()
    return done


def give_name(db: Session, team: str, topics: Collection[str], name: str, short: str, was: str) -> None:
    """Give topics the name that their theme got in the place of a neutral one, by which it is not found any more."""
    for topic in topics:
        row = db.get_one(TopicRow, (team, topic))
        row.name, row.short_name = name, short
        db.add(row)
    gone = delete(ThemeAliasRow).where(col(ThemeAliasRow.team_id) == team, col(ThemeAliasRow.folded) == was.casefold())
    db.connection().execute(gone)
    db.flush()
    db.expire_all()


def topics_called(db: Session, team: str, themes: Collection[str], name: str) -> Mapping[str, tuple[str, int]]:
    """Return the topics about these themes under this name, with their session and place (from 1)."""
    query = select(TopicRow).where(
        TopicRow.team_id == team, col(TopicRow.theme_id).in_(sorted(themes)), TopicRow.name == name
    )
    return {row.id: (row.work_session_id, row.position + 1) for row in db.exec(query)}


def _goes_by(row: TopicRow, named: Named) -> bool:
    if named.topic:
        return row.id == named.topic and named.says(row.name)
    if named.theme:
        return row.theme_id == named.theme and named.says(row.name)
    return named.says(row.name)


def _may_be_ticked(db: Session, row: TopicRow, named: Named) -> bool:
    """Say whether a topic can come from the agenda: of a session of that region, made since the words stand there."""
    if named.since is None:
        return True
    query = (
        select(WorkSessionRow.id)
        .join(
            WorkSessionRegionRow,
            (col(WorkSessionRegionRow.team_id) == WorkSessionRow.team_id)
            & (col(WorkSessionRegionRow.work_session_id) == WorkSessionRow.id),
        )
        .where(
            WorkSessionRow.team_id == row.team_id,
            WorkSessionRow.id == row.work_session_id,
            WorkSessionRow.created_at >= named.since,
            WorkSessionRegionRow.region_id == named.region,
        )
    )
    return db.exec(query).first() is not None


def _others(db: Session, team: str, named: Named) -> list[str]:
    """The names under which others proposed the same topic, none of them out of a note."""
    found = proposals.bundle_of(db, team, named.proposal) if named.proposal else None
    if found is None:
        return []
    return [each.name for each in found[0].members if each.id != named.proposal and each.origin is None and each.name]


def _proposal(db: Session, team: str, named: Named, now_called: str) -> None:
    """What was proposed goes by the name of its topic: the channel reads it in what came of the call."""
    one = proposals.one(db, team, named.proposal)
    if one is None:
        return
    name = (now_called or one.name) if named.says(one.name) else one.name
    proposals.save(db, [replace(one, name=name, original=name, short_name="", origin=None, version=one.version + 1)])


def _theme(db: Session, team: str, theme: str, named: Named, now_called: str) -> None:
    row = db.get(ThemeRow, (team, theme))
    if row is None:
        return
    for alias in db.exec(
        select(ThemeAliasRow).where(ThemeAliasRow.team_id == team, ThemeAliasRow.theme_id == theme)
    ).all():
        if named.says(alias.alias) or (named.says(row.name) and alias.alias == row.short_name):
            db.delete(alias)
    for change in db.exec(
        select(ThemeChangeRow).where(ThemeChangeRow.team_id == team, ThemeChangeRow.theme_id == theme)
    ).all():
        change.before, change.after = _without(change.before, named), _without(change.after, named)
        db.add(change)
    if named.says(row.name):
        row.name, row.short_name = now_called, ""
        row.version += 1
        db.add(row)
        db.flush()
        if now_called:
            db.add(ThemeAliasRow(team_id=team, theme_id=theme, alias=now_called, folded=now_called.casefold()))
    db.flush()


def _without(text: str, named: Named) -> str:
    """What the trail of a theme keeps: a name, or a list of names; these words go out of either."""
    if text.startswith("["):
        return json.dumps([each for each in json.loads(text) if not named.says(each)], ensure_ascii=False)
    return "" if named.says(text) else text


def _said_elsewhere(db: Session, team: str, proposal: str, note: str, words: str) -> bool:
    """Say whether a note that stands carries the same name: then it is not only this one's."""
    carriers = select(ThemeCarrierRow.impression_id).where(
        ThemeCarrierRow.team_id == team, ThemeCarrierRow.proposal_id == proposal, ThemeCarrierRow.impression_id != note
    )
    texts = proposing.texts(db, team, list(db.exec(carriers)))
    return any(folded(words) in folded(text) for text in texts.values())


def _bare(name: str) -> str:
    return name.removesuffix("…")
