"""What changed since an article was published: its readers see it, the coordinator with the words before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.documents import write
from handlers.views.harvest_document import article_document
from storage import article_versions as store
from storage import harvest
from tests.handlers.house import TEAM, House, wall
from tests.handlers.signed import OTHER, Signing
from tests.handlers.test_revising import ALL, BETTER, SECOND, correct, decide

TITLE = "Wat veranderde sinds donderdag 17 juni 2021, 15:50"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield opened
    opened.database.close()


@pytest.fixture
def signing(house: House) -> Signing:
    made = Signing(house)
    made.share("youssef", "gr_2", takeaway=OTHER)
    one = made.share(takeaway=ALL)
    for user in ("noor", "samir"):
        made.agree(user, one)
    made.publish()
    return made


def markdown(signing: Signing, house: House) -> str:
    found = signing.article()
    assert found is not None
    edition = house.read(lambda db: harvest.edition(db, TEAM, found.id))
    changes = house.read(lambda db: store.changes(db, found))
    assert edition is not None
    return write(article_document(edition, house.world.words["nl"], None, changes), "md").decode()


def test_a_published_article_has_one_version_and_nothing_to_tell(signing: Signing, house: House) -> None:
    article = signing.article()
    assert article is not None
    (first,) = house.read(lambda db: store.versions(db, TEAM, article.id))
    assert first.number == 1 and len(first.kept) == len(article.sentences)
    assert TITLE not in signing.shown("harvest.article") and TITLE not in markdown(signing, house)


def test_readers_see_the_new_words_and_the_coordinator_the_old_ones_too(signing: Signing, house: House) -> None:
    house.at(wall(2021, 6, 22, 9))
    house.arrive("harvest.article", "harvest.draft")
    decide(signing, "update", correct(signing, f"Nieuw vooraan. {ALL.replace(SECOND, BETTER)}"))
    post, text, desk = signing.shown("harvest.article"), markdown(signing, house), signing.shown("harvest.draft")
    assert TITLE in post and f"groep 1: een zin is nu “{BETTER}”" in post and "Versie 2 van dit verslag" in post
    assert TITLE in text and f"een zin is nu “{BETTER}”" in text
    assert SECOND not in post and SECOND not in text
    assert f"“{SECOND}” werd “{BETTER}”" in desk


def test_what_was_withdrawn_is_told_without_its_words(signing: Signing, house: House) -> None:
    house.arrive("harvest.article", "harvest.draft")
    signing.press("impressions.decline", "youssef", signing.newest("gr_2").id)
    post, desk = signing.shown("harvest.article"), signing.shown("harvest.draft")
    assert "groep 2: een of meer zinnen zijn weggehaald" in post and OTHER not in post + desk


def test_the_versions_keep_no_words(signing: Signing, house: House) -> None:
    decide(signing, "update", correct(signing, ALL.replace(SECOND, BETTER)))
    rows = house.read(lambda db: [row.model_dump() for row in db.exec(store.select(store.ArticleVersionSentenceRow))])
    assert len(rows) == 8 and not any("praten" in str(row) for row in rows)
