"""Turns of phrase, Dutch and English, by which people ask, offer, worry and agree, as they type them on a phone."""

import re

_GIVE = r"""(?:delen|meedenken|meehelpen|helpen|opsturen|rondsturen|toesturen|doorsturen|langskomen|presenteren
    |uitzoeken|vertellen|uitleggen|ontvangen|laten\s+zien|meelezen|lenen)"""
_USE = r"(?:gebruiken|overnemen|lenen|meelopen|inzien|meekijken|kopi[eë]ren)"


def _cues(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE | re.VERBOSE)


def _opening(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{pattern})", re.IGNORECASE | re.VERBOSE)


REQUEST = _cues(
    rf"""
      behoefte\s+aan | verzoek\s+(?:om|aan) | oproep\b | op\s+zoek\s+naar | a\.?u\.?b\b | s\.?v\.?p\b | alsjeblieft
      | (?:we|wij|ik)\s+(?:zoeken?|verzoeken)\b(?!.{{0,30}}\buit\b)
      | (?:we|wij|ik)\s+vragen\b(?!\s+(?:ons|me|mij)\b) | mis(?:sen)?\s+(?:nog\s+)?een\b | wie\s+o\s+wie
      | (?:kan|wil|heeft|kent|weet|zou)\s+(?:er\s+)?iemand\b | wie\s+(?:kan|kent|weet|wil|helpt)\b.{{0,60}}\?
      | wie\s+(?:kan\s+(?:ons|mij|me)|kent\b|weet\s+een) | wie\s.{{0,50}}\b(?:helpen|delen|ervaring)
      | wie\s+heeft\s.{{0,12}}\b(?:een|ervaring|voorbeeld|tips) | er\s(?:\w+\s){{1,3}}die\s.{{0,40}}\bwillen\b
      | (?:kunnen|willen|kan|wil|zouden)\s+(?:jullie|je|u)\s.{{0,50}}\b(?:{_GIVE}|sturen|geven|weten)
      | (?:mogen|mag)\s+(?:wij|we|ik)\s.{{0,50}}\b{_USE}
      | (?:graag|liefst)\s.{{0,30}}\b(?:horen|hoor|ontvangen|weten|zien|contact|hulp|meer)\b
      | (?:hebben|heb|heeft)\s(?!.*\b(?:geen|niet)\b).{{0,40}}\bnodig\b | er\s+moet(?:en)?\s.{{0,60}}\bkomen\b
      | zou(?:den)?\s+(?:ons\s+|enorm\s+|erg\s+|heel\s+)?(?:helpen|mooi|fijn|handig|schelen)\b
      | (?:tips|voorbeelden|idee[eë]n|hulp|suggesties|meelezers|examples|ideas|help)\b.{{0,40}}\b(?:welkom|welcome)
      | (?:we|i)\s+(?:\w+\s)?need\s+(?:help|support|an?|advice|someone|more|volunteers)\b
      | (?:can|could|does|has|would|will)\s+(?:anyone|someone|somebody|anybody)
      | would\s+(?:love|like)\s+to\s+(?:hear|know) | would\s+(?:help|be\s+(?:great|good|nice|helpful))\b
      | (?<!can\s)(?<!may\s)(?:we|i)\s+(?:ask|request|urge)\b | (?:we|i)\s+call\s+(?:on|for)
      | (?:looking|call)\s+for\b | please\b
    """
)
REQUEST_OPENS = _opening(
    r"""graag\b | (?:stuur|mail|deel|geef)\s+(?:me|mij|ons)\b | laat\s+(?:het\s+)?(?:ons\s+|me\s+|mij\s+)?weten
      | let\s+(?:us|me)\s+know"""
)
OFFER = _cues(
    rf"""
      (?:bied|biedt|bood|bieden|boden)\b.{{0,60}}\baan(?=\s*[.,;!?]|\s*$|\s+(?:om|voor)\b)
      | (?:bied|biedt|bood|bieden|boden)\s+aan\b.{{0,60}}\bte\s+\w+en\b | aangeboden\s+om | aanbod\s+(?:om|van)
      | stel(?:t|len|len)?\s.{{0,40}}\bbeschikbaar | (?:is|ben|zijn)\s+bereid\s+om | op\s+(?:zich|me|mij|ons)\s+om\b
      | (?:wil|wilt|kan|kunnen|willen|zal|zullen|gaat|ga|gaan)\s(?:[\w']+\s){{0,6}}?{_GIVE}\b
      | ik\s+(?:wil|kan)\s+(?:best|wel|graag)\b | ik\s+(?:stuur|mail|deel|zoek|regel|bel|app)\b
      | (?:stuur|mail|deel|maak|neem|regel|zoek)\s+ik\b | (?:neem|breng)\s.{{0,40}}\bmee\b
      | (?:gaat|zoekt)\s+(?:na|uit)\b
      | (?:we|wij)\s+(?:delen|sturen)\s.{{0,40}}\b(?:met\s+(?:wie|jullie|iedereen|anderen)|rond|toe)\b
      | (?:jullie|je|u|iedereen)\s+(?:zo\s+)?(?:mogen|mag|kunnen|kan|kunt)\s.{{0,50}}\b{_USE}\b
      | (?:jullie|je)\s+(?:zo\s+)?mag\s+{_USE}
      | (?:mogen|mag|kunnen|kun|kan)\s+(?:jullie|je|u|iedereen)\s.{{0,50}}\b{_USE}
      | wie\s+wil\s*,?\s+mag\b | (?:kom|bel|mail|app|loop|vraag)\s(?:\w+\s)?(?:gerust|me\s+dan|me\s+maar)\b
      | hebben\s+(?:nog\s+)?(?:plek|ruimte)\b | bij\s+(?:ons|mij|me)\s+terecht\b
      | (?:offer|offers|offered)\s+to | (?:happy|willing|glad)\s+to | feel\s+free
      | you\s+(?:can|may)\s+(?:use|borrow|copy|join|have|call)
      | (?:will|can|could|\w+'ll|\w+’ll)\s(?:\w+\s){{0,3}}?(?:share|help|send|present|prepare|host|visit)\b
      | i(?:\s+will|'ll|’ll)\s+(?:draft|make|write|call|mail|ask|find|look|bring)
      | (?:i\s+am|i'm|i’m)\s+(?:free|available)\b
    """
)
AGREEMENT = _cues(
    r"""
      (?:we|wij|groep|iedereen|allen|er|samen|hebben|is|werd|wordt|was)\s.{0,50}\b(?:afgesproken|besloten)
      | (?:afgesproken|besloten)\s+(?:om|dat|is|wordt|werd|we|wij)\b | (?:spreken|spreekt|spraken|sprak)\s.{0,40}\baf\b
      | afspraak\s*(?::|is\b|was\b|om\b|dat\b) | akkoord\s+(?:door|met)\b
      | (?:is|zijn|gaan|gaat|ging|gingen)\s(?:\w+\s){0,3}?akkoord\b | besluiten\s+(?:we|wij|om)\b
      | (?:we|wij)\s+besluiten | besluit\s+(?:is|om|was)\b | (?:vastgesteld|vastgelegd)\s+(?:dat|is)\b | knoop\s+door\b
      | (?:komen|kwamen|komt)\s+overeen\b | overeengekomen | voortaan\s+(?:doen|gaan|werken|bellen)\b
      | eens\s+(?:over|dat|met)\b | (?:erover|hierover|het|allemaal|mee|'t)\s+(?:er\s+)?(?:helemaal\s+|mee\s+)?eens\b
      | unaniem | unanimous | (?:volgende|eerste)\s+stap\s+is | (?:we|wij)\s+(?:kiezen|kozen)\s+(?:voor|ervoor)\b
      | vanaf\s+(?:\w+\s){1,3}(?:doen|gaan|starten|werken|bellen|komen)\s+we\b
      | iedereen\s+(?:is\s+)?(?:ervoor|voor)\b | iedereen\s+vind(?:t|en)?\s+dat
      | we\s+(?:doen|gaan)\s+(?:het|'?t|dit|dat)\s+dus\b | dus\s+(?:we\s+gaan|gaan\s+we)\b
      | agreed\s+(?:to|that|on)\b | (?:everyone|everybody|we|all)\s+(?:\w+\s)?agrees?\b
      | (?:we|they|group|groups|it\s+was|all)\s+(?:agreed|decided|settled|chose|opted)\b | settled\s+(?:on|that)\b
      | (?:decision|next\s+step)\s*(?::|is\b|was\b) | from\s+now\s+on\b
    """
)
AGREEMENT_OPENS = _opening(r"(?:ok[ée]?\s*,?\s+)?(?:afgesproken|besloten|akkoord|deal|agreed|decided)\b")
WONDER = _cues(
    r"""
      (?:de|het|onze|is|grote)\s+vraag\s+(?:is|was|blijft)\b | (?:is|blijft)\s+de\s+vraag\b
      | (?:vraag|vragen|vroeg|vroegen)\s+(?:we\s+|ik\s+)?(?:me|mij|ons|zich|zichzelf)\s+(?:\w+\s)?af\b | benieuwd\b
      | (?:onduidelijk|onbekend|niet\s+duidelijk)\b.{0,25}\b(?:wie|wat|hoe|of|waar|wanneer)\b
      | weten\s+(?:we\s+)?(?:nog\s+)?niet\s+(?:wie|wat|hoe|of|waar|wanneer)\b
      | wonder(?:ed|ing)?\s+(?:whether|if|how|what|who|why) | unclear\s+(?:who|what|how|whether|if)
      | question\s+(?:is|was|remains)\b | (?:do\s+not|don't|don’t)\s+know\s+(?:who|what|how|whether|if)\b
    """
)
CONCERN = _cues(
    r"""(?:
      (?:maak|maken|maakt|maakten)\s.{0,12}\bzorgen | (?:baart|baren)\s.{0,20}\bzorgen | zorgen\s+(?:over|om)
      | zorgelijk\w* | zorgwekkend\w* | bezorgd\w* | pas\s+op | bang\s+(?:dat|voor) | risico\w* | gevaar\w*
      | knelpunt\w* | dreig(?:t|en|ing)\w* | desastreu\w* | machteloos | onder\s+druk | \w*tekort\w* | vastlopen
      | tussen\s+wal\s+en\s+schip | (?:loopt|lopen|loop|liep|liepen)\s(?:\w+\s){0,2}?vast | lastig\w* | moeilijk\w*
      | pervers\w* | onvoldoende | ontbreekt | ontbreken | proble(?:em|men|matisch) | overbelast | uitgeput
      | onhoudbaar | onbetaalbaar | wantrouwen | helaas | kwetsbaar | frustr\w+ | rek\s+is\s+eruit | afwachten
      | (?:te|niet)\s+(?:weinig|genoeg|voldoende|duidelijk|hoog|laag|duur|druk|zwaar|vol|veel|vroeg|traag)
      | (?:steeds|alleen\s+maar|almaar)\s+(?:langer|slechter|minder|voller|drukker|duurder)
      | als\s+dit\s+zo\s+door | verliezen\s+we | (?:blijft|blijven)\s+(?:stijgen|groeien|dalen) | uit\s+beeld
      | (?:is|zijn|raakt|raken)\s+(?:bijna\s+)?op(?=\s*[,;.!]|\s*$) | (?:raken|raakt)\s.{0,25}\bkwijt
      | (?:valt?|vallen)\s(?:\w+\s){0,3}?(?:stil|weg)(?=\W|$) | (?:haakt?|haken)\s(?:\w+\s){0,3}?af | afhaakt | afhaken
      | niemand\s+(?:voelt|pakt|neemt|doet) | vertrouwen\s+is\s+weg | (?:we|wij)\s+missen
      | (?:gaat|ging|kan)\s(?:\w+\s){0,2}?niet\s+(?:goed|langer|meer) | (?:komen|zitten|worden)\s+nooit
      | geen\s+(?:tijd|geld|ruimte|plek|plekken|mensen|personeel)
      | concern(?:s|ed|ing)? | worr(?:y|ies|ied|ying) | risk(?:s|y)? | danger\w* | difficult\w* | struggl\w+
      | shortage\w* | afraid | fears? | barrier\w* | not\s+enough | lack(?:s|ing)? | problem(?:s|atic)? | exhausted
      | overloaded | harder\s+to | keeps?\s+(?:growing|rising|falling) | give\s+up | drop(?:ping)?\s+out | unfortunately
      | too\s+(?:few|little|many|much|late|slow) | from\s+view | pillar\s+to\s+post | no\s+(?:time|money|space|staff)
    )\b"""
)
ASKING = _opening(
    r"""(?:en\s+|maar\s+|and\s+)?(?:hoe(?:lang|veel)?|wat|waar|wie|welke?|waarom|wanneer|in\s+hoeverre|moet(?:en)?\s+we
      |kan|kunnen|zou(?:den)?|is\s+er|zijn\s+er|how|what|where|who|which|why|when|to\s+what\s+extent|should|could|can
      |is\s+there|are\s+there|do|does)\b
      | (?:is|zijn|heeft|hebben|mag|mogen|geldt|bestaat|wordt)\s+(?:er|daar|dat|dit|het|we|wij|je|jullie)\b"""
)
ASKS_ANYHOW = _opening(
    r"""vraag\s*: | question\s*:
      | (?:wie|waar|hoe|waarom|welke?\s\w+)\s+(?:ligt|kan|kunnen|moet|moeten|mag|gaat|zit|zijn|betaalt|bepaalt|beslist
      |doet|doen|zorgt|blijft)\b(?!.*,) | (?:who|where|how|why)\s+(?:is|are|do|does|can|should)\b"""
)
