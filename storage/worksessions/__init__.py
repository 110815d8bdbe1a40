"""Work sessions, the topics they offer, and forms that are being filled in."""

from storage.worksessions.finding import (
    after,
    ending,
    follower,
    in_state,
    newest,
    of_series,
    of_topic,
    one,
    predecessor,
    several,
    since,
)
from storage.worksessions.forms import drop_form, forget_forms, form, save_form
from storage.worksessions.rows import FormRow, TopicRow, WorkSessionRegionRow, WorkSessionRow
from storage.worksessions.saving import raise_sequence, save, set_closing, set_series, set_state
from storage.worksessions.topics import appoint, limit_topic, merge_topic, topic_name, withdraw_topic

__all__ = [
    "FormRow",
    "TopicRow",
    "WorkSessionRegionRow",
    "WorkSessionRow",
    "after",
    "appoint",
    "drop_form",
    "ending",
    "follower",
    "forget_forms",
    "form",
    "in_state",
    "limit_topic",
    "merge_topic",
    "newest",
    "of_series",
    "of_topic",
    "one",
    "predecessor",
    "raise_sequence",
    "save",
    "save_form",
    "set_closing",
    "set_series",
    "set_state",
    "several",
    "since",
    "topic_name",
    "withdraw_topic",
]
