"""The fields that ask when people meet and where: the same in every form that sets a date."""

from datetime import date

from slack_sdk.models.blocks import Block, ChannelSelectElement, DatePickerElement, InputBlock, TimePickerElement

from handlers.views.frame import field, plain
from handlers.words import Words


def day_field(name: str, label: str, day: date | None) -> InputBlock:
    """The picker of one day, perhaps filled in."""
    return field(name, label, DatePickerElement(action_id="day", initial_date=day.isoformat() if day else None))


def hours_fields(start: str, end: str, words: Words) -> list[Block]:
    """The pickers `start` and `end`, filled in with clock times as hh:mm."""
    return [
        field("start", words("worksessions.start"), TimePickerElement(action_id="start", initial_time=start)),
        field("end", words("worksessions.end"), TimePickerElement(action_id="end", initial_time=end)),
    ]


def channel_field(channel: str | None, words: Words) -> InputBlock:
    """The choice of the channel in which a session has its messages."""
    select = ChannelSelectElement(
        action_id="channel", initial_channel=channel, placeholder=plain(words("worksessions.channel_choose"))
    )
    return field("channel", words("worksessions.channel"), select)
