"""`oogst roster FILE.csv`: who takes part, in which region, with which roles. Safe to repeat.

The columns are user, region, channel, roles, sector and holidays (Dutch names work too); a row without a user only
makes the region. A user is an id, @name or name as in Slack; a channel is an id or a name; roles are separated by
commas; a sector is a word of your own, such as school or gemeente, by which groups are mixed; holidays are Noord,
Midden or Zuid, for where the schools of the region have theirs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.calendar import SCHOOL_REGIONS
from bot.programme import Role, parse_roles
from handlers.ids import new_id, new_secret
from handlers.refusals import why
from handlers.settings import SlackSettings
from handlers.terminal.moment import now
from handlers.terminal.participants import write_down_roles
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, CROSS, DONE, Screen, make_screen, settings_or_stop
from handlers.terminal.workspace import Channel, Identity, Person, SlackRefused, Workspace, called
from handlers.words import Words
from storage import database, programme, schema

COLUMNS = {
    "user": ("user", "gebruiker", "persoon", "naam"),
    "region": ("region", "regio", "netwerk"),
    "channel": ("channel", "kanaal"),
    "roles": ("roles", "role", "rollen", "rol"),
    "sector": ("sector", "branche"),
    "holidays": ("holidays", "vakantie", "vakanties", "schoolvakantie", "schoolvakanties"),
}
LONGEST_SECTOR = 60
LARGEST = 5_000_000
"""Bytes: a roster of a hundred thousand people is smaller."""


@dataclass(frozen=True)
class Row:
    """One line of the file, looked up in Slack."""

    person: Person | None
    region: str
    channel: str | None
    roles: frozenset[Role]
    sector: str = ""
    holidays: str = ""


@dataclass
class Outcome:
    """What a roster changed."""

    regions: int = 0
    people: int = 0
    same: int = 0


class BadRoster(Exception):
    """The file cannot be used; `problems` has one line for each thing to repair."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the lines."""
        super().__init__("\n".join(problems))
        self.problems = problems


def roster(env_file: Path, file: Path) -> int:
    """Take over a roster: all of it, or nothing when a line is wrong. Returns the exit code."""
    screen = make_screen(env_file)
    settings = settings_or_stop(SlackSettings, env_file, screen)
    slack = Workspace(settings.api_url, settings.bot_token.get_secret_value())
    try:
        lines = read(file, screen.words)
        schema.upgrade(settings.database)
        identity = slack.identity()
        people, channels = slack.people(identity.team), slack.channels()
        rows = look_up(lines, people, channels, screen.words)
    except BadRoster as bad:
        for problem in bad.problems:
            screen.complain(problem)
        screen.complain(screen.words("roster.nothing_changed"))
        return BAD_DATA
    except database.Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return BAD_SETTINGS
    except SlackRefused as refused:
        screen.complain(refused.repair(screen.words))
        return CROSS
    opened = database.Database(settings.database)
    try:
        save = partial(_save, settings=settings, identity=identity, people=people, rows=rows)
        outcome = opened.write_now(partial(save, at=now(settings)))
    finally:
        opened.close()
    _tell(outcome, screen)
    _tell_where_the_bot_is_missing(rows, channels, identity, screen)
    return DONE


def read(file: Path, words: Words) -> list[tuple[int, Mapping[str, str]]]:
    """Read the file into numbered rows with the columns of `COLUMNS`. Raises BadRoster.

    Excel writes semicolons and Windows letters where Dutch is spoken, so both are understood.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadRoster([words("roster.unreadable", file=file, reason=why(error, words))]) from None
    if len(raw) > LARGEST:
        raise BadRoster([words("roster.too_large", file=file)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        numbered = [(table.line_num, [cell.strip() for cell in line]) for line in table]
    except csv.Error as error:
        raise BadRoster([words("roster.unreadable", file=file, reason=str(error))]) from None
    if not numbered:
        raise BadRoster([words("roster.empty", file=file)])
    places = {_column(name): place for place, name in enumerate(numbered[0][1])}
    if not {"user", "region"} & places.keys():
        raise BadRoster([words("roster.columns", columns=", ".join(COLUMNS))])
    found: list[tuple[int, Mapping[str, str]]] = []
    for number, line in numbered[1:]:
        row = {name: line[places[name]] if name in places and places[name] < len(line) else "" for name in COLUMNS}
        if any(row.values()):
            found.append((number, row))
    if not found:
        raise BadRoster([words("roster.empty", file=file)])
    return found


def look_up(
    lines: list[tuple[int, Mapping[str, str]]], people: list[Person], channels: list[Channel], words: Words
) -> list[Row]:
    """Find the people and channels of a roster in Slack. Raises BadRoster with every line that does not fit."""
    by_name = {name: channel for channel in channels for name in (channel.id, channel.name)}
    problems, rows = [], []
    for number, line in lines:
        asked, channel = line["user"], line["channel"].lstrip("#")
        found = called(people, asked)
        person = found[0] if len(found) == 1 else None
        if asked and not found:
            problems.append(words("roster.nobody", line=number, user=asked))
        elif asked and person is None:
            names = words.list(f"@{each.handle}" for each in found[:5])
            problems.append(words("roster.several", line=number, user=asked, names=names))
        if channel and channel not in by_name:
            problems.append(words("roster.no_channel", line=number, channel=channel))
        if channel and not line["region"]:
            problems.append(words("roster.no_region", line=number, channel=channel))
        try:
            roles = parse_roles(line["roles"])
        except ValueError as unknown:
            problems.append(words("roster.no_role", line=number, role=str(unknown)))
            continue
        place = by_name[channel].id if channel in by_name else None
        holidays = line["holidays"].strip().capitalize()
        if holidays and (holidays not in SCHOOL_REGIONS or not line["region"]):
            problems.append(words("roster.no_holidays", line=number, holidays=line["holidays"][:40]))
        sector = " ".join(line["sector"].split())[:LONGEST_SECTOR]
        rows.append(Row(person, line["region"], place, roles, sector, holidays))
    if problems:
        raise BadRoster(problems)
    return rows


def _column(name: str) -> str:
    folded = name.casefold().strip()
    return next((column for column, names in COLUMNS.items() if folded in names), folded)


def _save(
    db: Session, settings: SlackSettings, identity: Identity, people: list[Person], rows: list[Row], at: datetime
) -> Outcome:
    made = settings.programme(identity.team, identity.bot_user, new_secret())
    programme.save_programme(db, made, identity.team_name)
    known = {member.user for member in programme.members(db, identity.team)}
    for each in people:
        programme.save_account(db, identity.team, each.account)
    outcome = Outcome()
    for row in rows:
        region: str | None = None
        if row.region:
            region, changed = programme.save_region(db, identity.team, row.region, row.channel, new_id("rg"))
            if row.holidays:
                changed = programme.set_holidays(db, identity.team, region, row.holidays) or changed
            outcome.regions += changed
        if row.person:
            account = row.person.account
            before = programme.member(db, identity.team, account.user).roles
            changed = programme.save_member(
                db,
                identity.team,
                account.user,
                name=account.name,
                region_id=region,
                roles=row.roles,
                sector=row.sector,
            )
            write_down_roles(db, identity.team, account.user, before, "roster", at)
            changed = changed or account.user not in known
            outcome.people += changed
            outcome.same += not changed
    return outcome


def _tell(outcome: Outcome, screen: Screen) -> None:
    words = screen.words
    screen.good(words.count("roster.regions", outcome.regions))
    screen.good(words.count("roster.people", outcome.people))
    if outcome.same:
        screen.off(words.count("roster.same", outcome.same))


def _tell_where_the_bot_is_missing(
    rows: list[Row], channels: list[Channel], identity: Identity, screen: Screen
) -> None:
    used = {row.channel for row in rows}
    missing = [f"#{channel.name}" for channel in channels if channel.id in used and not channel.has_bot]
    if missing:
        names = screen.words.list(missing)
        screen.warn(screen.words("doctor.channels_missing", channels=names, handle=identity.handle))
