"""The sessions of an assignment on its page, the forms that stand in its place, and the line under an invitation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.followup import DatePoll, PollState, Series
from bot.trail import Entry
from bot.trail.follow_ups import Course
from bot.worksessions import WorkSession
from handlers.views.dates import rhythm
from handlers.views.frame import actions, button, context, cut, escaped, section
from handlers.words import Words

MOST = 3
"""So many sessions of each sort are shown; the rest is counted."""
MOST_NAMED = 12
TITLE = 150


@dataclass(frozen=True)
class Came:
    """What came of a session: whether its article is published, of how many impressions, and how many promises."""

    published: bool = False
    notes: int = 0
    promises: int = 0


@dataclass(frozen=True)
class Shown:
    """What is known of the sessions of an assignment.

    `links` and `came` are by session: where it can be read about, and what came of it. `plans` is whether who looks
    may plan one; else `asks` are those who may.
    """

    course: Course
    links: Mapping[str, str]
    came: Mapping[str, Came]
    polls: Sequence[tuple[DatePoll, str]]
    series: Sequence[Series]
    plans: bool
    keeps: bool
    asks: Sequence[str]


def course_of(entry: Entry, shown: Shown, words: Words) -> list[Block]:
    """What comes, what is asked, what was held and what came of it; and for who may, the buttons to plan."""
    found = shown.course
    lines = [_linked(words("trail.follow_up_next", when=_when(one, words)), shown, one, "invitation", words)
             for one in found.coming[:MOST]]  # fmt: skip
    lines += [words("trail.follow_up_off", when=_when(one, words)) for one in found.off[:MOST]]
    lines += [_poll(poll, link, words) for poll, link in shown.polls]
    lines += [words("trail.follow_up_series", rhythm=rhythm(one.rule, words)) for one in shown.series]
    lines += [_held(one, shown, words) for one in found.held[:MOST]]
    if (more := len(found.held) - MOST) > 0:
        lines.append(words.count("trail.more", more))
    if not lines and not shown.keeps:
        return []
    told = [f"• {line}" for line in lines] or [words("trail.follow_up_none")]
    blocks: list[Block] = [section("\n".join([f"*{words('trail.follow_up_title')}*", *told]))]
    if shown.plans:
        name = " ".join(entry.title.split())
        row = [button(words("trail.follow_up_plan"), "worksessions.for_assignment", entry.id,
                      says=words("trail.follow_up_plan_says", name=name))]  # fmt: skip
        if not shown.polls:
            row.append(button(words("trail.follow_up_poll"), "followup.poll_for", entry.id,
                              says=words("trail.follow_up_poll_says", name=name)))  # fmt: skip
        if not shown.series:
            row.append(button(words("trail.follow_up_repeat"), "followup.series_for", entry.id,
                              says=words("trail.follow_up_repeat_says", name=name)))  # fmt: skip
        blocks.append(actions(*row))
    elif shown.asks and shown.keeps:
        people = words.list([f"<@{user}>" for user in shown.asks[:MOST]])
        blocks.append(context(words("trail.follow_up_ask", people=people)))
    return blocks


def soon(session: WorkSession, words: Words) -> str:
    """When the next session is, in one line."""
    return words("trail.follow_up_next", when=_when(session, words))


def _when(session: WorkSession, words: Words) -> str:
    return words.in_zone(session.timezone).period(session.starts_at, session.ends_at)


def _linked(line: str, shown: Shown, session: WorkSession, what: str, words: Words) -> str:
    link = shown.links.get(session.id, "")
    return f"{line} · <{link}|{words(f'trail.follow_up_{what}')}>" if link else line


def _poll(poll: DatePoll, link: str, words: Words) -> str:
    if poll.state is PollState.ENDED:
        line = words("trail.follow_up_poll_ended")
    else:
        line = words("trail.follow_up_poll_runs", deadline=words.in_zone(poll.timezone).moment(poll.deadline))
    return f"{line} · <{link}|{words('trail.follow_up_poll_link')}>" if link else line


def _held(session: WorkSession, shown: Shown, words: Words) -> str:
    day = words.calendar_date(session.starts_at.astimezone(session.zone).date())
    came = shown.came.get(session.id, Came())
    line = words("trail.follow_up_held", day=day, name=escaped(cut(" ".join(session.title.split()), TITLE)))
    if not came.published:
        return f"{line} · {words('trail.follow_up_no_article')}"
    line = _linked(line, shown, session, "article", words)
    counted = [("notes", came.notes), ("promises", came.promises)]
    return " · ".join([line, *(words.count(f"trail.follow_up_{what}", many) for what, many in counted if many)])


def placed(view: View, entry: Entry, below: str, words: Words) -> View:
    """A step of a form that took the place of an assignment: it says for which one it is, and leads back."""
    name = escaped(cut(" ".join(entry.title.split()), TITLE))
    view.blocks = [
        context(words("trail.follow_up_for", name=name)),
        actions(button(words("trail.follow_up_back"), "trail.entry", entry.id)),
        *(view.blocks or []),
    ]
    view.private_metadata = json.dumps({**json.loads(view.private_metadata or "{}"), "entry": entry.id, "below": below})
    return view


def told(entry: Entry, users: Sequence[str], words: Words) -> Block:
    """Under an invitation: for which assignment it is, and who are expected by name."""
    name = escaped(cut(" ".join(entry.title.split()), TITLE))
    if not users:
        return context(words("trail.follow_up_of", name=name))
    people = words.list([f"<@{user}>" for user in users[:MOST_NAMED]])
    return context(words("trail.follow_up_of_people", name=name, people=people))
