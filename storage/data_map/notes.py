"""What people handed in, and everything that is made of it."""

from collections.abc import Mapping

from storage.data_map.kinds import Gone, Keep, Leaves, Table, table

NOTHING, COUNT, NOBODY, EMPTY = Leaves.NOTHING, Leaves.COUNT, Leaves.NOBODY, Leaves.EMPTY
ERASED = Keep.ERASED
PARTS = "takeaway quote question offer easy hard conclusion example obstacle"

NOTES: Mapping[str, Table] = {
    "impression": table(
        ERASED, note_words=PARTS, note="id", gone=Gone.EMPTIED, owner="author",
        code="id work_session_id group_id material_id material_group source source_channel source_ts quote_use",
        person={"author": EMPTY, "quote_by": EMPTY, "changed_by": EMPTY},
    ),
    "impression_version": table(
        ERASED, note_words=PARTS, note="impression_id", gone=Gone.DELETED, code="impression_id", owner="by",
        person={"by": NOBODY},
    ),
    "material": table(ERASED, code="id sha file_name", shared="title text"),
    "attachment": table(
        ERASED, code="id file_id state work_session_id group_id impression_id channel_id message_ts kind",
        own="name permalink", owner="added_by", person={"added_by": NOBODY},
    ),
    "sign_off": table(
        ERASED, code="impression_id verdict", own="reason", note="impression_id", gone=Gone.DELETED, owner="user_id",
        person={"user_id": COUNT},
    ),
    "quote": table(
        ERASED, code="impression_id answer", note="impression_id", gone=Gone.DELETED, owner="user_id",
        person={"user_id": NOTHING, "asked_by": NOBODY},
    ),
    "quote_withdrawal": table(
        ERASED, code="impression_id mark places also", owner="by", person={"by": NOBODY},
        why="a hash of the words, so that they do not come back; and places in the note by number",
    ),
    "heard_message": table(ERASED, code="channel_id ts edited"),
    "next_step": table(ERASED, code="impression_id fingerprint", note="impression_id", person={"by": NOBODY}),
    "promise": table(
        ERASED, code="id work_session_id group_id impression_id part fingerprint state", own="own_words",
        note="impression_id", gone=Gone.EMPTIED, owner="owner", person={"owner": NOBODY, "asked_by": NOBODY},
    ),
    "promise_event": table(
        ERASED, code="promise_id capacity before after", owner="by", person={"by": NOBODY}
    ),
    "promise_opening": table(ERASED, code="work_session_id promise_id"),
    "promise_taker": table(ERASED, code="promise_id", owner="user_id", person={"user_id": COUNT}),
    "article": table(
        ERASED, code="id work_session_id state", shared="headline news",
        person={"published_by": EMPTY, "news_by": EMPTY},
    ),
    "article_sentence": table(
        ERASED, code="id article_id group_id part impression_id field theme_id", note_words="text",
        note="impression_id", gone=Gone.DELETED, person={"theme_by": EMPTY},
    ),
    "article_source": table(ERASED, code="article_id impression_id"),
    "article_revision": table(ERASED, code="article_id impression_id cause decision", person={"by": NOBODY}),
    "article_version": table(ERASED, code="article_id"),
    "article_version_sentence": table(
        ERASED, code="article_id sentence_id group_id impression_id field mark",
        why="places by number; the mark is a hash",
    ),
    "digest": table(ERASED, code="id region_id period_key"),
    "digest_item": table(ERASED, code="digest_id region_id kind subject theme_id"),
    "digest_statement": table(ERASED, code="key sentence_id"),
    "digest_answer": table(
        ERASED, code="id digest_id sentence_id work_session_id article_id", own="text", owner="user_id",
        person={"user_id": NOBODY},
    ),
    "digest_change": table(
        Keep.PROGRAMME, code="id region_id what before after", person={"by_user": NOBODY, "undone_by": NOBODY}
    ),
    "digest_hold": table(Keep.PROGRAMME, code="region_id subject reason", person={"by_user": NOBODY}),
    "digest_region": table(Keep.PROGRAMME, code="region_id other_id"),
    "digest_stance": table(Keep.PROGRAMME, code="region_id theme_id stance"),
    "digest_subscription": table(Keep.PROGRAMME, code="region_id every"),
    "introduction": table(
        ERASED, person={"starter": EMPTY, "answerer": EMPTY},
        code="id question_id question_impression answer_id answer_impression asking_region answering_region theme_id "
        "state basis",
    ),
}  # fmt: skip
