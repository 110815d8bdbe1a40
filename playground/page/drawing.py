"""Draws what Slack's texts mean as HTML: mrkdwn, rich text, dates, emoji. All words of people and bot are escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from markupsafe import Markup, escape

from playground.state import Json, Person, Workspace

# Emoji that appear in texts by name; any other name stays as it was written.
EMOJI = {
    "+1": "👍", "bulb": "💡", "calendar": "📅", "date": "📅", "ear_of_rice": "🌾", "eyes": "👀", "hourglass": "⌛",
    "memo": "📝", "new": "🆕", "page_facing_up": "📄", "pencil2": "✏️", "question": "❓", "raising_hand": "🙋",
    "seedling": "🌱", "smile": "😄", "speech_balloon": "💬", "tada": "🎉", "thumbsup": "👍", "warning": "⚠️",
    "wave": "👋", "white_check_mark": "✅", "x": "❌",
}  # fmt: skip

_TOKEN = re.compile(
    r"```\n?(?P<pre>.+?)```|`(?P<code>[^`\n]+)`|<(?P<ref>[^<>\n]+)>|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*])\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])"
    r"|(?<!\w)_(?P<italic>[^_\s](?:[^_\n]*[^_\s])?)_(?!\w)"
    r"|(?<![\w~])~(?P<strike>[^~\s](?:[^~\n]*[^~\s])?)~(?![\w~])",
    re.DOTALL,
)
_DATES: dict[str, tuple[str, str]] = {
    "date_num": ("date", "yyyy-MM-dd"),
    "date": ("date", "long"),
    "date_pretty": ("date", "long"),
    "date_short": ("date", "d MMM y"),
    "date_short_pretty": ("date", "d MMM y"),
    "date_long": ("date", "full"),
    "date_long_pretty": ("date", "full"),
    "time": ("time", "HH:mm"),
    "time_secs": ("time", "HH:mm:ss"),
}


class Drawing:
    """Draws for one reader: names instead of ids, dates in their language and zone.

    `inside` gives, for an address of this practice Slack, the place on the page to which a link leads ("" if none).
    """

    def __init__(self, workspace: Workspace, reader: Person, inside: Callable[[str], Mapping[str, str] | None]) -> None:
        self._workspace, self._inside = workspace, inside
        self._locale = "nl" if reader.locale.startswith("nl") else "en"
        self._zone = ZoneInfo(reader.tz)

    def text(self, thing: Json | None) -> Markup:
        """A text object, either kind."""
        if not thing:
            return Markup()
        if thing.get("type") == "plain_text":
            return self._plain(thing["text"], emoji=thing.get("emoji", True))
        return self.mrkdwn(thing["text"])

    def mrkdwn(self, text: str) -> Markup:
        """Slack's markup, quoted lines as quotes."""
        parts: list[Markup] = []
        # Code over several lines is no place for quotes.
        for number, piece in enumerate(re.split(r"(```.+?```)", text, flags=re.DOTALL)):
            lines = [piece] if number % 2 else re.split(r"((?:^(?:&gt;|>)[^\n]*\n?)+)", piece, flags=re.MULTILINE)
            for odd, part in enumerate(lines):
                if odd % 2:
                    inner = re.sub(r"^(?:&gt;|>) ?", "", part.rstrip("\n"), flags=re.MULTILINE)
                    parts.append(Markup("<blockquote>{}</blockquote>").format(self._inline(inner)))
                else:
                    parts.append(self._inline(part))
        return Markup().join(parts)

    def _inline(self, text: str) -> Markup:
        done, at = [], 0
        for found in _TOKEN.finditer(text):
            done += [self._plain(html.unescape(text[at : found.start()])), self._token(found)]
            at = found.end()
        return Markup().join([*done, self._plain(html.unescape(text[at:]))])

    def _token(self, found: re.Match[str]) -> Markup:
        kind, inner = str(found.lastgroup), str(found[str(found.lastgroup)])
        match kind:
            case "pre":
                return Markup("<pre>{}</pre>").format(html.unescape(inner))
            case "code":
                return Markup("<code>{}</code>").format(html.unescape(inner))
            case "emoji":
                return Markup.escape(EMOJI.get(inner, found[0]))
            case "ref":
                return self._reference(inner)
            case _:
                tag = {"bold": "strong", "italic": "em", "strike": "s"}[kind]
                return Markup(f"<{tag}>{{}}</{tag}>").format(self._inline(inner))

    def _plain(self, text: str, *, emoji: bool = False) -> Markup:
        if emoji:
            text = re.sub(r":([a-z0-9_+-]+):", lambda found: EMOJI.get(found[1], found[0]), text)
        return Markup("<br>").join(escape(line) for line in text.split("\n"))

    def _reference(self, inner: str) -> Markup:
        target, _, label = inner.partition("|")
        match target[:1]:
            case "@":
                return self.person(target[1:])
            case "#":
                return self.channel(target[1:])
            case "!" if target.startswith("!date^"):
                return self._moment(target, html.unescape(label))
            case "!":
                return Markup('<span class="mention">{}</span>').format(html.unescape(label) or "@" + target[1:])
        return self.link(html.unescape(target), html.unescape(label))

    def link(self, url: str, label: str = "") -> Markup:
        """A link: to a place on this page, or to the web in a new window."""
        shown = label or url.removeprefix("mailto:")
        if place := self._inside(url):
            return Markup('<a href="{}" hx-get="{}">{}</a>').format(place["href"], place["go"], shown)
        if not re.match(r"(https?|mailto|slack|tel):", url):
            return escape(shown)
        return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, shown)

    def person(self, user: str) -> Markup:
        """A mention of somebody."""
        person = self._workspace.people.get(user)
        return Markup('<span class="mention">@{}</span>').format(person.name if person else user)

    def channel(self, name: str) -> Markup:
        """A mention of a channel."""
        channel = self._workspace.channels.get(name)
        return Markup('<span class="mention">#{}</span>').format(channel.name if channel else name)

    def _moment(self, target: str, fallback: str) -> Markup:
        _, seconds, pattern, *link = html.unescape(target).split("^")
        at = datetime.fromtimestamp(int(seconds), self._zone)

        def filled(found: re.Match[str]) -> str:
            kind, form = _DATES.get(found[1], ("", ""))
            if kind == "date":
                return format_date(at, form, locale=self._locale)
            return format_time(at, form, locale=self._locale) if kind else fallback

        shown = escape(re.sub(r"\{(\w+)\}", filled, pattern))
        return (
            self.link(link[0], shown) if link else Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)
        )

    def moment(self, ts: str, form: str) -> str:
        """The moment of a message's ts in Babel's pattern."""
        return format_datetime(datetime.fromtimestamp(float(ts), self._zone), form, locale=self._locale)

    def rich(self, block: Json) -> Markup:
        """A rich_text block."""
        return Markup().join(self._rich(each) for each in block["elements"])

    def _rich(self, part: Json) -> Markup:
        inner = Markup().join(self._leaf(each) for each in part.get("elements", ()) if "elements" not in each)
        match part["type"]:
            case "rich_text_section":
                return Markup("<p>{}</p>").format(inner)
            case "rich_text_preformatted":
                return Markup("<pre>{}</pre>").format(inner)
            case "rich_text_quote":
                return Markup("<blockquote>{}</blockquote>").format(inner)
            case "rich_text_list":
                tag = "ol" if part.get("style") == "ordered" else "ul"
                items = Markup().join(Markup("<li>{}</li>").format(self._rich(each)) for each in part["elements"])
                return Markup(f"<{tag}>{{}}</{tag}>").format(items)
            case unknown:
                return self.unknown(unknown)

    def _leaf(self, part: Json) -> Markup:
        match part["type"]:
            case "text":
                shown = self._plain(part["text"])
            case "link":
                shown = self.link(part["url"], part.get("text", ""))
            case "user":
                shown = self.person(part["user_id"])
            case "channel":
                shown = self.channel(part["channel_id"])
            case "emoji":
                shown = Markup.escape(EMOJI.get(part["name"], f":{part['name']}:"))
            case "broadcast":
                shown = Markup('<span class="mention">@{}</span>').format(part["range"])
            case "date":
                fallback = part.get("fallback", "")
                shown = self._moment(f"!date^{part['timestamp']}^{part['format']}", fallback)
            case unknown:
                return self.unknown(unknown)
        for name, tag in (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("code", "code")):
            if part.get("style", {}).get(name):
                shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)
        return shown

    def unknown(self, kind: Any) -> Markup:
        """What the page cannot draw, made impossible to overlook."""
        return Markup('<span class="unknown-block">{}</span>').format(kind)
