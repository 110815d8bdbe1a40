"""The last step of `oogst setup`: who coordinates, and which regions take part."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.programme import Role
from handlers.ids import new_id, new_secret
from handlers.practice import owe_welcome
from handlers.settings import Settings
from handlers.terminal.moment import now
from handlers.terminal.screen import Screen
from handlers.terminal.workspace import Channel, Identity, Person, Workspace, called, called_like
from storage import audit, database, programme
from storage.audit import Deed

MOST_SHOWN = 30
"""So many people fit on a screen; more are found by typing a part of the name."""


def ask_programme(settings: Settings, slack: Workspace, identity: Identity, screen: Screen) -> None:
    """Ask for a coordinator, when there is none, and for regions, and write both. Raises SlackRefused."""
    screen.show()
    screen.say("setup.step_5")
    opened = database.Database(settings.database)
    try:
        known = opened.read_now(partial(programme.coordinators, team=identity.team))
        if known:
            screen.off(screen.words("setup.coordinator_known", names=screen.words.list(one.name for one in known)))
            coordinator = None
        else:
            coordinator = _choose_person(slack.people(identity.team), screen)
        regions = opened.read_now(partial(programme.regions, team=identity.team))
        if regions:
            names = screen.words.list(region.name for region in regions)
            screen.off(screen.words.count("setup.regions_known", len(regions), names=names))
        channels = slack.channels()
        named = _ask_regions(channels, settings.region_word, screen)
        save = partial(_save, settings=settings, identity=identity, coordinator=coordinator, regions=named)
        opened.write_now(partial(save, at=now(settings)))
    finally:
        opened.close()
    if coordinator:
        screen.good(screen.words("setup.coordinator_set", name=coordinator.account.name))
    if named:
        screen.good(screen.words.count("setup.regions_found", len(named), names=screen.words.list(named)))
    screen.off(screen.words("setup.model_not_now"))


def _choose_person(people: list[Person], screen: Screen) -> Person:
    able = [person for person in people if not (person.account.guest or person.account.stranger)]
    for number, person in enumerate(able[:MOST_SHOWN], start=1):
        screen.show(f"  {number:>3}  {person.account.name} (@{person.handle})")
    if len(able) > MOST_SHOWN:
        screen.say("setup.more_people", count=screen.words.number(len(able) - MOST_SHOWN))
    while True:
        answer = screen.ask("setup.coordinator_ask").lstrip("@")
        if answer.isdecimal() and 1 <= int(answer) <= min(len(able), MOST_SHOWN):
            return able[int(answer) - 1]
        found = called(able, answer) or called_like(able, answer)
        if len(found) == 1:
            return found[0]
        if found:
            names = screen.words.list(f"{person.account.name} (@{person.handle})" for person in found[:MOST_SHOWN])
            screen.warn(screen.words("setup.coordinator_several", names=names))
        else:
            screen.warn(screen.words("setup.coordinator_nobody"))


def _ask_regions(channels: list[Channel], word: str, screen: Screen) -> dict[str, str | None]:
    """Ask for regions, one on each line. Returns their names with the channel of each, where there is one."""
    by_name = {channel.name: channel for channel in channels}
    prefix = f"{word.casefold().replace(' ', '-')}-"
    offered = [channel for channel in channels if channel.name.startswith(prefix)]
    screen.say("setup.regions_how")
    if offered:
        names = screen.words.list(f"#{channel.name}" for channel in offered)
        screen.say("setup.regions_from_channels", names=names)
    named: dict[str, str | None] = {}
    while line := screen.ask("setup.region_ask", default=""):
        if line == "#":
            named |= {_name_of(channel, prefix, word): channel.id for channel in offered}
        elif line.startswith("#"):
            channel = by_name.get(line.removeprefix("#"))
            if channel is None:
                screen.warn(screen.words("setup.no_such_channel", name=line))
            else:
                named[_name_of(channel, prefix, word)] = channel.id
        else:
            channel = by_name.get(prefix + line.casefold().replace(" ", "-"))
            named[line] = channel.id if channel else None
    return named


def _name_of(channel: Channel, prefix: str, word: str) -> str:
    """Make a name of a channel: "regio-nieuwe-waterweg" is Nieuwe Waterweg, "regio-3" is Regio 3."""
    words = channel.name.removeprefix(prefix).replace("-", " ").replace("_", " ")
    return f"{word} {words}".capitalize() if words.isdecimal() else words.title()


def _save(
    db: Session,
    settings: Settings,
    identity: Identity,
    coordinator: Person | None,
    regions: dict[str, str | None],
    at: datetime,
) -> None:
    """Write what was asked, in one go, and owe the coordinator a first message; the same again changes nothing."""
    made = settings.programme(identity.team, identity.bot_user, new_secret())
    programme.save_programme(db, made, identity.team_name)
    for name, channel in regions.items():
        programme.save_region(db, identity.team, name, channel, new_id("rg"))
    if coordinator:
        account = coordinator.account
        programme.save_account(db, identity.team, account)
        before = programme.member(db, identity.team, account.user).roles
        roles = before | {Role.COORDINATOR}
        programme.save_member(db, identity.team, account.user, name=account.name, region_id=None, roles=roles)
        write_down_roles(db, identity.team, account.user, before, "setup", at)
    for one in programme.coordinators(db, identity.team):
        owe_welcome(db, identity.team, one.user, at)


def write_down_roles(db: Session, team: str, user: str, before: frozenset[Role], door: str, at: datetime) -> None:
    """Let the trail tell that a command of this name gave somebody other roles than before; nothing where it did not.

    Nobody is named as who did it: whoever sits at the terminal has no account here.
    """
    roles = programme.member(db, team, user).roles
    if roles != before:
        told = {"roles": ",".join(sorted(roles)), "door": door}
        audit.record(db, team, Deed.ROLES_CHANGED, at, subject=audit.person(db, team, user), details=told)
