"""Words that carry no subject, in Dutch and English, reviewed by hand for notes of work sessions and reports.

Verbs of talking ("gesproken", "besproken") and of meeting ("kwam aan bod") are here too: they open half of all
sentences in an impression and would otherwise become its themes.
"""

_DUTCH_WORDS = """
aan achter af afgelopen al aldus alle alleen allemaal allen alles als alsnog alsook altijd an ander andere anderen
anders beetje behalve beide beiden ben beneden bent bepaald bepaalde beter bij bijna bijvoorbeeld binnen blijf
blijft blijken blijkt blijven boven bovendien buiten daar daarbij daardoor daarentegen daarin daarmee daarna
daarnaast daarom daarop daarover daarvan daarvoor dan dat de deed deel degene degenen den der deze dezelfde die
dient dienen diens dit diverse doe doen doet dol door doorgaans dus echt echte echter een eenmaal eens eerder
eerst eerste eigen eigenlijk elk elkaar elke en enerzijds enig enige enkel enkele er eraan erbij erin erg ergens
ermee erover eruit ervan ervoor even eventueel evenals ga gaan gaande gaat ge gebeurd gebeurde gebeuren gebeurt
gedaan gedurende geen gegaan gegeven geheel gehad gehele gekomen gekregen geleden gemaakt genoeg geven geeft
gesproken besproken geweest gewoon geworden gezegd gezien ging gingen goed goede graag groot grote haar had hadden
heb hebben hebt heeft heel hele helemaal hem hen het hetgeen hetzelfde hier hierbij hierdoor hierin hiermee
hiervan hiervoor hij hoe hoeveel hoewel hun ie ieder iedere iedereen iemand iets ik immers in inclusief indien
ingezet inmiddels inzake is ja je jij jou jouw jullie kan kom komen komende komt kon konden kreeg kregen krijg
krijgen krijgt kun kunnen kunt kwam kwamen laat laatste langs lange langer later laten liet ligt lijkt maak
maakt maar maken man me mee meer meerdere meest meestal meestel men met mij mijn min minder minst misschien moest
moesten moet moeten mocht mochten mogelijk mogelijke mogen na naar naast nadat nadere nadien nam nee neem neemt
nemen net niemand niet niets noch nodig nog nogal nooit nou nu of ofwel om omdat omtrent omwille onder ondanks
ondertussen ongeveer ons onszelf onze ook op opnieuw over overigens per pas plaats precies rond rondom recent
recente reeds samen sedert sinds slechts snel sommige soms soort steeds straks stel stelt stellen sterk te
tegelijk tegen ten tenslotte ter terug terwijl tijdens tijd toch toe toen tot totaal tussen twee drie uit
uiteindelijk uiteraard uw uzelf vaak van vanaf vandaag vanuit vanwege veel verder verschillend verschillende via
vind vinden vindt vol volgend volgende volgens voor vooral voordat vooraf voorbij voorts vorig vorige vraag vragen
vroeg waar waaraan waarbij waardoor waarin waarmee waarom waarop waarover waaruit waarvan waarvoor wanneer want
waren was wat we weer weet weg wegens weinig wel weleer welk welke wellicht werd werden werk weten wie wiens wij
wil wilde wilden willen wilt wissel word worden wordt wou ze zeer zeg zeggen zegt zei zeker zelf zelfde zelfs
zich zichzelf zie zien ziet zij zijn zin zo zoals zodat zodra zogenaamde zogeheten zonder zou zouden zowel zul
zulke zullen zult één aantal betreft betreffende betrekking bod dag dagen geacht geachte gelieve jaar jaren keer
kader manier maand maanden mevrouw meneer mijnheer minister week weken uur antwoord antwoorden thema onderwerp
bijlage gaf genomen daarover uitgevoerd nader ingevolge krachtens desgevallend respectievelijk cijfers overzicht
"""
DUTCH = frozenset(_DUTCH_WORDS.split())
"""Dutch words without a subject of their own; also the vote for "this note is Dutch"."""

_ENGLISH_WORDS = """
a able about above across actual actually after again against ago all allow allows almost alone along already also
although always am among an and another any anybody anyone anything anyway are area aren around as ask asked at
away back be became because become been before began begin being believe below best better between big both bring
but by call came can cannot case certain certainly clear clearly come comes coming could couldn course day days
definitely despite did didn different do does doesn doing don done down during each early either else end enough
especially etc even ever every everybody everyone everything exactly example far feel few find first five for
forward found four from full further gave generally get gets getting give given gives giving go goes going gone
gonna good got great had hadn happen happened happening happens hard has hasn have haven having he hear heard
hello help her here hers herself high him himself his hmm hope how however i if important in indeed inside instead
into is isn issue issues it its itself just keep key kind knew know known large last later least left less let
like likely little ll long look looked looking lot lots made mainly make makes making many matter may maybe me
mean means mentioned might mm moment month months more most mostly move much must my myself need needed needs
never new next nice no nobody non none nor not nothing now number obviously of off often oh ok okay old on once
one ones only onto open or other others otherwise our ours ourselves out over overall own part particular
particularly people per perhaps place point points possible possibly probably put question questions quite rather
re real really reason recent recently regarding right round said same saw say saying says second see seem seemed
seems seen self sense set several shall she should shouldn show side simply since small so some somebody somehow
someone something sometimes soon sorry sort speak start started still such sure take taken takes taking talk
talked talking tell ten terms than thank thanks that the their theirs them themselves then there therefore these
they thing things think thinking third this those though thought three through throughout time times to today
together too took top toward towards tried try trying turn two uh um under unless until up upon us use used using
usually various ve very via view want wanted wants was wasn way ways we week weeks well went were weren what
whatever when where whether which while who whole whom whose why will wish with within without won would wouldn
year years yeah yes yet you your yours yourself committee meeting minister welcome chair item
"""
ENGLISH = frozenset(_ENGLISH_WORDS.split())
"""English words without a subject of their own; also the vote for "this note is English"."""

_LEGAL_WORDS = """
act acts amend amends amended amendment authorize authorizes authorizing bill code declare declares direct directs
establish establishes establishing express expresses federal including law makes prohibit prohibits provide
provides provision provisions purpose purposes require required requirement requirements requires secretary section
sets specified title states united
"""
LEGAL = frozenset(_LEGAL_WORDS.split())
"""Formulas of acts and summaries of acts; they say what a text is, not what it is about."""

STOP = DUTCH | ENGLISH | LEGAL
"""All of them: notes mix Dutch and English, so both lists hold for every note."""

_SHARED = DUTCH & ENGLISH
DUTCH_VOTE = DUTCH - _SHARED
"""Words that only Dutch has."""
ENGLISH_VOTE = ENGLISH - _SHARED
"""Words that only English has."""
