"""What groups hand in: by form, by shortcut on a message, or by a plain reply; edits and deletions follow through."""

from handlers.impressions import conversing
from handlers.impressions.consenting import give_permission, keep_quote, name_speaker, question
from handlers.impressions.correcting import corrected, more, open_correction, save_correction
from handlers.impressions.drafting import begin_afresh, closed, show_more, typed
from handlers.impressions.listening import decline, deleted, edited, heard
from handlers.impressions.sharing import open_change, open_form, open_from_message, save_change, share
from handlers.impressions.signing import RHYTHM, agree, card, objections, open_objection, save_objection
from handlers.impressions.telling import post, shared
from handlers.impressions.waiting import own_quotes, waiting_for
from handlers.impressions.withdrawing import confirmed, remove_also, told, withdraw_own_quote, withdraw_quote
from handlers.routing import Routes

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "own_quotes", "waiting_for"]

ROUTES = Routes(
    actions={
        "impressions.share": open_form,
        "impressions.change": open_change,
        "impressions.decline": decline,
        "impressions.agree": agree,
        "impressions.object": open_objection,
        "impressions.correct": open_correction,
        "impressions.sign_more": more,
        "impressions.quote_by": name_speaker,
        "impressions.quote_keep": keep_quote,
        "impressions.quote_answer": give_permission,
        "impressions.quote_withdraw": withdraw_quote,
        "impressions.quote_also": remove_also,
        "impressions.draft": typed,
        "impressions.more": show_more,
        "impressions.afresh": begin_afresh,
        "impressions.choose": conversing.choose,
        "impressions.let_go": conversing.let_go,
    },
    forms={
        "impressions.share": share,
        "impressions.change": save_change,
        "impressions.correct": save_correction,
        "impressions.object": save_objection,
        "impressions.quote_own": withdraw_own_quote,
    },
    closed={"impressions.share": closed, "impressions.change": closed, "impressions.correct": closed},
    shortcuts={"impressions.share": open_from_message},
    events={
        "message": [heard, conversing.heard],
        "message_changed": [edited, conversing.edited, conversing.deleted],
        "message_deleted": [deleted, conversing.deleted],
    },
    quiet=frozenset({"impressions.draft", "impressions.more", "impressions.afresh"}),
)
MESSAGES = {
    "impressions.post": post,
    "impressions.shared": shared,
    "impressions.signing": card,
    "impressions.objections": objections,
    "impressions.corrected": corrected,
    "impressions.consent": question,
    "impressions.quote_gone": confirmed,
    "impressions.quote_told": told,
    conversing.WHICH: conversing.which,
}
