"""The trail of regions: what they wrote themselves, what was cut out of notes, and who stands in it."""

from collections.abc import Mapping

from storage.data_map.kinds import Gone, Keep, Leaves, Table, table

PROGRAMME, SOURCE, NOBODY, EMPTY = Keep.PROGRAMME, Keep.SOURCE, Leaves.NOBODY, Leaves.EMPTY

TRAIL: Mapping[str, Table] = {
    "trail": table(
        PROGRAMME, code="id region_id kind parent_id state reason material_id impression_id field",
        note="impression_id", gone=Gone.STAYS, person={"made_by": NOBODY},
    ),
    "trail_value": table(
        PROGRAMME, code="trail_id name impression_id", note_words="text", note="impression_id", gone=Gone.DELETED,
        person={"user_id": EMPTY}, entry="trail_id",
        why="words of the region; those that were cut out of a note go with it",
    ),
    "trail_change": table(
        PROGRAMME, code="trail_id name impression_id", note_words="before after", note="impression_id",
        gone=Gone.DELETED, person={"by_user": NOBODY},
    ),
    "trail_tie": table(
        PROGRAMME, code="point_id kind thing_id state reason impression_id field", note_words="shared",
        note="impression_id", gone=Gone.DELETED, person={"by_user": NOBODY},
    ),
    "trail_looked": table(PROGRAMME, code="subject"),
    "trail_report_citation": table(SOURCE, code="parcel cited"),
    "trail_round": table(PROGRAMME, code="id kind", shared="title", person={"opened_by": NOBODY}),
    "trail_round_person": table(
        PROGRAMME, code="round_id region_id", owner="user_id", person={"user_id": NOBODY},
        why="who was asked to look back, for which region",
    ),
    "trail_intervision": table(PROGRAMME, code="group_id region_id", person={"by_user": NOBODY}),
    "trail_follow_up": table(PROGRAMME, code="kind thing_id entry_id", person={"by_user": NOBODY}),
}  # fmt: skip
