"""Every word that people read, in Dutch and English, by key. The texts are in locale/*/LC_MESSAGES/.

`trail.po` has those of the trail, `oogst.po` all others.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from babel.messages.catalog import Catalog as BabelCatalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.calling import Calling

LOCALE_FOLDER = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE = "nl"
DEFAULT_ZONE = "Europe/Amsterdam"

# Which regional habits go with a language: British English writes "A, B and C" and "16 September 2021", as Dutch does.
HABITS = {"nl": "nl_NL", "en": "en_GB"}


class WordsError(Exception):
    """A text is missing or does not fit the values that were given; always a mistake of ours, never of a member."""


class Words:
    """One language, ready to speak: texts by key, plurals, and dates as people read them.

    Dates with a time must know their zone and are shown in this object's zone (Europe/Amsterdam unless changed by
    `in_zone`). Values are put in as they are: escape what a member typed before it comes here.
    """

    def __init__(
        self, language: str, catalogue: Catalogue, zone: dt.tzinfo, calling: Callable[[str], str] | None = None
    ) -> None:
        """Use `load` or `catalogues` instead, which read the texts."""
        self.language = language
        self._calling = calling
        self.zone = zone
        self._catalogue = catalogue
        self._locale = Locale.parse(HABITS[language])

    def in_zone(self, zone: str | dt.tzinfo) -> Words:
        """Return the same language with times shown in `zone`, an IANA name such as "Europe/Amsterdam" or a tzinfo."""
        known = ZoneInfo(zone) if isinstance(zone, str) else zone
        return Words(self.language, self._catalogue, known, self._calling)

    def calling(self, calling: Calling) -> Words:
        """Return the same language in which a region is called as the workspace calls it."""
        if not calling.fits:
            return self
        put = lru_cache(maxsize=None)(
            partial(calling.put, language=self.language)
        )  # there are as many as we have texts
        return Words(self.language, self._catalogue, self.zone, put)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text `key` with every {placeholder} filled.

        Raises WordsError when the key does not exist, is a plural, or when a placeholder is missing or left over.
        """
        return self._catalogue.text(key, values, self._calling)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return the form of the plural text `key` that fits `number`; {count} in the text is that number.

        Raises WordsError when the key does not exist, has no plural, or when a placeholder is missing or left over.
        """
        return self._catalogue.plural(key, number, {"count": self.number(number), **values}, self._calling)

    def knows(self, key: str) -> bool:
        """Tell whether the text `key` exists, for keys that are made from data such as a role."""
        return key in self._catalogue.fields

    def every_key(self) -> list[str]:
        """Return the key of every text there is."""
        return list(self._catalogue.fields)

    def number(self, number: float) -> str:
        """Return a number as people write it: 1.000 and 2,5 in Dutch, 1,000 and 2.5 in English."""
        return str(numbers.format_decimal(number, locale=self._locale))

    def date(self, day: dt.date) -> str:
        """Return "donderdag 16 september 2021"."""
        return dates.format_date(self._day(day), "EEEE d MMMM y", locale=self._locale)

    def calendar_date(self, day: dt.date) -> str:
        """Return "16 september 2021", for where the weekday says nothing."""
        return dates.format_date(self._day(day), "d MMMM y", locale=self._locale)

    def month(self, day: dt.date, *, year: bool = True) -> str:
        """Return "september 2021", for where nobody knows the day; or "september", where the year is plain too."""
        return dates.format_date(self._day(day), "MMMM y" if year else "MMMM", locale=self._locale)

    def day(self, day: dt.date) -> str:
        """Return "donderdag 16 september", for where the year is plain."""
        return dates.format_date(self._day(day), "EEEE d MMMM", locale=self._locale)

    def weekday(self, day: dt.date) -> str:
        """Return "donderdag"."""
        return dates.format_date(self._day(day), "EEEE", locale=self._locale)

    def stamp(self, moment: dt.datetime) -> str:
        """Return "do 17 juni 17:10", for where something was done not long ago."""
        return f"{dates.format_date(self._day(moment), 'EEE d MMMM', locale=self._locale)} {self.time(moment)}"

    def time(self, moment: dt.datetime | dt.time) -> str:
        """Return "14:00"."""
        local = self._local(moment) if isinstance(moment, dt.datetime) else moment
        return f"{local:%H:%M}"

    def moment(self, moment: dt.datetime) -> str:
        """Return "donderdag 16 september 2021, 13:00"."""
        return f"{self.date(moment)}, {self.time(moment)}"

    def period(self, start: dt.datetime, end: dt.datetime) -> str:
        """Return "donderdag 17 juni 2021, 13:00-16:00", or both moments in full when they are on different days."""
        if self._day(start) == self._day(end):
            return f"{self.moment(start)}-{self.time(end)}"
        return f"{self.moment(start)} - {self.moment(end)}"

    def city(self, zone: str) -> str:
        """Return the city that gave a time zone its name: "Amsterdam" for "Europe/Amsterdam"."""
        return dates.get_timezone_location(zone, locale=self._locale, return_city=True)

    def list(self, items: Iterable[str]) -> str:
        """Return "A, B en C"; an empty string when there is nothing."""
        return lists.format_list(list(items), locale=self._locale)

    def _local(self, moment: dt.datetime) -> dt.datetime:
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone, so nobody can say what the clock on the wall shows.")
        return moment.astimezone(self.zone)

    def _day(self, day: dt.date) -> dt.date:
        return self._local(day).date() if isinstance(day, dt.datetime) else day


class Catalogue:
    """The texts of one language, checked for placeholders at every use."""

    def __init__(self, language: str, translations: gettext.GNUTranslations, fields: dict[str, list[frozenset[str]]]):
        """Hold compiled texts and, for each key, the placeholders of each of its forms."""
        self.fields = fields
        self._language = language
        self._translations = translations

    @classmethod
    def read(cls, language: str, paths: Sequence[Path]) -> Catalogue:
        """Compile .po files in memory, so that there is no build step. Raises WordsError for a file that is wrong."""
        parsed = BabelCatalog(locale=language)
        for path in paths:
            try:
                with path.open("rb") as file:
                    read = read_po(file, locale=language, abort_invalid=True)
            except PoFileError as error:
                raise WordsError(f"{path}: {error}") from error
            for message in read:
                if message.id:
                    parsed[message.id] = message
        compiled = io.BytesIO()
        write_mo(compiled, parsed)
        compiled.seek(0)
        fields = {}
        for message in parsed:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
                fields[key] = [placeholders(form) for form in forms if form]
        return cls(language, gettext.GNUTranslations(compiled), fields)

    def text(self, key: str, values: dict[str, object], put: Callable[[str], str] | None = None) -> str:
        """Return a text that has one form."""
        forms = self._forms(key)
        if len(forms) != 1:
            raise WordsError(f"The text {key!r} is a plural: use words.count({key!r}, number).")
        self._must_fit(key, wanted=forms[0], given=frozenset(values))
        found = self._translations.gettext(key)
        return (put(found) if put else found).format_map(values)

    def plural(self, key: str, number: int, values: dict[str, object], put: Callable[[str], str] | None = None) -> str:
        """Return the form of a plural text that fits the number; the singular may leave placeholders unused."""
        forms = self._forms(key)
        if len(forms) < 2:
            raise WordsError(f"The text {key!r} has no plural: give it msgid_plural in {self._language}.")
        self._must_fit(key, wanted=frozenset({"count"}).union(*forms), given=frozenset(values))
        found = self._translations.ngettext(key, key, number)
        return (put(found) if put else found).format_map(values)

    def _forms(self, key: str) -> list[frozenset[str]]:
        forms = self.fields.get(key)
        if not forms:
            raise WordsError(f"The text {key!r} does not exist in {self._language}.")
        return forms

    def _must_fit(self, key: str, wanted: frozenset[str], given: frozenset[str]) -> None:
        if wanted != given:
            missing, surplus = ", ".join(sorted(wanted - given)), ", ".join(sorted(given - wanted))
            raise WordsError(
                f"The text {key!r} ({self._language}) misses [{missing}] and has no place for [{surplus}]."
            )


def placeholders(text: str) -> frozenset[str]:
    """Return the names between braces in a text. Raises WordsError for one that is not a plain name."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise WordsError(f"{text!r}: {error}") from error
    for name in names:
        if not name.isidentifier():
            raise WordsError(f"{text!r}: {{{name}}} must be a plain name.")
    return frozenset(names)


def load(language: str, zone: str = DEFAULT_ZONE) -> Words:
    """Read one language ("nl" or "en"). Raises WordsError when it does not exist or its file is wrong."""
    paths = files(language)
    if language not in HABITS or not paths:
        raise WordsError(f"There are no texts in {language!r}; choose one of {', '.join(HABITS)}.")
    return Words(language, Catalogue.read(language, paths), ZoneInfo(zone))


def files(language: str) -> list[Path]:
    """Return the files with the texts of a language, by name."""
    return sorted((LOCALE_FOLDER / language / "LC_MESSAGES").glob("*.po"))


def catalogues(zone: str = DEFAULT_ZONE) -> dict[str, Words]:
    """Read every language at once: {"nl": Words, "en": Words}, with times shown in `zone` (an IANA name)."""
    return {language: load(language, zone) for language in HABITS}


def language_of(locale: str | None, otherwise: str = DEFAULT_LANGUAGE) -> str:
    """Return our language for a member's locale as Slack gives it ("nl-NL"), or `otherwise` when we do not speak it."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in HABITS else otherwise
