"""The words by which parts of a document are known, in Dutch and English. They are looked for, never written anywhere.

Whole words or their beginnings, folded by the pattern; what is matched only says where to cut.
"""

import re


def _either(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


def _opens(*words: str) -> re.Pattern[str]:
    """A word or two before a colon at the beginning of a line."""
    return re.compile(rf"^(?:{'|'.join(words)})\b[^:.?!]{{0,40}}:\s*", re.IGNORECASE)


def _heading(*words: str) -> re.Pattern[str]:
    """The words of a heading, from its beginning; an article before them does not count."""
    return re.compile(rf"^(?:de |het |een |onze |the |our )?(?:{'|'.join(words)})\b", re.IGNORECASE)


# phases
PHASE_LIST = _heading("fasen?(?: en .*)?$", "fasering", "phases?(?: and .*)?$", "stappen$", "stages$")
PHASE = re.compile(r"^(?:fase|phase|stap|stage)\s+(\d{1,2})\b[.:)]?\s*", re.IGNORECASE)
PHASE_NAMED = re.compile(r"\b(?:fase|phase|stap|stage)\s+(\d{1,2})\b", re.IGNORECASE)
TO_COME = _heading(
    "wat (?:nog )?(?:volgt|komt)", "vervolg", "what (?:is )?(?:still )?(?:to come|follows|comes next)", "next steps"
)
EASY = _opens(
    "(?:wat )?(?:er )?(?:ging )?(?:ge)?makkelijk",
    "(?:what was )?easy",
    "(?:what )?went well",
    "(?:wat )?ging goed",
    "wat meeviel",
)
HARD = _opens(
    "(?:wat )?(?:er )?(?:ging )?(?:was )?moeilijk",
    "(?:wat )?(?:was )?lastig",
    "(?:what was )?hard",
    "(?:what was )?difficult",
    "wat tegenviel",
)
CONCLUSION = _opens("conclusie", "conclusion", "slotsom", "uitkomst", "we concluded")
DECIDED = _either(
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
CHANGED = _either(
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
MADE = _either(
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
PROFILE = _heading(
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
COALITION = _either(
    "bestaan? uit",
    "bestaat uit",
    "consists? of",
    "is made up of",
    "deelnemers zijn",
    "partners zijn",
    "our partners are",
)
AMBITION = _either(
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
INTERESTS = _heading("(?:verschillende |uiteenlopende )?belangen", "interests", "stakeholders", "wat speelt er")
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
SUPPORT = _either(
    "ondersteuningsvra\\w+", "hulpvra\\w+", "steunvra\\w+", "support (?:question|request)s?", "request for support"
)
ASKED_OF = re.compile(
    r"\b(?:ondersteuningsvra\w+|hulpvra\w+|steunvra\w+|support (?:question|request)s?"
    r"|request for support)\s+(?:aan|to|of)\s+((?:de |het |the )?[^,.;]*?)(?=\s+(?:word(?:t|en)|is|zijn"
    r"|was|are|has|heeft)\b|[,.;]|$)",
    re.IGNORECASE,
)
LEARN = _either(
    "van (?:andere|elkaars) (?:regio|netwerk|gemeente)\\S* (?:te )?leren", "learn from (?:other|each other)"
)
CHALLENGE = _either("(?:blijft|is) een (?:uitdaging|opgave|worsteling)", "(?:remains|is) a (?:challenge|struggle)")
MOVED = _either("verplaatst naar", "verzet naar", "uitgesteld tot", "postponed (?:to|until)", "moved to")
STARTED = _either("aan de slag met", "is begonnen met", "start(?:te|en|t)? met", "is working on", "started (?:with|on)")
NAMED = _either(
    "(?:thema|opdracht|onderwerp)\\S* (?:benoemd|gekozen|vastgesteld)",
    "(?:themes|assignments|subjects) (?:were )?(?:named|chosen|set)",
    "(?:named|chose|set) \\w+ (?:themes|assignments)",
)

# agenda
ASSIGNMENT = re.compile(r"^(?:opdracht|assignment)\b", re.IGNORECASE)
POINTS = _heading("aandachtspunt", "aandachtspunten", "attention points?", "points of attention", "let op")

# an assignment card
BACKGROUND = _heading(
    "achtergrond",
    "aanleiding",
    "background",
    "context",
    "huidige (?:ervaringen|situatie)",
    "current (?:experiences?|situation)",
)
NEEDS = _heading("wat is (?:er )?nodig", "nodig\\b", "behoefte", "what is needed", "needs?\\b")
CHALLENGES = _heading("uitdaging", "uitdagingen", "opgave", "challenges?\\b")
GOAL = _heading("doel\\b", "doelen\\b", "doelstelling(?:en)?", "goals?\\b", "aims?\\b", "objectives?\\b")
CONDITIONS = _heading("randvoorwaarde", "randvoorwaarden", "voorwaarden", "preconditions?", "conditions?\\b")
CARD = _heading("opdracht\\b", "assignment\\b", "taak\\b", "deelopdrachten", "parts?\\b", "onderdelen")
ORGANISATION = _heading(
    "(?:project)?organisatie", "wie doet wat", "(?:project )?organi[sz]ation", "who does what", "roles?\\b"
)
PARTIES = _heading(
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
MONITOR = _heading("monitor\\w*", "meten", "effect\\w*", "measur\\w*", "evaluat\\w*")
BOTH = re.compile(
    r"\b(?:zowel(?: gericht)?(?: op)?|both(?: of)?(?: on)?)\s+(.+?)\s+(?:als|and)\s+(?:op\s+"
    r"|on\s+)?([^.]+)",
    re.IGNORECASE | re.DOTALL,
)
MONEY = _either(
    "geld\\b", "money", "begroting", "budget", "financi\\w+", "kosten", "bekosti\\w+", "funding", "costs?\\b"
)

# joining and declarations
SIGNED = _either(
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
BOTTLENECK = _either("knelpunt", "hiaat", "hiaten", "bottleneck", "obstacle", "gaps?\\b")
FIGURES = _either("\\w*cijfers", "opbrengst", "resultaten", "aantallen", "figures", "yields?", "results", "numbers")
DEADLINE = _either("tot", "voor", "uiterlijk", "vóór", "until", "before", "by", "no later than", "deadline")
CRITERIA = _either("criteria", "criterium", "eisen", "voorwaarden", "requirements?", "conditions")
ASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "parties",
        _either(
            "gedragen",
            "alle (?:deelnemende )?partijen",
            "(?:backed|supported|signed) by",
            "all (?:participating )?parties",
            "draagvlak",
        ),
    ),
    ("indicator", _either("indicator", "waaraan (?:je|men|we) (?:dat )?(?:ziet|meet)", "measured")),
    ("result", _either("resultaat", "result\\b", "outcome", "opbrengst")),
    ("approach", _either("aanpak", "oplossingsrichting", "approach", "method")),
    ("question", _either("vra(?:ag|gen)", "questions?")),
)
PERIOD = _either("looptijd", "periode", "runs? from", "run period", "duur\\b", "loopt van")
CONFERENCE = _either("\\w*conferentie", "\\w*congres", "conference", "startbijeenkomst", "kick-?off", "kickoff")
VISIT = _either("werkbezoek", "work(?:ing)? visit", "site visit")
MANAGER = re.compile(
    r"\b(accountmanagers?|account managers?|regiocontact\w*|relatiebeheerders?)\b(?:\s+(?:van|of|from|bij"
    r"|at)\s+(.+?)(?=\s+(?:gezamenlijk|samen|jointly|together)\b|[.,;]|$))?",
    re.IGNORECASE,
)
MANDATE = re.compile(r"\b(?:mensen|people|personen)\s+(?:met|with)\s+.+?(?=\.\s|\.?$)", re.IGNORECASE | re.DOTALL)
CAVEAT = _either(
    "onder voorbehoud",
    "vooruitlopend op",
    "voorlopig\\b",
    "provisional",
    "subject to",
    "waar nodig en/of mogelijk",
    "may inform",
    "pending",
)
THEMES = _heading("thema\\S*", "themes?", "onderwerpen", "subjects?")

# articles
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
IN_REGION = re.compile(rf"\b(?i:regio|region|netwerk|network)\s+({NAME})")
IN_PLACE = re.compile(
    r"(?s:.*)\b(?:in het kader van|over|about|met|with|on)\s+((?:het\s+|de\s+"
    r"|the\s+)?[A-ZÀ-Þ][^,.;()]*(?:\([^)]+\))?)\s+in\s+(?:de |the )?(?:regio|region)\b",
)
SOURCE = re.compile(r"\b(?:bekijk|lees|zie|vind|see|read|look at|find)\b", re.IGNORECASE)
NAMED_TITLE = re.compile(r"[“\"„‘«]([^”\"’»]{3,120})[”\"’»]")
SCHEME = re.compile(
    r"\b(?:dat |that )?((?:de|het|the)\s+[\w-]+(?:\s[\w-]+)?)\s+(?:is\s+)?(?:een |a )?(?:tijdelijke? "
    r"|temporary )?(?:regeling|subsidie|scheme|grant|fund)\b[^.]*?\b(?:voor|for|tot|until|t/m)\s+([^.,;]+)",
    re.IGNORECASE,
)
TEMPORARY = _either(
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
OFFER = _either(
    "bood(?:en)?\\b(?: \\w+){0,4} aan",
    "biedt? (?:\\w+ ){0,4}aan",
    "wil(?:len)? (?:\\w+ ){0,6}(?:delen|maken|helpen)",
    "offered to",
    "offers to",
    "volunteered to",
)
NEED = _either(
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
TALK = _either("presentatie", "lezing", "toespraak", "presentation", "talk\\b", "lecture")
FRAME = re.compile(
    r"^\W*(?:downloads?|delen|share|bijlagen?|attachments?)\W*$|\b(?:bestanden|files)\b.*\b(?:bijgevoegd"
    r"|attached)\b",
    re.IGNORECASE,
)
GROUP = _heading("werkgroep\\S*", "working group", "projectgroep", "trekkers?")
GOES_ON = _either("(?:tijdelijke? )?middelen", "regeling", "subsidie", "geld\\b", "money", "scheme", "grant")
