"""What people wrote, set apart for a model: JSON between two random lines, no blank as it was, no hidden character.

It is a mitigation, not a wall: what holds is that a model can only name ids and that its claims are checked in code.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from bot.harvest import SentenceId, Theme
from bot.writing import Fence, ShownNote, ShownSentence, Suggested, WrittenClaim

_BLANK = re.compile(r"\s")
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
"""Unicode categories that steer how a text is shown without being seen: control, bidi, zero width, tags."""


def note_cards(notes: Sequence[ShownNote], themes: Sequence[Theme], fence: Fence) -> str:
    """Return the question for cards of these notes, with the themes they may be placed under."""
    return enclosed(
        {
            "themes": [_theme(theme) for theme in themes],
            "notes": [{"id": note.id, "sentences": _sentences(note.sentences, fence)} for note in notes],
        },
        fence,
    )


def section(
    theme: Theme,
    sentences: Sequence[ShownSentence],
    groups: Mapping[SentenceId, str],
    fence: Fence,
    refused: Sequence[tuple[WrittenClaim, Sequence[str]]] = (),
) -> str:
    """Return the question for a section; `groups` says by sentence id which group said it, under any name.

    `refused` are claims of an earlier answer that did not hold, each with the rules it broke.
    """
    said = [{**shown, "group": groups.get(shown["id"], "")} for shown in _sentences(sentences, fence)]
    material: dict[str, Any] = {"theme": _theme(theme), "sentences": said}
    if refused:
        material["refused"] = [{"claim": marked(one.text, fence), "broke": list(rules)} for one, rules in refused]
    return enclosed(material, fence)


def verdicts(claims: Mapping[str, WrittenClaim], sentences: Mapping[SentenceId, ShownSentence], fence: Fence) -> str:
    """Return the question whether claims (by an id of our own) follow from their evidence, and nothing else."""
    shown = [
        {
            "id": key,
            "claim": marked(claim.text, fence),
            "evidence": [marked(sentences[one].text, fence) for one in claim.evidence],
        }
        for key, claim in claims.items()
    ]
    return enclosed({"claims": shown}, fence)


def relation(
    proposal: Suggested,
    sentences: Sequence[ShownSentence],
    nearest: Sequence[tuple[Theme, Sequence[ShownSentence], Sequence[ShownSentence]]],
    fence: Fence,
) -> str:
    """Return the question how a proposed theme stands to the nearest ones: each with members and near non-members."""
    proposed = {
        "name": marked(proposal.name, fence),
        "criterion": marked(proposal.criterion, fence),
        "sentences": _sentences(sentences, fence),
    }
    themes = [
        {**_theme(theme), "belong": _sentences(members, fence), "do_not_belong": _sentences(others, fence)}
        for theme, members, others in nearest
    ]
    return enclosed({"proposal": proposed, "themes": themes}, fence)


def answer(
    question: str, sentences: Sequence[ShownSentence], places: Mapping[SentenceId, tuple[str, str]], fence: Fence
) -> str:
    """Return a question with published sentences; `places` gives a region (or nothing) and an ISO day by id."""
    said = []
    for shown in _sentences(sentences, fence):
        region, day = places.get(shown["id"], ("", ""))
        said.append({**shown, "region": region, "day": day})
    return enclosed({"question": marked(question, fence), "sentences": said}, fence)


def marked(text: str, fence: Fence) -> str:
    """Return a text with `fence.mark` in the place of every blank, so that it reads as data and not as an order."""
    return _BLANK.sub(fence.mark, text.replace(fence.mark, "").strip())


def enclosed(material: Mapping[str, Any], fence: Fence) -> str:
    """Return material as JSON between two lines with the delimiter, which cannot stand in the material itself."""
    packed = json.dumps(material, ensure_ascii=False, separators=(",", ":"))
    visible = "".join(_escaped(one) if unicodedata.category(one) in _HIDDEN else one for one in packed)
    return f"{fence.delimiter}\n{visible.replace(fence.delimiter, '')}\n{fence.delimiter}"


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def _theme(theme: Theme) -> dict[str, Any]:
    return {"id": theme.id, "name": theme.name, "criterion": theme.criterion, "aliases": list(theme.aliases)}


def _sentences(sentences: Sequence[ShownSentence], fence: Fence) -> list[dict[str, str]]:
    return [{"id": sentence.id, "text": marked(sentence.text, fence)} for sentence in sentences]
