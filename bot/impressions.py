"""What a group hands in after its talk: a takeaway, and perhaps a quote, an open question and an offer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.harvest import split
from bot.problem import Problem
from bot.programme import Action, Member, Place, may
from bot.selection import Group

LONGEST = 3000
"""Characters in one part: what a field of a form takes."""
FEWEST_WORDS = 5
"""A reply of fewer words ("Top, dank!") is talk."""
CHANGE_WINDOW = timedelta(hours=24)
PARTS = ("takeaway", "quote", "question", "offer")


class Source(StrEnum):
    """By which way an impression came in."""

    FORM = "form"
    MESSAGE = "message"
    REPLY = "reply"
    MATERIAL = "material"


@dataclass(frozen=True)
class Contents:
    """The four parts, exactly as typed; a part that was left open is empty."""

    takeaway: str
    quote: str = ""
    question: str = ""
    offer: str = ""


@dataclass(frozen=True)
class Impression:
    """What one group handed in. `version` counts its changes from 1; a withdrawn one has no words left."""

    id: str
    team: str
    work_session: str
    group: str
    source: Source
    author: str
    contents: Contents
    created_at: datetime
    updated_at: datetime
    version: int = 1
    withdrawn_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    follows_message: bool = False

    def text(self, part: str) -> str:
        """Return the stored words of one of PARTS; the offsets of an article count in these."""
        return str(getattr(self.contents, part))


@dataclass(frozen=True)
class Heard:
    """What is known of a message in Slack, without its words: its newest edit, and whether it is gone.

    It outlives the message, so that a late "created" after an edit or a deletion changes nothing. `declined` says
    that its writer does not want it kept.
    """

    edited: str = ""
    gone: bool = False
    declined: bool = False


def check(contents: Contents) -> list[Problem]:
    """Return what has to be repaired before an impression can be kept."""
    problems = [] if contents.takeaway.strip() else [Problem("takeaway", "impressions.problem.takeaway")]
    for part in PARTS:
        now = len(str(getattr(contents, part)))
        if now > LONGEST:
            problems.append(Problem(part, "impressions.problem.too_long", {"most": LONGEST, "now": now}))
    return problems


def change(impression: Impression, contents: Contents, now: datetime, *, from_message: bool = False) -> Impression:
    """Return the next version. One that somebody rewrote in a form no longer follows the message it came from."""
    follows = impression.follows_message and (from_message or contents.takeaway == impression.contents.takeaway)
    return replace(
        impression,
        contents=contents,
        version=impression.version + 1,
        updated_at=now,
        withdrawn_at=None,
        follows_message=follows,
    )


def withdraw(impression: Impression, now: datetime) -> Impression:
    """Return the impression without its words."""
    return replace(impression, contents=Contents(""), version=impression.version + 1, updated_at=now, withdrawn_at=now)


def place_of(group: Group, user: str) -> Place:
    """Say how somebody relates to a group."""
    return Place(seated=user in group.people, leads=user == group.facilitator)


def speaks_for(member: Member, group: Group) -> bool:
    """Say whether a plain reply of this person can be the group's impression.

    The person has the right to share one, and leads or sits in the group: a coordinator who drops by only talks.
    """
    return group.has(member.user) and may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))


def reads_as_impression(text: str) -> bool:
    """Say whether a reply tells something: at least five words and at least one sentence that is no question.

    A longer one than a form takes is no impression either; its writer is told so.
    """
    if len(text) > LONGEST or len(re.findall(r"[^\W_]+", text)) < FEWEST_WORDS:
        return False
    return any(not text[span.start : span.end].rstrip("\"'’”») ").endswith("?") for span in split(text))


def is_newer(known: Heard | None, edited: str) -> bool:
    """Say whether this edit (its `ts`, "" for the message as first posted) tells more than what is known."""
    if known is None:
        return True
    return not known.gone and not known.declined and _moment(edited) > _moment(known.edited)


def as_typed(text: str) -> str:
    """Turn the text of a Slack message back into what was typed: Slack writes three characters as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def own_groups(member: Member, groups: Sequence[Group]) -> list[Group]:
    """Return the groups for which this person may hand in, those they lead or sit in first choice."""
    mine = [group for group in groups if speaks_for(member, group)]
    return mine or [group for group in groups if may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))]


def _moment(ts: str) -> Decimal:
    try:
        return Decimal(ts or 0)
    except InvalidOperation:
        return Decimal(0)
