"""Who takes part in the programme, and asking the table what they may do."""

from dataclasses import dataclass
from datetime import datetime

from bot.problem import Refused
from bot.programme.roles import STANDINGS, Role
from bot.programme.table import ALLOWED, Action, Reach


@dataclass(frozen=True)
class Region:
    """A network that takes part, with the channel in which it reads its weekly digest.

    `holidays` is where its schools have their holidays: "Noord", "Midden", "Zuid", or "" where nobody said.
    """

    id: str
    name: str
    channel: str | None
    digest_weekday: int = 1
    digest_time: str = "09:00"
    holidays: str = ""


@dataclass(frozen=True)
class Programme:
    """One workspace: the language of its channel posts, its time zone, and its word for "region"."""

    team: str
    language: str
    timezone: str
    region_word: str
    secret: str
    bot_user: str = ""
    bot_id: str = ""


@dataclass(frozen=True)
class Member:
    """A person in the workspace. `roles` are those the database holds, never those a payload claims.

    Until `quiet_until` they get no messages that nobody asked for. `timezone` is the IANA zone of their Slack profile,
    "" where Slack did not tell.
    """

    team: str
    user: str
    name: str
    roles: frozenset[Role]
    region: str | None = None
    locale: str = ""
    direct_channel: str | None = None
    sector: str = ""
    quiet_until: datetime | None = None
    timezone: str = ""

    @property
    def coordinates(self) -> bool:
        """Whether this person sets up sessions and publishes."""
        return may(self, Action.PUBLISH)

    @property
    def takes_part(self) -> bool:
        """Whether this person may be counted among the invited."""
        return not self.roles & {Role.OUTSIDER, Role.DEACTIVATED}


def outsider(team: str, user: str) -> Member:
    """Return how somebody counts whom the programme does not know."""
    return Member(team, user, "", frozenset({Role.OUTSIDER}))


@dataclass(frozen=True)
class Place:
    """How a person relates to the group, text or region an action is about; `NOWHERE` where none is concerned.

    `belongs` says that it is about a region, and that this is theirs.
    """

    seated: bool = False
    leads: bool = False
    wrote: bool = False
    belongs: bool = False


NOWHERE = Place()


def may(member: Member, action: Action, place: Place = NOWHERE) -> bool:
    """Say whether the table lets this member do this here.

    A standing that follows from the account (outsider, deactivated, guest) outweighs every granted role; leading
    a group counts as being its facilitator.
    """
    standing = next((role for role in STANDINGS if role in member.roles), None)
    granted = [*member.roles, Role.FACILITATOR] if place.leads else [*member.roles]
    roles = granted if standing is None else [standing]
    row = ALLOWED[action]
    reaches = {row[role] for role in roles}
    return Reach.ANY in reaches or (
        Reach.OWN in reaches and any((place.seated, place.leads, place.wrote, place.belongs))
    )


def allow(member: Member, action: Action, place: Place = NOWHERE) -> None:
    """Let the member pass. Raises Refused with a sentence that says who can do it instead."""
    if not may(member, action, place):
        raise Refused(f"programme.refused.{action.value}")


def missing(member: Member, action: Action, key: str) -> Refused:
    """Return how to say that a thing is not there: to who may not see every such thing, just as if it were another's.

    So nobody learns by trying ids what there is in other groups. `key` is the sentence for who may know.
    """
    return Refused(key if may(member, action) else f"programme.refused.{action.value}")
