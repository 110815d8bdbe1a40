"""One line of help for each command, and for each thing that can be given with it.

These stand here and not in the catalogue, because reading that takes longer than all the rest of `oogst --help`.
"""

from collections.abc import Mapping

DUTCH = {
    "oogst": "Oogst bewaart wat groepen bespreken en brengt het terug naar elke regio.",
    "demo": "Probeer Oogst in een oefen-Slack op deze computer. Er gaat niets naar buiten.",
    "setup": "Zet Oogst in je eigen Slack, in vijf stappen.",
    "run": "Start de bot.",
    "serve": "Start de bot voor Slack over HTTP, voor meer servers of meer werkruimtes.",
    "roster": "Lees wie meedoet uit een CSV-bestand: user, region, channel, roles. Herhalen mag.",
    "import": "Lees eerdere verslagen in, als tekst of Markdown.",
    "harvest": "Maak een oogst van losse notities, zonder Slack.",
    "digest": "Toon wat een taalmodel zou lezen voor het volgende oogstbericht.",
    "export": "Schrijf wat is gepubliceerd als Word, PDF, HTML en Markdown.",
    "forget": "Vergeet iemand die daarom vroeg.",
    "forget.user": "Het id van die persoon in Slack, zoals U024BE7LH.",
    "forget.sure": "Doe het. Zonder dit zegt Oogst alleen wie het is.",
    "doctor": "Controleer instellingen, tokens, rechten, database en klok.",
    "backup": "Maak een gecontroleerde kopie van de database. De bot werkt door.",
    "restore": "Zet een kopie terug. Wat daarna is gewist, wordt weer gewist.",
    "check": "Kijk of de database heel is en klopt. De bot werkt door.",
    "demo.port": "Poort van de oefen-Slack; is die bezet, dan kiest Oogst een vrije.",
    "demo.keep": "Bewaar alles in deze map en ga daar de volgende keer verder.",
    "demo.open_page": "Open de pagina in je browser, of niet.",
    "setup.open_pages": "Open de pagina's van Slack in je browser, of toon alleen het adres.",
    "serve.new_key": "Toon een nieuwe sleutel voor OOGST_TOKEN_KEY, en start niets.",
    "roster.file": "Het bestand met wie meedoet.",
    "import.files": "De verslagen.",
    "harvest.notes": "De notities, één per regel.",
    "harvest.agenda": "De thema's waar de notities bij horen.",
    "harvest.state": "Map waarin de oogst bewaard blijft tot de volgende keer.",
    "harvest.as_json": "Toon de oogst als JSON.",
    "digest.dry_run": "Toon het, en verstuur niets.",
    "digest.region": "Alleen deze regio, met haar naam.",
    "export.folder": "De map waarin de bestanden komen.",
    "export.session": "Alleen het verslag van deze werksessie.",
    "export.form": "Eén vorm: docx, pdf, html of md. Zonder dit komen ze allemaal.",
    "export.theme": "Het oogstdocument over dit thema, met zijn naam of korte naam.",
    "export.template": "Een Word-bestand met de stijlen van je organisatie.",
    "doctor.as_json": "Toon de uitkomst als JSON.",
    "backup.file": "Waar de kopie komt. Zonder dit komt ze naast de database.",
    "backup.keep": "Zoveel kopieën naast de database blijven bewaard.",
    "restore.file": "De kopie.",
    "restore.replay": "Wis alleen weer wat is gewist, na pg_restore.",
}
ENGLISH = {
    "oogst": "Oogst keeps what groups discuss and brings it back to every region.",
    "demo": "Try Oogst in a practice Slack on this computer. Nothing leaves it.",
    "setup": "Put Oogst in your own Slack, in five steps.",
    "run": "Start the bot.",
    "serve": "Start the bot for Slack over HTTP, for several servers or several workspaces.",
    "roster": "Read who takes part from a CSV file: user, region, channel, roles. Safe to repeat.",
    "import": "Read earlier articles, as text or Markdown.",
    "harvest": "Make a harvest of loose notes, without Slack.",
    "digest": "Show what a language model would read for the next digest.",
    "export": "Write what was published as Word, PDF, HTML and Markdown.",
    "forget": "Forget somebody who asked for it.",
    "forget.user": "The id of that person in Slack, such as U024BE7LH.",
    "forget.sure": "Do it. Without this Oogst only says who it is.",
    "doctor": "Check settings, tokens, scopes, database and clock.",
    "backup": "Make a checked copy of the database. The bot goes on working.",
    "restore": "Put back a copy. What was erased after it is erased again.",
    "check": "See whether the database is whole and agrees. The bot goes on working.",
    "demo.port": "Port of the practice Slack; when it is taken, Oogst chooses a free one.",
    "demo.keep": "Keep everything in this folder and go on from it next time.",
    "demo.open_page": "Open the page in your browser, or not.",
    "setup.open_pages": "Open Slack's pages in your browser, or only show their address.",
    "serve.new_key": "Show a new key for OOGST_TOKEN_KEY, and start nothing.",
    "roster.file": "The file with who takes part.",
    "import.files": "The articles.",
    "harvest.notes": "The notes, one on each line.",
    "harvest.agenda": "The themes that the notes belong to.",
    "harvest.state": "Folder in which the harvest is kept until next time.",
    "harvest.as_json": "Show the harvest as JSON.",
    "digest.dry_run": "Show it, and send nothing.",
    "digest.region": "Only this region, by its name.",
    "export.folder": "The folder for the files.",
    "export.session": "Only the article of this work session.",
    "export.form": "One form: docx, pdf, html or md. Without it you get all of them.",
    "export.theme": "The harvest document on this theme, by its name or short name.",
    "export.template": "A Word file with the styles of your organisation.",
    "doctor.as_json": "Show the outcome as JSON.",
    "backup.file": "Where the copy goes. Without it, beside the database.",
    "backup.keep": "So many copies beside the database are kept.",
    "restore.file": "The copy.",
    "restore.replay": "Only erase again what was erased, after pg_restore.",
}


def help_texts(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the help of every command: Dutch, unless OOGST_LANGUAGE asks for English.

    The computer's own language is no guide: many a Dutch server speaks English.
    """
    return ENGLISH if environment.get("OOGST_LANGUAGE", "").strip().lower() == "en" else DUTCH
