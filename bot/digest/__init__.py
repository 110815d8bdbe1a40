"""What a region's oogstbericht says and when: the news that matters to that region, at most four items, the rest below.

Pure rules: who follows or mutes what, which voices are kept, what counts as said before, and in which weeks a region
rests. Nothing of a sentence is ever changed: it is shown whole, in the post or in its thread.
"""

from bot.digest.agenda import Fixed, concerns, date_subject, next_date, poll_of, poll_subject, running_poll, session_of
from bot.digest.answering import ANSWER_LENGTH, KnownHere, read_answer
from bot.digest.composing import (
    FRAME_CHARACTERS,
    ITEM_CHARACTERS,
    MOST_FIXED,
    MOST_ITEMS,
    POST_CHARACTERS,
    Composed,
    best_first,
    by_theme,
    compose,
    in_rank,
    length,
    placed,
)
from bot.digest.minority import minority
from bot.digest.records import (
    Change,
    Digest,
    Interests,
    Item,
    ItemKind,
    Reason,
    Stance,
    Subscription,
    ThemeNews,
)
from bot.digest.repeats import alike, key_of, unread
from bot.digest.rhythm import Every, Outcome, less_often, outcome, posting_time

__all__ = [
    "ANSWER_LENGTH",
    "FRAME_CHARACTERS",
    "ITEM_CHARACTERS",
    "MOST_FIXED",
    "MOST_ITEMS",
    "POST_CHARACTERS",
    "Change",
    "Composed",
    "Digest",
    "Every",
    "Fixed",
    "Interests",
    "Item",
    "ItemKind",
    "KnownHere",
    "Outcome",
    "Reason",
    "Stance",
    "Subscription",
    "ThemeNews",
    "alike",
    "best_first",
    "by_theme",
    "compose",
    "concerns",
    "date_subject",
    "in_rank",
    "key_of",
    "length",
    "less_often",
    "minority",
    "next_date",
    "outcome",
    "placed",
    "poll_of",
    "poll_subject",
    "posting_time",
    "read_answer",
    "running_poll",
    "session_of",
    "unread",
]
