"""Files that people drop: which are kept as references, which are read as an impression, and what they say."""

from bot.attachments.documents import Document, LeftOut, Unreadable, looks_zipped, read_document
from bot.attachments.records import (
    LONGEST_NAME,
    MEGABYTE,
    MOST_BYTES,
    MOST_IN_GROUP,
    Attachment,
    Kind,
    State,
    clean_name,
    is_listed,
    keep_or_refuse,
    kind_of,
    most_to_read,
)

__all__ = [
    "LONGEST_NAME",
    "MEGABYTE",
    "MOST_BYTES",
    "MOST_IN_GROUP",
    "Attachment",
    "Document",
    "Kind",
    "LeftOut",
    "State",
    "Unreadable",
    "clean_name",
    "is_listed",
    "keep_or_refuse",
    "kind_of",
    "looks_zipped",
    "most_to_read",
    "read_document",
]
