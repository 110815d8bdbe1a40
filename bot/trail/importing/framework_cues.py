"""The words by which a framework tells what it asks, until when and who helps, in Dutch and English."""

import re

from bot.trail.importing.cues import either, heading

CRITERIA = either("criteria", "criterium", "eisen", "voorwaarden", "requirements?", "conditions")
ASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "parties",
        either(
            "gedragen",
            "alle (?:deelnemende )?partijen",
            "(?:backed|supported|signed) by",
            "all (?:participating )?parties",
            "draagvlak",
        ),
    ),
    ("indicator", either("indicator", "waaraan (?:je|men|we) (?:dat )?(?:ziet|meet)", "measured")),
    ("result", either("resultaat", "result\\b", "outcome", "opbrengst")),
    ("approach", either("aanpak", "oplossingsrichting", "approach", "method")),
    ("question", either("vra(?:ag|gen)", "questions?")),
)
PERIOD = either("looptijd", "periode", "runs? from", "run period", "duur\\b", "loopt van")
MANAGER = re.compile(
    r"\b(accountmanagers?|account managers?|regiocontact\w*|relatiebeheerders?)\b(?:\s+(?:van|of|from|bij"
    r"|at)\s+(.+?)(?=\s+(?:gezamenlijk|samen|jointly|together)\b|[.,;]|$))?",
    re.IGNORECASE,
)
MANDATE = re.compile(r"\b(?:mensen|people|personen)\s+(?:met|with)\s+.+?(?=\.\s|\.?$)", re.IGNORECASE | re.DOTALL)
CAVEAT = either(
    "onder voorbehoud",
    "vooruitlopend op",
    "voorlopig\\b",
    "provisional",
    "subject to",
    "waar nodig en/of mogelijk",
    "may inform",
    "pending",
)
THEMES = heading("thema\\S*", "themes?", "onderwerpen", "subjects?")
FOR_EVERYBODY = re.compile(
    r"\b(?:alle|iedere|elke|ieder|elk|all|every|each)\b[^.:;?]{0,60}?\b(?:aandacht|attention)\b[^.:;?]{0,40}?"
    r"\b(?:voor|aan|to|for)\s+(.+?)(?=\s+(?:en (?:ook )?(?:voor|aan)|and (?:also )?(?:to|for))\b|[.:;?]|$)",
    re.IGNORECASE | re.DOTALL,
)
"""What all who take part have to think of, whatever theme they chose."""
