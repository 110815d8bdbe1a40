"""Who takes part: accounts as Slack knows them, regions that people choose, and people whom a coordinator adds."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.delivery import is_busy, wait_before_retry
from bot.problem import Refused
from bot.programme import GRANTED, Action, Region, Role, allow
from handlers.delivery import Render, reply_of
from handlers.routing import Answer, Click, Routes
from handlers.views import programme as views
from handlers.world import Asker, World, read_account
from storage import audit, inbox, programme, tombstones
from storage.audit import Deed

MOST_WAITS = 30
"""So often Slack may say "later" while we ask who is there; after that it is asked at the next start."""


async def sync(world: World, team: str) -> None:
    """Take over from Slack who is in the workspace: names, languages, guests, and accounts that were switched off."""
    cursor: str | None = None
    waits = 0
    while True:
        await world.turns.wait(team, "users.list")
        try:
            page = await world.slack_of(team).users_list(limit=200, cursor=cursor, include_locale=True)
        except SlackApiError as error:
            reply, waits = reply_of(error), waits + 1
            if not is_busy(reply) or waits > MOST_WAITS:
                raise
            world.turns.hold(team, "users.list", wait_before_retry(reply, waits))
            continue
        accounts = [account for user in page["members"] if (account := read_account(user, team)) is not None]

        def save(db: Session, found: list[programme.Account] = accounts) -> None:
            for account in found:
                if not _stays_forgotten(db, team, account.user):
                    programme.save_account(db, team, account)

        await world.database.write(save)
        more = page.get("response_metadata")
        follows = more.get("next_cursor") if isinstance(more, Mapping) else None
        if not isinstance(follows, str) or follows in ("", cursor):  # the last page, or one that points at itself
            return
        cursor = follows


def _stays_forgotten(db: Session, team: str, user: str) -> bool:
    """Whether somebody asked to be forgotten and did not come back by themselves: Slack's list does not bring them."""
    return not programme.is_known(db, team, user) and tombstones.is_erased(db, team, "person", user)


async def account_changed(click: Click, world: World) -> Answer:
    """Somebody's account changed in Slack: their name, language or standing. Old news changes nothing."""
    user = click.body.get("user") or {}
    account = read_account(user, click.team)
    if account is None:
        return Answer()

    def save(db: Session) -> None:
        if not inbox.first(db, click.team, click.key, world.now()) or _stays_forgotten(db, click.team, account.user):
            return
        if inbox.is_newest(db, click.team, f"u:{account.user}", _number(user.get("updated")), world.now()):
            programme.save_account(db, click.team, account)

    await world.write(save)
    return Answer()


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, float, str)) and str(value).isdecimal() else 0


async def choose_region(click: Click, world: World) -> Answer:
    """Somebody said to which region they belong: a button, or a choice from a list."""
    asker, region = await world.write(partial(_set_region, click, world))
    if region is None:
        text = asker.words("programme.region_skipped")
    else:
        text = asker.words("programme.region_set", region=views.name_of(region))
    return Answer(then=[world.whisper(click, text, replace=bool(click.response_url))])


def _set_region(click: Click, world: World, db: Session) -> tuple[Asker, Region | None]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SET_OWN_REGION)
    region = programme.region(db, click.team, click.value) if click.value != "none" else None
    if region is None and click.value != "none":
        raise Refused("programme.region_gone")
    if inbox.first(db, click.team, click.key, world.now()):
        programme.set_region(db, click.team, click.user, region.id if region else None, world.now())
    return asker, region


async def open_people(click: Click, world: World) -> Answer:
    """The coordinator wants to add people."""

    def look(db: Session) -> tuple[Asker, list[Region]]:
        asker = world.asker(db, click)
        allow(asker.member, Action.MANAGE_PEOPLE)
        return asker, programme.regions(db, click.team)

    asker, regions = await world.database.read(look)
    return Answer(then=[world.open(click, views.people_form(regions, asker.words))])


async def save_people(click: Click, world: World) -> Answer:
    """The coordinator handed in people with a region and roles."""
    users, roles = click.many("people"), frozenset(Role(r) for r in click.many("roles") if r in set(GRANTED))

    def save(db: Session) -> None:
        asker = world.asker(db, click)
        allow(asker.member, Action.MANAGE_PEOPLE)
        region = programme.region(db, click.team, click.text("region"))
        if inbox.first(db, click.team, click.key, world.now()):
            for user in users:
                known = programme.member(db, click.team, user)
                # Whoever we have not met may be a stranger from another workspace: no rights until Slack was asked.
                granted = roles if programme.is_known(db, click.team, user) else roles | {Role.OUTSIDER}
                where = region.id if region else None
                programme.save_member(db, click.team, user, name=known.name or None, region_id=where, roles=granted)
                now, told = world.now(), {"roles": ",".join(sorted(granted))}
                who = audit.person(db, click.team, user)
                audit.record(db, click.team, Deed.ROLES_CHANGED, now, actor=click.user, subject=who, details=told)

    await world.write(save)
    return Answer(then=[enrol_all(world, click.team, users)])


async def get_to_know(world: World, team: str, user: str, check: Callable[[Session], object]) -> None:
    """Ask Slack who somebody is whom a click names, where we have not met; after a `check` of who clicked.

    Raises what `check` raises: whoever may not do this lets us ask Slack nothing.
    """

    def look(db: Session) -> bool:
        check(db)
        return bool(user) and not programme.is_known(db, team, user)

    if await world.database.read(look):
        await enrol_all(world, team, [user])


async def enrol_all(world: World, team: str, users: Iterable[str]) -> None:
    """Ask Slack who these people are; one that Slack does not know is passed over."""
    for user in users:
        try:
            await world.enrol(team, user)
        except SlackApiError:
            continue


ROUTES = Routes(
    actions={"programme.region": choose_region, "programme.people": open_people},
    forms={"programme.people": save_people},
    events={"user_change": [account_changed]},
)
MESSAGES: dict[str, Render] = {}
