"""What somebody is told whose words cannot be kept, and the field for names that must not be recognisable."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, PlainTextInputElement

from bot.problem import Problem
from handlers.views.frame import actions, button, context, escaped, field, plain, section
from handlers.words import Words

INVOLVED = "involved"
"""The block id of the field for names."""


def involved_field(words: Words) -> Block:
    """The field in which names are typed that are left out. It is always empty: nobody can read them back."""
    element = PlainTextInputElement(
        action_id=INVOLVED, multiline=True, max_length=3000, placeholder=plain(words("privacy.involved_example"), 150)
    )
    return field(INVOLVED, words("privacy.involved"), element, hint=words("privacy.involved_hint"), optional=True)


def refusal(group_id: str, problems: Sequence[Problem], words: Words) -> tuple[str, list[Block]]:
    """Say to the writer alone what to take out, that the message itself still stands in Slack, and show the form."""
    text = words("privacy.not_kept")
    found = "\n".join(f"• {escaped(words(problem.key, **problem.values))}" for problem in problems)
    share = button(words("impressions.share"), "impressions.share", group_id)
    return text, [section(f"{text}\n{found}"), context(words("privacy.still_in_slack")), actions(share)]
