"""Open questions with what helps and what only looks like it, written for these tests: the floor was measured on them.

A theme and a question, then sentences of other regions: `+` where who asks is helped by a talk with who said that.
"""

from dataclasses import dataclass

_LINES = """
vervoer: Hoe regelen andere gemeenten het leerlingenvervoer naar de dagbehandeling?
+ example: Bij ons rijdt het vervoer naar de dagbehandeling mee met de bus van het speciaal onderwijs.
- conclusion: De wachttijd voor de dagbehandeling is weer langer geworden.
- example: Ouders brengen hun kinderen met de fiets naar de nieuwe school.
bekostiging: Welk deel van een onderwijszorgarrangement betaalt de school en welk deel de gemeente?
+ example: Onze gemeente betaalt het zorgdeel van elk onderwijszorgarrangement en de school de rest.
+ offer: Wij delen onze afspraken over wie wat betaalt: de school of de gemeente.
- conclusion: Een onderwijszorgarrangement begint bij ons met een gesprek aan de keukentafel.
ouders: Hoe bereik je ouders die nooit op een ouderavond komen?
+ example: Sinds we ouders thuis bezoeken, zien we ook wie nooit op een ouderavond kwam.
+ offer: Ik deel onze aanpak om ouders te bereiken via de bibliotheek en de moskee.
- example: Op de ouderavond stond de nieuwe rekenmethode centraal.
thuiszitters: Wie neemt de regie als een thuiszitter bij drie instanties bekend is?
+ conclusion: De leerplichtambtenaar neemt bij ons de regie over elke thuiszitter, wie er ook bij zit.
- conclusion: Het aantal thuiszitters is dit jaar gedaald.
- example: Drie instanties delen nu een gebouw bij het station.
privacy: Mogen we gegevens van een kind delen met jeugdhulp zonder handtekening van beide ouders?
+ example: Wij werken met één formulier waarmee beide ouders tekenen voor het delen van gegevens met jeugdhulp.
- conclusion: Jeugdhulp en school kennen elkaar nu bij naam.
- offer: Wij delen graag ons draaiboek voor de open dag.
opvang: Hoe houd je de naschoolse opvang betaalbaar voor kinderen die één op één begeleiding nodig hebben?
+ example: De naschoolse opvang krijgt bij ons een vast bedrag per kind dat één op één begeleiding nodig heeft.
- conclusion: De naschoolse opvang verhuist in het voorjaar naar de sporthal.
- example: Begeleiding in kleine groepen werkt voor rekenen beter.
personeel: Waar vinden jullie invallers met kennis van autisme?
+ offer: Onze pool van invallers, van wie er zes kennis hebben van autisme, mag je meegebruiken.
- conclusion: Invallers zijn overal schaars.
- example: Een prikkelarme hoek helpt een leerling met autisme de ochtend door.
overgang: Hoe draag je een leerling met een ontwikkelingsperspectief warm over naar het voortgezet onderwijs?
+ example: In mei zit de mentor van het voortgezet onderwijs naast de leerling voor een warme overdracht.
+ offer: Ik stuur ons overdrachtsformulier van basisschool naar voortgezet onderwijs aan wie het wil.
- conclusion: Het ontwikkelingsperspectief staat bij iedereen in hetzelfde systeem.
taal: Welke woordenschatlessen werken voor kleuters die thuis geen Nederlands spreken?
+ example: Kleuters die thuis geen Nederlands spreken, leren bij ons eerst vijf woorden per dag met voorwerpen.
- example: Kleuters spelen elke ochtend buiten, ook als het regent.
- conclusion: Thuis lezen helpt ieder kind vooruit.
doorzorg: Wat gebeurt er met de hulp als een jongere achttien wordt?
+ conclusion: De hulp loopt door tot 21, ook als een jongere achttien wordt, met dezelfde begeleider.
- example: Een jongere van achttien gaf de rondleiding.
- offer: Hulp bij het invullen van formulieren kan elke woensdag.
verzuim: Vanaf hoeveel uur verzuim bellen jullie de jeugdarts?
+ conclusion: Bij acht dagen verzuim in een jaar bellen we de jeugdarts, ook als de ouders een reden geven.
- example: De jeugdarts kijkt elk najaar naar ogen en oren.
- conclusion: Verzuim begint vaak na een vakantie.
samenwerken: How do you keep teachers and youth workers meeting each other after the project ends?
+ example: After the project ended our teachers and youth workers kept meeting over lunch every first Monday.
- conclusion: The project ends in December.
- example: Teachers got new laptops this spring.
wachtlijst: Wat doen jullie met kinderen die op een wachtlijst staan voor een diagnose?
+ example: Kinderen op de wachtlijst voor een diagnose krijgen bij ons alvast een begeleider in de klas.
- conclusion: De wachtlijst van de muziekschool is opgeheven.
- conclusion: Een diagnose zegt niet wat een kind nodig heeft.
sport: Hoe krijg je sportverenigingen zover dat ze kinderen met een beperking opnemen?
+ offer: Onze beweegcoach komt graag vertellen hoe zes sportverenigingen nu kinderen met een beperking opnemen.
- example: De sportdag was dit jaar voor alle groepen tegelijk.
- conclusion: Kinderen met een beperking gaan vaker met de taxi.
"""


@dataclass(frozen=True)
class Labelled:
    """A question of a theme, with sentences: whether it helps, the part of the note it stands in, and its words."""

    theme: str
    question: str
    answers: tuple[tuple[bool, str, str], ...]


def labelled() -> list[Labelled]:
    """Read the lines."""
    found: list[Labelled] = []
    for line in _LINES.strip().splitlines():
        head, _, text = line.partition(": ")
        if head[0] in "+-":
            last = found.pop()
            answer = (head[0] == "+", head[2:], text)
            found.append(Labelled(last.theme, last.question, (*last.answers, answer)))
        else:
            found.append(Labelled(head, text, ()))
    return found
