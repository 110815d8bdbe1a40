"""The one table of who may do what."""

from collections.abc import Mapping
from enum import StrEnum

from bot.programme.roles import Role


class Action(StrEnum):
    """Everything somebody can ask Oogst to do. A new one without a row in `ALLOWED` fails the tests."""

    PICK = "pick"
    ASK_PAIR = "ask_pair"
    TAKE_SEAT = "take_seat"
    SWAP_SEAT = "swap_seat"
    SHAPE_OFFER = "shape_offer"
    SET_OWN_REGION = "set_own_region"
    ANSWER_INVITATION = "answer_invitation"
    SEE_PUBLISHED = "see_published"
    SEE_IMPRESSION = "see_impression"
    SHARE_IMPRESSION = "share_impression"
    CHANGE_IMPRESSION = "change_impression"
    WITHDRAW_IMPRESSION = "withdraw_impression"
    NAME_SPEAKER = "name_speaker"
    SIGN_OFF = "sign_off"
    ANSWER_QUOTE = "answer_quote"
    MAKE_WORK_SESSION = "make_work_session"
    APPOINT = "appoint"
    CLOSE_SELECTION = "close_selection"
    MOVE_SEAT = "move_seat"
    REMIND = "remind"
    SEE_DRAFT = "see_draft"
    SEE_DRIFT = "see_drift"
    EDIT_ARTICLE = "edit_article"
    PUBLISH = "publish"
    DECIDE_DELIVERY = "decide_delivery"
    SET_NEXT_DATE = "set_next_date"
    MANAGE_PEOPLE = "manage_people"
    PROPOSE_THEME = "propose_theme"
    BACK_PROPOSAL = "back_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    REVIEW_PROPOSALS = "review_proposals"
    ADD_ATTACHMENT = "add_attachment"
    REMOVE_ATTACHMENT = "remove_attachment"
    ASK_PROMISE = "ask_promise"
    ANSWER_PROMISE = "answer_promise"
    MARK_PROMISE = "mark_promise"
    WANT_PROMISE = "want_promise"
    SEE_PROMISES = "see_promises"
    RUN_DATE_POLL = "run_date_poll"
    ANSWER_DATE_POLL = "answer_date_poll"
    MOVE_SESSION = "move_session"
    CANCEL_SESSION = "cancel_session"
    SET_SERIES = "set_series"
    SET_HOLIDAYS = "set_holidays"
    PAUSE_MESSAGES = "pause_messages"
    SET_WRITING = "set_writing"
    ASK_MEMORY = "ask_memory"
    CURATE_THEMES = "curate_themes"
    PLACE_NOTE = "place_note"
    SET_DIGEST = "set_digest"
    PREVIEW_DIGEST = "preview_digest"
    ANSWER_OPEN_QUESTION = "answer_open_question"
    ASK_INTRODUCTION = "ask_introduction"
    ANSWER_INTRODUCTION = "answer_introduction"
    SEE_TRAIL = "see_trail"
    KEEP_TRAIL = "keep_trail"
    APPROVE_TRAIL = "approve_trail"
    CONFIRM_CONTACT = "confirm_contact"
    ADOPT_EXAMPLE = "adopt_example"
    ANSWER_TRAIL = "answer_trail"
    SHAPE_PROGRAMME = "shape_programme"
    BUILD_REPORT = "build_report"


class Reach(StrEnum):
    """How far a right goes: nowhere, the person's own group or region, or everywhere in the workspace."""

    NONE = "none"
    OWN = "own"
    ANY = "any"


_N, _O, _A = Reach.NONE, Reach.OWN, Reach.ANY


def _row(
    guest: Reach, participant: Reach, note_taker: Reach, facilitator: Reach, coordinator: Reach, admin: Reach
) -> Mapping[Role, Reach]:
    return {
        Role.OUTSIDER: _N,
        Role.DEACTIVATED: _N,
        Role.GUEST: guest,
        Role.PARTICIPANT: participant,
        Role.NOTE_TAKER: note_taker,
        Role.FACILITATOR: facilitator,
        Role.COORDINATOR: coordinator,
        Role.ADMIN: admin,
    }


ALLOWED: Mapping[Action, Mapping[Role, Reach]] = {
    #                               guest partic. note-t. facil. coord. admin
    Action.PICK: _row(_A, _A, _A, _A, _A, _A),
    Action.ASK_PAIR: _row(_A, _A, _A, _A, _A, _A),
    Action.TAKE_SEAT: _row(_A, _A, _A, _A, _A, _A),
    Action.SWAP_SEAT: _row(_A, _A, _A, _A, _A, _A),
    Action.SHAPE_OFFER: _row(_N, _N, _N, _N, _A, _N),
    Action.SET_OWN_REGION: _row(_A, _A, _A, _A, _A, _A),
    Action.ANSWER_INVITATION: _row(_A, _A, _A, _A, _A, _A),
    Action.SEE_PUBLISHED: _row(_A, _A, _A, _A, _A, _A),
    Action.SEE_IMPRESSION: _row(_O, _O, _O, _O, _A, _O),
    Action.SHARE_IMPRESSION: _row(_N, _N, _O, _O, _A, _N),
    Action.CHANGE_IMPRESSION: _row(_N, _N, _O, _O, _A, _N),
    Action.WITHDRAW_IMPRESSION: _row(_O, _O, _O, _O, _A, _O),
    Action.NAME_SPEAKER: _row(_O, _O, _O, _O, _A, _O),
    Action.SIGN_OFF: _row(_O, _O, _O, _O, _O, _O),
    Action.ANSWER_QUOTE: _row(_O, _O, _O, _O, _O, _O),
    Action.MAKE_WORK_SESSION: _row(_N, _N, _N, _N, _A, _N),
    Action.APPOINT: _row(_N, _N, _N, _N, _A, _N),
    Action.CLOSE_SELECTION: _row(_N, _N, _N, _N, _A, _N),
    Action.MOVE_SEAT: _row(_N, _N, _N, _N, _A, _N),
    Action.REMIND: _row(_N, _N, _N, _N, _A, _N),
    Action.SEE_DRAFT: _row(_N, _N, _N, _N, _A, _N),
    Action.SEE_DRIFT: _row(_N, _N, _N, _N, _A, _N),
    Action.EDIT_ARTICLE: _row(_N, _N, _N, _N, _A, _N),
    Action.PUBLISH: _row(_N, _N, _N, _N, _A, _N),
    Action.DECIDE_DELIVERY: _row(_N, _N, _N, _N, _A, _A),
    Action.SET_NEXT_DATE: _row(_N, _N, _N, _N, _A, _N),
    Action.MANAGE_PEOPLE: _row(_N, _N, _N, _N, _A, _A),
    Action.PROPOSE_THEME: _row(_A, _A, _A, _A, _A, _A),
    Action.BACK_PROPOSAL: _row(_A, _A, _A, _A, _A, _A),
    Action.WITHDRAW_PROPOSAL: _row(_O, _O, _O, _O, _O, _O),
    Action.REVIEW_PROPOSALS: _row(_N, _N, _N, _N, _A, _N),
    Action.ADD_ATTACHMENT: _row(_O, _O, _O, _O, _A, _O),
    Action.REMOVE_ATTACHMENT: _row(_O, _O, _O, _O, _A, _O),
    Action.ASK_PROMISE: _row(_N, _O, _O, _O, _A, _O),
    Action.ANSWER_PROMISE: _row(_O, _O, _O, _O, _O, _O),
    Action.MARK_PROMISE: _row(_O, _O, _O, _O, _A, _O),
    Action.WANT_PROMISE: _row(_A, _A, _A, _A, _A, _A),
    Action.SEE_PROMISES: _row(_N, _N, _N, _N, _A, _N),
    Action.RUN_DATE_POLL: _row(_N, _N, _N, _N, _A, _N),
    Action.ANSWER_DATE_POLL: _row(_A, _A, _A, _A, _A, _A),
    Action.MOVE_SESSION: _row(_N, _N, _N, _N, _A, _N),
    Action.CANCEL_SESSION: _row(_N, _N, _N, _N, _A, _N),
    Action.SET_SERIES: _row(_N, _N, _N, _N, _A, _N),
    Action.SET_HOLIDAYS: _row(_N, _N, _N, _N, _A, _A),
    Action.PAUSE_MESSAGES: _row(_A, _A, _A, _A, _A, _A),
    Action.SET_WRITING: _row(_N, _N, _N, _N, _A, _A),
    Action.ASK_MEMORY: _row(_A, _A, _A, _A, _A, _A),
    Action.CURATE_THEMES: _row(_N, _N, _N, _N, _A, _N),
    Action.PLACE_NOTE: _row(_N, _O, _O, _O, _A, _O),
    Action.SET_DIGEST: _row(_O, _O, _O, _O, _A, _O),
    Action.PREVIEW_DIGEST: _row(_N, _N, _N, _O, _A, _N),
    Action.ANSWER_OPEN_QUESTION: _row(_A, _A, _A, _A, _A, _A),
    Action.ASK_INTRODUCTION: _row(_O, _O, _O, _O, _O, _O),
    Action.ANSWER_INTRODUCTION: _row(_O, _O, _O, _O, _O, _O),
    Action.SEE_TRAIL: _row(_N, _O, _O, _O, _A, _O),
    Action.KEEP_TRAIL: _row(_N, _O, _O, _O, _A, _O),
    Action.APPROVE_TRAIL: _row(_N, _N, _O, _O, _A, _N),
    Action.CONFIRM_CONTACT: _row(_O, _O, _O, _O, _O, _O),
    Action.ADOPT_EXAMPLE: _row(_N, _O, _O, _O, _O, _O),
    Action.ANSWER_TRAIL: _row(_O, _O, _O, _O, _A, _O),
    Action.SHAPE_PROGRAMME: _row(_N, _N, _N, _N, _A, _N),
    Action.BUILD_REPORT: _row(_N, _N, _O, _O, _A, _N),
}
