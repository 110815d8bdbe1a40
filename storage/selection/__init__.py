"""Picks, wishes to sit together, the groups that came of them, swaps, and who met whom before."""

from storage.selection.groups import (
    GroupRow,
    GroupTopicRow,
    SeatRow,
    group,
    groups_of,
    lead,
    move_seat,
    save_groups,
    seat,
    take_notes,
    unseated,
)
from storage.selection.history import history
from storage.selection.pairs import PairRow, answer_pair, ask_pair, pair, pairs_of
from storage.selection.picks import (
    PickRow,
    Situation,
    count_picks,
    counts,
    drop_pick,
    pick_of,
    picks_of,
    save_pick,
    situation,
    wishes,
)
from storage.selection.swaps import SwapRow, open_swap, save_swap, swap

__all__ = [
    "GroupRow",
    "GroupTopicRow",
    "PairRow",
    "PickRow",
    "SeatRow",
    "Situation",
    "SwapRow",
    "answer_pair",
    "ask_pair",
    "count_picks",
    "counts",
    "drop_pick",
    "group",
    "groups_of",
    "history",
    "lead",
    "move_seat",
    "open_swap",
    "pair",
    "pairs_of",
    "pick_of",
    "picks_of",
    "save_groups",
    "save_pick",
    "save_swap",
    "seat",
    "situation",
    "swap",
    "take_notes",
    "unseated",
    "wishes",
]
