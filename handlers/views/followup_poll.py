"""A date poll in its thread, what somebody said, and for the coordinator which date serves most regions."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.followup import Availability, DateOption, DatePoll, PollState, RegionCount, Result, Warned
from handlers.views.followup import capital, own_time
from handlers.views.followup_form import caution, named
from handlers.views.frame import actions, button, context, cut, escaped, form, section
from handlers.words import Words

MOST_IN_DETAIL = 3
"""So many dates are shown per region; of the others only the sum."""
MOST_REGION_LINES = 12
Counted = Mapping[str, Mapping[Availability, int]]


def poll_post(poll: DatePoll, counted: Counted, words: Words) -> tuple[str, list[Block]]:
    """Ask everybody when they can come: a line and three buttons a date; or say what came of it."""
    chosen = poll.option(poll.chosen) if poll.chosen else None
    if poll.state is PollState.CHOSEN and chosen is not None:
        text = words("followup.poll_chose", when=words.period(chosen.starts_at, chosen.ends_at))
    elif poll.state is PollState.CANCELLED:
        text = words("followup.poll_cancelled")
    elif poll.state is PollState.ENDED:
        text = words("followup.poll_ended")
    else:
        dates = words.count("followup.poll_dates", len(poll.standing))
        text = words("followup.poll_ask", dates=dates, deadline=words.moment(poll.deadline))
    is_open = poll.state is PollState.RUNNING
    blocks: list[Block] = [section(f"📅 *{text}*")]
    if is_open:
        blocks.append(context(words("followup.poll_hint", zone=words.city(poll.timezone))))
    for each in poll.standing:
        said = tally(counted.get(each.id, {}), words) or words("followup.nobody_yet")
        blocks.append(section(f"*{capital(words.period(each.starts_at, each.ends_at))}*\n{said}"))
        if is_open:
            blocks.append(_buttons(each, words))
    gone = [each for each in poll.options if each.removed]
    if gone and poll.state in (PollState.RUNNING, PollState.ENDED):
        lines = [words("followup.gone_date", when=words.period(each.starts_at, each.ends_at)) for each in gone]
        blocks.append(context("\n".join(lines)[:2900]))
    if is_open:
        blocks.append(actions(button(words("followup.vote_all"), "followup.vote_all", poll.id)))
    return text, blocks


def own_answers(
    poll: DatePoll, own: Mapping[str, Availability], timezone: str, words: Words
) -> tuple[str, list[Block]]:
    """Confirm to one person what they said to each date, in their own time too where that differs."""
    left = sum(1 for each in poll.standing if each.id not in own)
    text = words.count("followup.votes_noted", left) if left else words("followup.votes_complete")
    lines = []
    for each in poll.standing:
        if each.id in own:
            line = f"{capital(words.period(each.starts_at, each.ends_at))}: {words(f'followup.say_{own[each.id]}')}"
            there = beside(each, poll, timezone, words)
            lines.append(f"{line}. {there}" if there else line)
    closes = words("followup.votes_until", deadline=words.moment(poll.deadline))
    return text, [section("\n".join([text, *lines])), context(closes)]


def beside(option: DateOption, poll: DatePoll, timezone: str, words: Words) -> str:
    """Say a date in somebody's own time, where the clock there shows another one; else nothing."""
    return own_time(option.starts_at, option.ends_at, poll.zone, timezone, words)


def reminder(poll: DatePoll, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Remind one person who said nothing yet."""
    text = words("followup.poll_reminder", deadline=words.moment(poll.deadline))
    here = f"\n<{link}|{words('followup.to_poll')}>" if link else ""
    return text, [section(f"{text}{here}"), actions(button(words("followup.vote_all"), "followup.vote_all", poll.id))]


def result(
    poll: DatePoll,
    ranked: Sequence[Result],
    names: Mapping[str, str],
    warned: Mapping[str, Sequence[Warned]],
    heard: int,
    asked: int,
    words: Words,
) -> tuple[str, list[Block]]:
    """Show the coordinator what a poll says, the best date on top, and what can be done; nothing is fixed yet."""
    best = ranked[0] if ranked else None
    if poll.state is PollState.CHOSEN or poll.state is PollState.CANCELLED or best is None:
        text, _ = poll_post(poll, {}, words)
        return text, [section(f"*{text}*")]
    when = words.period(best.option.starts_at, best.option.ends_at)
    lead = "followup.result_ended" if poll.state is PollState.ENDED else "followup.result_running"
    text = words(lead, when=when) if heard else words("followup.result_nobody")
    blocks: list[Block] = [section(f"*{text}*"), context(words.count("followup.heard", heard, all=asked))]
    for place, each in enumerate(ranked):
        detailed = place < MOST_IN_DETAIL
        blocks.append(section(_result(each, names, warned.get(each.option.id, ()), words, detailed)))
    make = button(
        words("followup.make_this_one"),
        "followup.poll_choose",
        best.option.id,
        green=True,
        says=words("followup.make_says", day=words.day(best.option.starts_at)),
    )
    row = [make] if heard else []
    row += [
        button(words("followup.other_date"), "followup.poll_other", poll.id),
        button(words("followup.extend"), "followup.poll_extend", poll.id),
        button(words("followup.change"), "followup.poll_change", poll.id),
        button(words("followup.stop"), "followup.poll_stop", poll.id),
    ]
    return text, [*blocks, actions(*row)]


def result_window(blocks: Sequence[Block], words: Words) -> View:
    """The same in a window, for whoever opens it from the Home."""
    return form(words, "frame.notice", words("followup.result_title"), list(blocks), submit=None)


def home_line(poll: DatePoll, said: int, words: Words) -> list[Block]:
    """One poll that waits for somebody's answer, on their Home."""
    left = len(poll.standing) - said
    text = words.count("followup.home_poll", left, deadline=words.moment(poll.deadline))
    return [section(f"📅 {text}", button(words("followup.vote_all"), "followup.vote_all", poll.id))]


def home_desk(poll: DatePoll, heard: int, asked: int, words: Words) -> list[Block]:
    """One poll on the coordinator's Home: how many answered, and what comes of it."""
    key = "followup.desk_ended" if poll.state is PollState.ENDED else "followup.desk_running"
    text = words(key, deadline=words.moment(poll.deadline))
    show = button(words("followup.show_result"), "followup.poll_show", poll.id)
    return [section(f"📅 {text}\n{words.count('followup.heard', heard, all=asked)}", show)]


def tally(counted: Mapping[Availability, int], words: Words) -> str:
    """Say how many people said what to a date; empty when nobody did."""
    if not any(counted.values()):
        return ""
    return " · ".join(words.count(f"followup.votes_{each}", counted.get(each, 0)) for each in Availability)


def _buttons(each: DateOption, words: Words) -> Block:
    when = f"{words.day(each.starts_at)}, {words.time(each.starts_at)}-{words.time(each.ends_at)}"
    return actions(
        *(
            button(
                words(f"followup.say_{word}"),
                f"followup.vote:{word}",
                each.id,
                says=words(f"followup.say_{word}_says", when=when),
            )
            for word in Availability
        )
    )


def _result(
    each: Result,
    names: Mapping[str, str],
    warned: Sequence[Warned],
    words: Words,
    detailed: bool,
) -> str:
    counted = {Availability.YES: each.yes, Availability.IF_NEEDED: each.if_needed, Availability.NO: each.no}
    when = capital(words.period(each.option.starts_at, each.option.ends_at))
    lines = [f"*{when}*", tally(counted, words) or words("followup.nobody_yet")]
    if detailed:
        shown = [row for row in each.regions if row.yes or row.if_needed or row.no]
        lines += [_region(row, names, words) for row in shown[:MOST_REGION_LINES]]
    if each.missing:
        missing = named([names.get(region, "-") for region in each.missing], words)
        lines.append(words("followup.too_few_from", regions=escaped(missing)))
    if detailed:
        lines += [caution(one, words) for one in warned]
    return "\n".join(lines)


def _region(row: RegionCount, names: Mapping[str, str], words: Words) -> str:
    name = names.get(row.region or "", "") or words("followup.no_region")
    return words("followup.region_line", region=escaped(cut(name, 60)), yes=row.yes, if_needed=row.if_needed, no=row.no)
