"""People, what they chose, where they sat, when they could, and what was asked of them."""

from collections.abc import Mapping

from storage.data_map.kinds import Keep, Leaves, Table, table

NOTHING, COUNT, NOBODY, EMPTY = Leaves.NOTHING, Leaves.COUNT, Leaves.NOBODY, Leaves.EMPTY
PROGRAMME, ERASED = Keep.PROGRAMME, Keep.ERASED

PEOPLE: Mapping[str, Table] = {
    "programme": table(
        PROGRAMME, code="language timezone bot_id", shared="name region_word", key="secret",
        person={"bot_user": Leaves.ID},
        why="the bot's own account is nobody's",
    ),
    "region": table(PROGRAMME, code="id channel_id digest_time holidays", shared="name folded"),
    "member": table(
        PROGRAMME, code="roles region_id locale direct_channel timezone", name="name", own="sector", owner="user_id",
        person={"user_id": NOTHING},
    ),
    "work_session": table(
        PROGRAMME, code="id channel_id timezone state mode silence follows series_id", shared="title",
        person={"created_by": NOBODY},
    ),
    "work_session_region": table(PROGRAMME, code="work_session_id region_id"),
    "topic": table(
        PROGRAMME, code="id work_session_id theme_id merged_into", shared="name short_name",
        person={"facilitator": EMPTY},
    ),
    "form": table(Keep.FORMS, code="id", own="data", owner="user_id", person={"user_id": NOTHING}),
    "group": table(
        PROGRAMME, code="id work_session_id", person={"facilitator": EMPTY, "note_taker": EMPTY}
    ),
    "group_topic": table(PROGRAMME, code="group_id topic_id"),
    "pick": table(
        ERASED, code="work_session_id wish topic_id second_topic_id third_topic_id", owner="user_id",
        person={"user_id": COUNT, "placed_by": EMPTY},
    ),
    "pair": table(
        ERASED, code="id work_session_id state", owner="asker", person={"asker": NOTHING, "partner": NOTHING}
    ),
    "swap": table(
        ERASED, code="id work_session_id asker_group partner_group state", owner="asker",
        person={"asker": NOTHING, "partner": NOTHING},
    ),
    "seat": table(ERASED, code="work_session_id group_id reason", owner="user_id", person={"user_id": NOTHING}),
    "proposal": table(
        ERASED, code="id work_session_id status merged_into theme_id topic_id origin_channel origin_ts",
        shared="name short_name", own="original why", owner="proposer",
        person={"proposer": NOBODY, "origin_author": EMPTY},
    ),
    "proposal_backing": table(ERASED, code="proposal_id", owner="user_id", person={"user_id": COUNT}),
    "invitation": table(ERASED, code="work_session_id answer", owner="user_id", person={"user_id": COUNT}),
    "calendar_copy": table(ERASED, code="work_session_id", owner="user_id", person={"user_id": NOTHING}),
    "date_poll": table(
        PROGRAMME, code="id work_session_id channel_id timezone state chosen", person={"created_by": NOBODY}
    ),
    "date_option": table(PROGRAMME, code="id poll_id"),
    "date_answer": table(ERASED, code="option_id answer", owner="user_id", person={"user_id": COUNT}),
    "session_move": table(
        PROGRAMME, code="id work_session_id", own="reason", owner="moved_by", person={"moved_by": NOBODY}
    ),
    "session_series": table(
        PROGRAMME, code="id work_session_id channel_id rule timezone state", shared="title",
        person={"created_by": NOBODY},
    ),
    "series_exception": table(PROGRAMME, code="series_id decision", person={"decided_by": NOBODY}),
    "involved_name": table(
        ERASED, code="work_session_id mac", why="keyed hashes, from which no name can be read"
    ),
}  # fmt: skip
