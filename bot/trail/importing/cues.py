"""The words by which parts of a document are known, in Dutch and English. They are looked for, never written anywhere.

Whole words or their beginnings, folded by the pattern; what is matched only says where to cut. What an article or a
framework alone is read by stands in `article_cues` and `framework_cues`.
"""

import re


def either(*words: str) -> re.Pattern[str]:
    """One of these at the beginning of a word, anywhere."""
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


def opens(*words: str) -> re.Pattern[str]:
    """A word or two before a colon at the beginning of a line."""
    return re.compile(rf"^(?:{'|'.join(words)})\b[^:.?!]{{0,40}}:\s*", re.IGNORECASE)


def heading(*words: str) -> re.Pattern[str]:
    """The words of a heading, from its beginning; an article before them does not count."""
    return re.compile(rf"^(?:de |het |een |onze |the |our )?(?:{'|'.join(words)})\b", re.IGNORECASE)


# phases
PHASE_LIST = heading("fasen?(?: en .*)?$", "fasering", "phases?(?: and .*)?$", "stappen$", "stages$")
PHASE = re.compile(r"^(?:fase|phase|stap|stage)\s+(\d{1,2})\b[.:)]?\s*", re.IGNORECASE)
PHASE_NAMED = re.compile(r"\b(?:fase|phase|stap|stage)\s+(\d{1,2})\b", re.IGNORECASE)
TO_COME = heading(
    "wat (?:nog )?(?:volgt|komt)", "vervolg", "what (?:is )?(?:still )?(?:to come|follows|comes next)", "next steps"
)
EASY = opens(
    "(?:wat )?(?:er )?(?:ging )?(?:ge)?makkelijk",
    "(?:what was )?easy",
    "(?:what )?went well",
    "(?:wat )?ging goed",
    "wat meeviel",
)
HARD = opens(
    "(?:wat )?(?:er )?(?:ging )?(?:was )?moeilijk",
    "(?:wat )?(?:was )?lastig",
    "(?:what was )?hard",
    "(?:what was )?difficult",
    "wat tegenviel",
)
CONCLUSION = opens("conclusie", "conclusion", "slotsom", "uitkomst", "we concluded")
DECIDED = either(
    "gaat (?:.{1,40} )?(?:er ?voor|door)",
    "beslo(?:ot|ten)",
    "besluit",
    "(?:we )?kiezen voor",
    "kiest voor",
    "goes (?:on|ahead)",
    "decided",
    "decision",
    "we chose",
)
CHANGED = either(
    "verander\\w*",
    "geen pilot",
    "voorlopig geen",
    "uitgesteld",
    "verplaatst",
    "changes?\\b",
    "postponed",
    "moved to",
    "no longer",
)
MADE = either(
    "opstellen",
    "vaststellen",
    "aantrekken",
    "aanstellen",
    "benoemen",
    "inrichten",
    "werven",
    "instellen",
    "draw up",
    "set up",
    "appoint",
    "recruit",
    "hire",
)
PLAN = re.compile(r"\b\w*plan(?: van aanpak)?\b|\baction plan\b", re.IGNORECASE)
ROLE_WORD = re.compile(
    r"\b(?:project|programma|proces|netwerk)(?:leider|manager|coördinator)\b"
    r"|\b(?:klankbord|stuur|initiatief|werk|regie)groep\b"
    r"|\b(?:project|programme|process) (?:leader|lead|manager)\b"
    r"|\b(?:steering|sounding|working) (?:group|board|committee)\b",
    re.IGNORECASE,
)

# who the region is
PROFILE = heading(
    "regio\\b",
    "region\\b",
    "netwerk\\b",
    "profiel",
    "kerncijfers",
    "profile",
    "key figures",
    "in cijfers",
    "over de regio",
    "about (?:the |our )?region",
)
MANY = re.compile(
    r"^((?:veel|enkele|tientallen|honderden|many|several|dozens of|a few)|(?:[±>~<≈]|ruim|circa|ca\.?"
    r"|ongeveer|meer dan|bijna|about|over|some|nearly|more than)?\s*\d[\d.,]*(?:\s*%)?)\s+(?=\S)",
    re.IGNORECASE,
)
COALITION = either(
    "bestaan? uit",
    "bestaat uit",
    "consists? of",
    "is made up of",
    "deelnemers zijn",
    "partners zijn",
    "our partners are",
)
AMBITION = either(
    "willen we",
    "willen wij",
    "wij willen",
    "we willen",
    "ambitie",
    "onze droom",
    "de wens is",
    "we want",
    "our ambition",
    "our aim",
    "streven",
)
SECTOR = re.compile(
    r"kinderopvang|childcare|onderwijs|scho(?:ol|len)\w*|education|schools?|jeugd(?:zorg|hulp"
    r"|gezondheidszorg)|youth (?:care|health)|welzijn|welfare|kennispartner\w*|universit\w+|GGD|GGZ"
    r"|gemeenten?|municipalit\w+|provincie|province|samenwerkingsverband\w*|zorg\b|care\b|politie|police"
    r"|bibliothe\w+|librar\w+",
    re.IGNORECASE,
)
INTERESTS = heading("(?:verschillende |uiteenlopende )?belangen", "interests", "stakeholders", "wat speelt er")
COMMUNITY = re.compile(
    r"\b(?:\d{1,2}|een|één|twee|drie|vier|vijf|a|one|two|three|four|five)\s+(?:communit(?:y"
    r"|ies) of practice|leernetwerk(?:en)?|leerkring(?:en)?|learning networks?|CoPs?)\b",
    re.IGNORECASE,
)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CONTACT = re.compile(
    r"(?:contact(?: op)? (?:met|with)|contactpersoon(?: is)?:?|contact person(?: is)?:?|contact:|bel|call"
    r"|mail|vraag het|ask)\s+",
    re.IGNORECASE,
)
SUPPORT = either(
    "ondersteuningsvra\\w+", "hulpvra\\w+", "steunvra\\w+", "support (?:question|request)s?", "request for support"
)
ASKED_OF = re.compile(
    r"\b(?:ondersteuningsvra\w+|hulpvra\w+|steunvra\w+|support (?:question|request)s?"
    r"|request for support)\s+(?:aan|to|of)\s+((?:de |het |the )?[^,.;]*?)(?=\s+(?:word(?:t|en)|is|zijn"
    r"|was|are|has|heeft)\b|[,.;]|$)",
    re.IGNORECASE,
)
LEARN = either("van (?:andere|elkaars) (?:regio|netwerk|gemeente)\\S* (?:te )?leren", "learn from (?:other|each other)")
CHALLENGE = either("(?:blijft|is) een (?:uitdaging|opgave|worsteling)", "(?:remains|is) a (?:challenge|struggle)")
MOVED = either("verplaatst naar", "verzet naar", "uitgesteld tot", "postponed (?:to|until)", "moved to")
STARTED = either("aan de slag met", "is begonnen met", "start(?:te|en|t)? met", "is working on", "started (?:with|on)")
NAMED = either(
    "(?:thema|opdracht|onderwerp)\\S* (?:benoemd|gekozen|vastgesteld)",
    "(?:themes|assignments|subjects) (?:were )?(?:named|chosen|set)",
    "(?:named|chose|set) \\w+ (?:themes|assignments)",
)

# agenda
ASSIGNMENT = re.compile(r"^(?:opdracht|assignment)\b", re.IGNORECASE)
POINTS = heading("aandachtspunt", "aandachtspunten", "attention points?", "points of attention", "let op")

# an assignment card
BACKGROUND = heading(
    "achtergrond",
    "aanleiding",
    "background",
    "context",
    "huidige (?:ervaringen|situatie)",
    "current (?:experiences?|situation)",
)
NEEDS = heading("wat is (?:er )?nodig", "nodig\\b", "behoefte", "what is needed", "needs?\\b")
CHALLENGES = heading("uitdaging", "uitdagingen", "opgave", "challenges?\\b")
GOAL = heading("doel\\b", "doelen\\b", "doelstelling(?:en)?", "goals?\\b", "aims?\\b", "objectives?\\b")
CONDITIONS = heading("randvoorwaarde", "randvoorwaarden", "voorwaarden", "preconditions?", "conditions?\\b")
CARD = heading("opdracht\\b", "assignment\\b", "taak\\b", "deelopdrachten", "parts?\\b", "onderdelen")
ORGANISATION = heading(
    "(?:project)?organisatie", "wie doet wat", "(?:project )?organi[sz]ation", "who does what", "roles?\\b"
)
PARTIES = heading(
    "opdrachtgevers?",
    "opdrachtnemers?",
    "principals?",
    "commissioners?",
    "contractors?",
    "projectgroep",
    "werkgroep",
    "stuurgroep",
    "klankbordgroep",
    "project (?:group|team)",
    "working group",
    "steering group",
    "leden",
    "members",
    "(?:project|programma)leiders?",
    "(?:project|programme) leaders?",
    "trekkers?",
)
VACANT = re.compile(
    r"\b(?:er (?:moet|wordt|is) (?:nog )?een|we zoeken (?:nog )?een|an?|there (?:is|must be) an?)"
    r"\s+(?P<first>[\w-]+(?: [\w-]+)?)\s+"
    r"(?:worden (?:geworven|gezocht|aangesteld)|gezocht|nodig|vacant"
    r"|(?:still )?(?:has|needs) to be (?:found|hired|recruited|appointed)"
    r"|(?:must|will) be (?:found|hired|recruited|appointed)|wanted)"
    r"|\b(?:we zoeken|gezocht|vacature|vacancy|wanted|we are looking for):?(?: nog)?(?: een| an?)?"
    r"\s+(?P<second>[\w-]+(?: leader| manager| coordinator)?)",
    re.IGNORECASE,
)
NAME = r"[A-ZÀ-Þ][\w’'-]+(?:\s+(?:van|de|der|den|ter|ten|te|von|of|el|al|’t|'t)\b)*(?:\s+[A-ZÀ-Þ][\w’'-]+){0,3}"
PERSON = re.compile(rf"({NAME})\s*\(([^)]+)\)")
BOARD = re.compile(r"\b(klankbordgroep|sounding board)\b(?:.*?\b(?:met|with|of|van)\s+([^.]+))?", re.IGNORECASE)
FREE = re.compile(
    r"^(?:vacature|vacant|vacancy|gezocht|wanted|nog (?:te werven|onbekend|niet gevonden)|to be (?:found|hired))\b",
    re.IGNORECASE,
)
LABELLED = re.compile(r"^([^:]{3,40}):\s*(\S.*)$", re.DOTALL)
MONITOR = heading("monitor\\w*", "meten", "effect\\w*", "measur\\w*", "evaluat\\w*")
BOTH = re.compile(
    r"\b(?:zowel(?: gericht)?(?: op)?|both(?: of)?(?: on)?)\s+(.+?)\s+(?:als|and)\s+(?:op\s+"
    r"|on\s+)?([^.]+)",
    re.IGNORECASE | re.DOTALL,
)
MONEY = either(
    "geld\\b", "money", "begroting", "budget", "financi\\w+", "kosten", "bekosti\\w+", "funding", "costs?\\b"
)

# joining and declarations
SIGNED = either(
    "(?:intentie)?verklaring",
    "instemming",
    "ondertekend",
    "getekend",
    "akkoord (?:met|van)",
    "convenant",
    "signed",
    "agreement",
    "consent",
    "declaration",
    "letter of intent",
)
SIGNER = re.compile(
    r"(?:\bdoor|\bby|\bvan|\bfrom)\s+(.+?)(?=\s+(?:ondertekend|getekend|signed|afgegeven|gegeven)\b|[.;]"
    r"|$)",
    re.IGNORECASE,
)
RESEARCH = re.compile(
    r"\b(?:onderzoek|inventaris\w+|verkenn\w+|research|survey|inventory|vragen|questions)\b[^:]*:\s*$", re.IGNORECASE
)
BOTTLENECK = either("knelpunt", "hiaat", "hiaten", "bottleneck", "obstacle", "gaps?\\b")
FIGURES = either("\\w*cijfers", "opbrengst", "resultaten", "aantallen", "figures", "yields?", "results", "numbers")
DEADLINE = either("tot", "voor", "uiterlijk", "vóór", "until", "before", "by", "no later than", "deadline")
CONFERENCE = either("\\w*conferentie", "\\w*congres", "conference", "startbijeenkomst", "kick-?off", "kickoff")

# news and what stands around a text
TALK = either("presentatie", "lezing", "toespraak", "presentation", "talk\\b", "lecture")
FRAME = re.compile(
    r"^\W*(?:downloads?|delen|share|bijlagen?|attachments?)\W*$|\b(?:bestanden|files)\b.*\b(?:bijgevoegd"
    r"|attached)\b",
    re.IGNORECASE,
)
GROUP = heading("werkgroep\\S*", "working group", "projectgroep", "trekkers?")
