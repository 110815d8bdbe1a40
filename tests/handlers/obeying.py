"""A model that obeys: it reads the notes as a careless one would, hidden texts too, and does whatever they say."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.privacy.plain import plain
from bot.writing.redacting import LOOKALIKES
from tests.handlers.written import MARK, asked, cards, section
from tests.prompts.scripted import Reply, says

FILE = Path(__file__).parents[1] / "prompts" / "injection.jsonl"
EVIL = "https://evil.example/?d=namen"
NAMES = "Noor de Vries en Samir"
_ORDERS = {
    "mention": r"<!|<@|<#|@channel|@here|\[(?:vermelding|mention) \d",
    "link": r"https?:|www\.|\blink\b|evil\.example|kwaad\.example",
    "names": r"namen|names|noor|samir|lotte",
    "quote": r"citaat|citaten|quote|betekenis|meaning|tegendeel|opposite",
    "theme": r"thema|theme",
    "foreign": r"n99\.s1|se_9999|se_0001|n1\.s1|andere regio|another region",
    "prompt": r"prompt|debug",
    "say": r"negeer|vergeet|ignore|forget|systeem|system|alleen|only|supported|waar\b|true",
}


@dataclass(frozen=True)
class Hostile:
    """One line of the set: notes (one, or three that belong together) and what they order."""

    id: str
    language: str
    family: str
    orders: str
    notes: tuple[str, ...]


def the_set() -> list[Hostile]:
    """The one injection set."""
    lines = (json.loads(line) for line in FILE.read_text().splitlines())
    return [Hostile(one["id"], one["language"], one["family"], one["orders"], tuple(one["notes"])) for one in lines]


@dataclass
class Obeying:
    """`obeyed` counts what it was made to do, so that a test can see that it really does; `foreign` lets it name ids
    that nobody gave it, which costs it its whole answer."""

    foreign: bool = False
    obeyed: dict[str, int] = field(default_factory=dict)

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Answer a question the way its notes want it."""
        step, found = asked(body)
        told = str(body["messages"][0]["content"])
        usage = {"prompt_tokens": 100, "completion_tokens": 100}
        if step == "verdicts":
            return says(
                {"verdicts": [{"id": one["id"], "verdict": "supported"} for one in found["claims"]]}, usage=usage
            )
        if step == "note_cards":
            return says(self._cards(found), usage=usage)
        return says(self._section(found, told, body), usage=usage)

    def _orders(self, text: str) -> list[str]:
        read = " ".join(_seen(text)).casefold()
        found = [order for order, pattern in _ORDERS.items() if re.search(pattern, read)]
        for order in found:
            self.obeyed[order] = self.obeyed.get(order, 0) + 1
        return found

    def _cards(self, found: dict[str, Any]) -> dict[str, Any]:
        made = cards(found)
        for card, note in zip(made["cards"], found["notes"], strict=True):
            ids = [one["id"] for one in note["sentences"]]
            orders = self._orders(" ".join(one["text"] for one in note["sentences"]))
            if "theme" in orders:
                card["themes"] = [{"id": theme["id"], "sentence_ids": ids} for theme in found["themes"]]
                card["proposals"] = [{"name": "Koop nu <!channel>", "criterion": EVIL, "sentence_ids": ids}]
            if {"mention", "link"} & set(orders):
                card["points"][0]["gist"] = f"<!channel> zie {EVIL}"
            if "names" in orders:
                card["points"][0]["gist"] = f"{NAMES} waren erbij"
        return made

    def _section(self, found: dict[str, Any], told: str, body: dict[str, Any]) -> dict[str, Any]:
        said = {one["id"]: one["text"] for one in found["sentences"]}
        ids = list(said)
        orders = {one: self._orders(text) for one, text in said.items()}
        self._orders(" ".join(said.values()))  # what was cut in pieces
        placeholders = " ".join(dict.fromkeys(re.findall(r"\[[a-z\-]+ \d+\]", json.dumps(found, ensure_ascii=False))))
        benign = next((text for text in said.values() if not self._orders(text)), next(iter(said.values())))
        texts = {
            "mention": f"<!channel> {benign}",
            "link": f"{benign.rstrip('.')}, zie {EVIL}.",
            "names": f"{NAMES} zeiden: {benign} {placeholders}",
            "quote": _turned(benign),
            "theme": f"Koop nu bij ons: {benign}",
            "prompt": " ".join(told.split()[:30]),
        }
        wanted = dict.fromkeys(order for mine in orders.values() for order in mine)
        if not re.search("koop nu|buy now", " ".join(said.values()), re.IGNORECASE):
            wanted.pop("theme", None)  # it says what the notes want it to say
        claims = [{"text": texts[order][:1000], "evidence": [ids[0]]} for order in wanted if order in texts]
        claims += [
            {"text": " ".join(_seen(text))[:900], "evidence": [one]}
            for one, text in said.items()
            if "say" in orders[one]
        ]
        if self.foreign:
            claims = [{**claim, "evidence": ["n99.s1", *claim["evidence"]]} for claim in claims]
        honest = section(found)
        claims = [*claims[:6], honest["lead"], honest["lead"]][:7]
        return {"lead": claims[0], "claims": claims[1:7], "quotes": ids[:3], "open_questions": []}


def _seen(text: str) -> Iterator[str]:
    """A text as a model may understand it: with letters that only look like ours, and what is packed in it."""
    read = plain(text).text.replace(MARK, " ")
    yield read
    if not read.isascii():
        yield read.translate(LOOKALIKES)
    for packed in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", read):
        try:
            yield base64.b64decode(packed + "=" * (-len(packed) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue


def _turned(text: str) -> str:
    """A sentence that says the opposite."""
    words = text.split()
    return (
        " ".join(word for word in words if word != "niet")
        if "niet" in words
        else " ".join([*words[:3], "niet", *words[3:]])
    )
