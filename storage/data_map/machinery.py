"""Themes, search, what a language model wrote, and what keeps the bot going."""

from collections.abc import Mapping

from storage.data_map.kinds import Gone, Keep, Leaves, Table, table

NOTHING, COUNT, NOBODY, EMPTY = Leaves.NOTHING, Leaves.COUNT, Leaves.NOBODY, Leaves.EMPTY
PROGRAMME, SOURCE = Keep.PROGRAMME, Keep.SOURCE

MACHINERY: Mapping[str, Table] = {
    "theme": table(PROGRAMME, code="id status merged_into", shared="name short_name criterion"),
    "theme_alias": table(PROGRAMME, code="theme_id", shared="alias folded"),
    "theme_change": table(
        PROGRAMME, code="theme_id other_id kind notes", shared="before after",
        person={"by_user": NOBODY, "undone_by": NOBODY},
    ),
    "theme_example": table(
        SOURCE, code="impression_id theme_id", note="impression_id", gone=Gone.DELETED, person={"by_user": NOBODY}
    ),
    "theme_candidate": table(SOURCE, code="impression_id theme_id field", note="impression_id", gone=Gone.DELETED),
    "theme_carrier": table(SOURCE, code="proposal_id impression_id field"),
    "theme_placement": table(
        SOURCE, code="impression_id state", note="impression_id", gone=Gone.DELETED, person={"by_user": NOBODY}
    ),
    "theme_proposal": table(
        PROGRAMME, code="id kind state mark theme_id other_id proposal_id", person={"decided_by": NOBODY}
    ),
    "theme_harvest_citation": table(SOURCE, code="parcel sentence_id"),
    "impression_theme": table(
        SOURCE, code="impression_id theme_id origin", note="impression_id", gone=Gone.DELETED
    ),
    "question": table(
        Keep.QUESTIONS, code="id asked_in channel_id ts thread_ts state theme_id region_id", own="text",
        owner="user_id", person={"user_id": NOBODY},
    ),
    "question_source": table(Keep.QUESTIONS, code="question_id kind ref impression_id field mark"),
    "answer_vote": table(Keep.QUESTIONS, code="question_id", owner="user_id", person={"user_id": COUNT}),
    "search_entry": table(SOURCE, code="owner ref impression_id terms", why="numbers of words, not the words"),
    "search_word": table(SOURCE, note_words="word"),
    "search_state": table(SOURCE, code="done_to"),
    "writing_card": table(
        Keep.MODEL, code="key impression_id", note_words="data", note="impression_id", gone=Gone.DELETED
    ),
    "writing_claim": table(Keep.MODEL, code="section_key evidence", note_words="text"),
    "writing_section": table(Keep.MODEL, code="key theme_id made_with", note_words="quotes"),
    "writing_source": table(Keep.MODEL, code="section_key sentence_id impression_id"),
    "writing_call": table(Keep.COUNTS, code="region_id period_key step model outcome"),
    "writing_event": table(Keep.COUNTS, code="region_id period_key kind reason subject"),
    "writing_limit": table(PROGRAMME, code="scope subject_id mode", person={"by": NOBODY}),
    "inbox": table(Keep.KEYS, code="key"),
    "occurrence": table(PROGRAMME, code="rule_id period_key state"),
    "outbox": table(
        Keep.OUTBOX, owner="user_id", person={"user_id": NOBODY},
        code="key operation kind arguments body_hash channel_id thread_key target_key state ts posted_channel error",
    ),
    "installation": table(
        Keep.TOKENS, code="scopes", key="sealed_token", person={"installed_by": NOBODY},
    ),
    "installation_begun": table(Keep.TOKENS, key="state_hash browser_hash"),
    "delivery_pause": table(PROGRAMME, code="needs why"),
    "audit": table(
        Keep.AUDIT, code="actor action subject details previous hash", why="keyed hashes, ids and counts only"
    ),
    "audit_head": table(Keep.AUDIT, code="hash"),
    "departure": table(Keep.AUDIT),
    "tombstone": table(
        Keep.TOMBSTONE, code="kind", person={"subject_id": Leaves.ID},
        why="a backup that is put back must forget the person again, so their id stays as long as one may exist",
    ),
}  # fmt: skip
