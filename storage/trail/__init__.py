"""The trail: entries with their values, what points and adoptions they have, and every change of them."""

from storage.trail.citing import remember, replace_reports
from storage.trail.evidence import gather
from storage.trail.follow_up_rows import TrailFollowUpRow
from storage.trail.gathered import follow_note, look, seen, take_out_said, to_look_at
from storage.trail.intervision_rows import TrailIntervisionRow
from storage.trail.keeping import change, confirm, drop, keep, make, settle, settle_all, take_out
from storage.trail.ordering import move, siblings
from storage.trail.reading import changes_of, count, entries, one, proposed, tree
from storage.trail.report_rows import TrailReportCitationRow, TrailRoundPersonRow, TrailRoundRow
from storage.trail.rounds import asked_in, one_round, open_round, rounds, to_remind, turn, waiting_of
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow
from storage.trail.themed import still_says
from storage.trail.tie_rows import TrailLookedRow, TrailTieRow

__all__ = [
    "TrailChangeRow",
    "TrailFollowUpRow",
    "TrailIntervisionRow",
    "TrailLookedRow",
    "TrailReportCitationRow",
    "TrailRoundPersonRow",
    "TrailRoundRow",
    "TrailRow",
    "TrailTieRow",
    "TrailValueRow",
    "asked_in",
    "change",
    "changes_of",
    "confirm",
    "count",
    "drop",
    "entries",
    "follow_note",
    "gather",
    "keep",
    "look",
    "make",
    "move",
    "one",
    "one_round",
    "open_round",
    "proposed",
    "remember",
    "replace_reports",
    "rounds",
    "seen",
    "settle",
    "settle_all",
    "siblings",
    "still_says",
    "take_out",
    "take_out_said",
    "to_look_at",
    "to_remind",
    "tree",
    "turn",
    "waiting_of",
]
