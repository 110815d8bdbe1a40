"""Points of an agenda with what is about them and what only looks like it, written for these tests: the floor was
measured on them.

A point, then sentences that groups said: `+` where the point is what the sentence is about.
"""

from dataclasses import dataclass

_LINES = """
* Hoe voorkomen we dat kinderen op een wachtlijst voor hulp thuis komen te zitten?
+ Wie op de wachtlijst voor hulp staat, krijgt bij ons alvast een begeleider in de klas.
+ Kinderen zitten thuis zolang de wachtlijst voor hulp zo lang is.
- De wachttijd bij het loket is door een tweede medewerker gehalveerd.
- Kinderen met een beperking spelen nu mee op het schoolplein.
* Leerlingenvervoer naar de dagbehandeling
+ Het vervoer naar de dagbehandeling rijdt bij ons samen met de bus van het speciaal onderwijs.
+ Chauffeurs van het leerlingenvervoer krijgen een cursus over kinderen in dagbehandeling.
- De dagbehandeling werkt nu ook op woensdagmiddag.
- Ouders vonden de brief over het vervoer van de gymles onduidelijk.
* Eén plan voor gezin en school
+ Met één plan voor het gezin en de school hoeft niemand zijn verhaal twee keer te doen.
+ School en wijkteam schrijven nu samen één plan met het gezin aan tafel.
- Het plan voor de nieuwe gymzaal ligt bij de gemeenteraad.
- Onze school kreeg een prijs voor de schooltuin.
* Ouders vroeg betrekken bij het zorgoverleg
+ We nodigen ouders uit voor het zorgoverleg vóór er iets is besloten.
+ Bij het zorgoverleg zaten ouders te vaak tegenover zes professionals.
- Ouders zijn tevreden over de nieuwe website.
- Het zorgoverleg duurt een uur korter sinds er een vaste voorzitter is.
* Overgang van basisschool naar voortgezet onderwijs
+ De overgang van de basisschool naar de brugklas gaat mis als dossiers te laat komen.
+ In mei zit de mentor van het voortgezet onderwijs naast de leerling op de basisschool.
- De basisschool begint volgend jaar een kwartier eerder.
- Een leerling uit het voortgezet onderwijs gaf de rondleiding.
* Hoe bekostigen we de zorg in onderwijstijd?
+ De zorg in onderwijstijd wordt bij ons uit één potje bekostigd.
+ Niemand weet wie de zorg onder onderwijstijd betaalt, dus bekostigt de school hem zelf.
- De onderwijstijd van groep drie is met een half uur verkort.
- De kosten van het gebouw stegen.
* Huisvesting: scholen en opvang onder één dak
+ In het nieuwe gebouw zitten school, opvang en wijkteam onder één dak.
+ De huisvesting van de opvang staat nu in hetzelfde plan als die van de scholen.
- Het dak van de sporthal lekt.
- De opvang zoekt twee invallers.
* Thuiszitters terug naar school
+ Drie thuiszitters gaan sinds Pasen weer naar school, met een uur per dag.
+ Voor elke thuiszitter is er nu één vaste persoon die de terugkeer naar school regelt.
- De school zoekt een nieuwe conciërge.
- Na de vakantie gaan alle scholen weer open.
* Delen van gegevens tussen jeugdhulp en school
+ Jeugdhulp en school delen gegevens pas nadat beide ouders tekenden.
+ Door de privacyregels durft niemand gegevens te delen met de jeugdhulp.
- Jeugdhulp is sinds januari in het oude postkantoor te vinden.
- De gegevens over verzuim komen van het ministerie.
* Jongeren zelf aan tafel
+ Zodra jongeren zelf aan tafel zitten, gaat het gesprek over iets anders.
+ Een jongere vertelde aan tafel wat er bij haar misging, en toen werd het stil.
- De tafels in de aula zijn vervangen.
- Jongeren vanaf 18 betalen een eigen bijdrage.
* Verzuim eerder in beeld
+ Na zes dagen verzuim belt de mentor, zodat we het eerder in beeld hebben.
+ Ziekteverzuim komt bij ons pas na drie weken in beeld, en dat is te laat.
- Een tekening geeft een mooi beeld van de middag.
- Verzuim van leraren werd niet besproken.
* Deskundigheid van leraren over autisme vergroten
+ Leraren volgden een training over autisme en zien nu eerder wat een kind nodig heeft.
+ De deskundigheid over autisme zit bij twee leraren en vertrekt met hen.
- De leraren van de bovenbouw gaan op excursie.
- Autisme komt vaker voor bij jongens.
* Wie heeft de regie als er meer instanties betrokken zijn?
+ De regie ligt bij wie het gezin het best kent, welke instanties er ook bij zitten.
+ Met vier instanties in één gezin nam niemand de regie.
- De regie van het toneelstuk was van groep acht.
- Er zijn twee instanties verhuisd.
* Transport of pupils to day care
+ Pupils who go to day care share their transport with the special school next door.
- Day care opens at seven from now on.
* How do we keep young people with us after they turn eighteen?
+ Young people lose their mentor when they turn eighteen, unless somebody asks for an extension.
- Eighteen people came to the evening.
"""
NOISE = """
De koffie was koud en de zaal te klein.
We beginnen de volgende keer een kwartier eerder.
De wethouder opende de middag met een gedicht.
Iedereen vond het een nuttige bijeenkomst.
Er komt een nieuwe voorzitter.
De gemeente bezuinigt op de bibliotheek.
We hebben veel gelachen.
De presentatie staat in de map.
Een volgende stap is een gesprek met de besturen.
In onze regio werken we met vier gemeenten.
The slides will follow by mail.
"""


@dataclass(frozen=True)
class Labelled:
    """A point with sentences, each with whether it is about the point."""

    point: str
    sentences: tuple[tuple[bool, str], ...]


def labelled() -> list[Labelled]:
    """Return every point with its sentences."""
    found: list[tuple[str, list[tuple[bool, str]]]] = []
    for line in filter(None, _LINES.splitlines()):
        mark, text = line[0], line[2:]
        if mark == "*":
            found.append((text, []))
        else:
            found[-1][1].append((mark == "+", text))
    return [Labelled(point, tuple(sentences)) for point, sentences in found]


def noise() -> list[str]:
    """Return sentences that are about no point at all."""
    return [line for line in NOISE.splitlines() if line]
