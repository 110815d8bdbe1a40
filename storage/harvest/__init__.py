"""Articles: the draft that is cut from impressions, and what of it was published."""

from storage.harvest.articles import behind, of_session, one, published, save, searchable, size_of_draft, state_of
from storage.harvest.contributing import all_handed_in, contributions, edition, withheld
from storage.harvest.rows import ArticleRow, ArticleSentenceRow, ArticleSourceRow
from storage.harvest.sentences import promised, published_sentences

__all__ = [
    "ArticleRow",
    "ArticleSentenceRow",
    "ArticleSourceRow",
    "all_handed_in",
    "behind",
    "contributions",
    "edition",
    "of_session",
    "one",
    "promised",
    "published",
    "published_sentences",
    "save",
    "searchable",
    "size_of_draft",
    "state_of",
    "withheld",
]
