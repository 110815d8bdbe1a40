"""What becomes of a published sentence when a name in its impression is left out afterwards."""

from collections.abc import Callable
from dataclasses import replace

from bot.article.composing import run_at
from bot.article.records import Sentence
from bot.impressions import Impression


def mask_sentence(sentence: Sentence, impression: Impression, masked: Callable[[str], str]) -> Sentence | None:
    """Return the sentence as the masked impression now says it, at its new place and under its own id.

    One that holds a name but is no longer in the impression (it was changed after publication) cannot be shown any
    more: None. One without a name that is not there any more stays as it was read.
    """
    run = sentence.run
    words, stored = masked(run.text), impression.text(run.field)
    places = []
    at = stored.find(words)
    while at >= 0 and words:
        places.append(at)
        at = stored.find(words, at + 1)
    if not places:
        return sentence if words == run.text else None
    start = min(places, key=lambda place: abs(place - run.start))
    return replace(sentence, run=replace(run_at(impression, run.field, start, start + len(words)), part=run.part))
