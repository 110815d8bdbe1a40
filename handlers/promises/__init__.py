"""From an offer to something that comes true: its giver is asked, reminded, and heard at the next session.

Nobody is named in public before they said yes, and nothing is called late where others read it.
"""

from handlers.promises.answering import (
    choose_day,
    open_change,
    open_sentence,
    save_change,
    save_sentence,
    say_no,
    say_yes,
)
from handlers.promises.asking import ask, open_assign, open_choose, release, say_next_step, withdraw_question
from handlers.promises.following import follow, mask_words
from handlers.promises.listing import gaps, show_list, waiting_for
from handlers.promises.marking import done, dropped, open_move, save_move, undone
from handlers.promises.telling import (
    ask as question,
)
from handlers.promises.telling import (
    card,
    declined,
    kept,
    lost,
    news,
    offer_row,
    opening,
    reminder,
    repaint_all,
)
from handlers.promises.timing import next_due, tick
from handlers.promises.wanting import want, want_not
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "follow", "gaps", "mask_words", "offer_row", "repaint_all", "waiting_for"]

ROUTES = Routes(
    actions={
        "promises.choose": open_choose,
        "promises.assign": open_assign,
        "promises.next_step": say_next_step,
        "promises.take_back": withdraw_question,
        "promises.release": release,
        "promises.accept": say_yes,
        "promises.change": open_change,
        "promises.decline": say_no,
        "promises.due": choose_day,
        "promises.sentence": open_sentence,
        "promises.done": done,
        "promises.moved": open_move,
        "promises.dropped": dropped,
        "promises.reopen": undone,
        "promises.want": want,
        "promises.want_not": want_not,
    },
    forms={
        "promises.ask": ask,
        "promises.change": save_change,
        "promises.sentence": save_sentence,
        "promises.move": save_move,
    },
    commands=dict.fromkeys(("beloftes", "belofte", "promises", "promise"), show_list),
)
MESSAGES = {
    "promises.ask": question,
    "promises.reminder": reminder,
    "promises.lost": lost,
    "promises.declined": declined,
    "promises.card": card,
    "promises.opening": opening,
    "promises.news": news,
    "promises.kept": kept,
}
RHYTHM = Rhythm(tick, next_due)
