"""The words by which an article tells of an approach, a scheme that ends, an offer or a need, in Dutch and English."""

import re

from bot.trail.importing.cues import either

TOLD = re.compile(
    r"\b(?:vertel(?:de|den)|presenteer(?:de|den)|lieten? zien|toon(?:de|den)|told|presented|showed"
    r"|explained)\b",
    re.IGNORECASE,
)
APPROACH = re.compile(
    r"\b(?:over|about|of)\s+((?:hun|zijn|haar|de|het|hoe|their|his|her|the"
    r"|how)\s+[^(.,;]+?)\s*(?:\(([^)]+)\))?(?=\s+(?:waar|waarmee|die|dat|with which|that|which|by which)\b"
    r"|[.,;]|$)",
    re.IGNORECASE,
)
PROVEN = re.compile(
    r"\b(?:bewezen|beproefde?|goed werkende?|proven|tried and tested)\s+(?:manier|methode|aanpak|werkwijze"
    r"|way|method|approach)\b.*?\b(?:is|was)\s+(.+?)[.!]?$",
    re.IGNORECASE | re.DOTALL,
)
IN_PLACE = re.compile(
    r"(?s:.*)\b(?:in het kader van|over|about|met|with|on)\s+((?:het\s+|de\s+"
    r"|the\s+)?[A-ZÀ-Þ][^,.;()]*(?:\([^)]+\))?)\s+in\s+(?:de |the )?(?:regio|region)\b",
)
SOURCE = re.compile(r"\b(?:bekijk|lees|zie|vind|see|read|look at|find)\b", re.IGNORECASE)
NAMED_TITLE = re.compile(r"[“\"„‘«]([^”\"’»]{3,120})[”\"’»]")
TEMPORARY = either(
    "regeling (?:is )?(?:voor|tot)",
    "tijdelijke? (?:regeling|subsidie|middelen|geld)",
    "temporary (?:scheme|grant|money|funds?)",
    "subsidie (?:loopt )?(?:tot|voor)",
    "scheme (?:for|until|of)",
    "grant (?:runs )?(?:until|for)",
    "runs until",
    "loopt tot",
    "loopt af op",
    "ends on",
)
SCHEME_NAME = re.compile(
    r"\b(?i:de|het|the)\s+((?:[A-ZÀ-Þ][\w-]*)(?:\s+[A-ZÀ-Þ][\w-]*)*(?:\s*\([A-Z]{2,8}\))?)|\b(?:dat"
    r"|that)\s+(?:de|het|the)\s+([\w-]+)",
)
OFFER = either(
    "bood(?:en)?\\b(?: \\w+){0,4} aan",
    "biedt? (?:\\w+ ){0,4}aan",
    "wil(?:len)? (?:\\w+ ){0,6}(?:delen|maken|helpen)",
    "offered to",
    "offers to",
    "volunteered to",
)
NEED = either(
    "er is (?:grote |veel )?behoefte aan", "we zoeken", "there is a need for", "we need", "we are looking for"
)
ASKING = re.compile(
    r"^(?:\W*)(?:(?:en|maar|dus|and|but|so)\s+)?(?:hoe|wat|waar|wie|welke?|wanneer|waarom|kunnen|kan|how"
    r"|what|where|who|which|when|why|can|could)\b",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"\b(?:eerst)?(?:volgende|next)\s+(?:\w+\s+)?(?:werksessie|sessie|bijeenkomst|keer|session|meeting|date)\b",
    re.IGNORECASE,
)
GOES_ON = either("(?:tijdelijke? )?middelen", "regeling", "subsidie", "geld\\b", "money", "scheme", "grant")
