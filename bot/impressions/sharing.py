"""Handing in, changing and withdrawing: who speaks for a group, and what an impression must have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.impressions.records import LONGEST, PARTS, Contents, Impression, QuoteUse, Source
from bot.problem import Problem
from bot.programme import Action, Member, Place, may
from bot.selection import Group

CHANGE_WINDOW = timedelta(hours=24)


def check(contents: Contents) -> list[Problem]:
    """Return what has to be repaired before an impression can be kept."""
    problems = [] if contents.takeaway.strip() else [Problem("takeaway", "impressions.problem.takeaway")]
    for part in PARTS:
        now = len(str(getattr(contents, part)))
        if now > LONGEST:
            problems.append(Problem(part, "impressions.problem.too_long", {"most": LONGEST, "now": now}))
    return problems


def change(
    impression: Impression, contents: Contents, now: datetime, *, from_message: bool = False, by: str = ""
) -> Impression:
    """Return the next version, written by its author where it is left open `by` whom.

    One that somebody rewrote in a form no longer follows the message it came from. Of a message that was taken into
    the form only the takeaway has to be the same: the rest was typed beside it.

    Other words in the quote are another quote: who said it, and what may be done with it, is asked anew. Where the
    earlier words were to stay in the group, these do too until then: a full stop more does not undo a no.
    """
    unchanged = impression.source is Source.MESSAGE and contents.takeaway == impression.contents.takeaway
    follows = impression.follows_message and (from_message or unchanged)
    same_quote = contents.quote == impression.contents.quote
    other_use = QuoteUse.OPEN if impression.quote_use.may_be_published else QuoteUse.KEPT
    return replace(
        impression,
        contents=contents,
        quote_by=impression.quote_by if same_quote else "",
        quote_use=impression.quote_use if same_quote else other_use,
        version=impression.version + 1,
        updated_at=now,
        withdrawn_at=None,
        follows_message=follows,
        changed_by="" if by == impression.author else by,
    )


def withdraw(impression: Impression, now: datetime) -> Impression:
    """Return the impression without its words."""
    return replace(
        impression,
        contents=Contents(""),
        version=impression.version + 1,
        updated_at=now,
        withdrawn_at=now,
        quote_by="",
        quote_use=QuoteUse.OPEN,
        changed_by="",
    )


def place_of(group: Group, user: str) -> Place:
    """Say how somebody relates to a group."""
    return Place(seated=user in group.people, leads=user == group.facilitator)


def speaks_for(member: Member, group: Group) -> bool:
    """Say whether a plain reply of this person can be the group's impression.

    The person has the right to share one, and leads or sits in the group: a coordinator who drops by only talks.
    """
    return group.has(member.user) and may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))


def own_groups(member: Member, groups: Sequence[Group]) -> list[Group]:
    """Return the groups for which this person may hand in, those they lead or sit in first choice."""
    mine = [group for group in groups if speaks_for(member, group)]
    return mine or [group for group in groups if may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))]
