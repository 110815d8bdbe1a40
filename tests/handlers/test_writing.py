from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.handlers.written import SAID, Week, asked, honest
from tests.prompts.scripted import ScriptedModel


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    made = Week(tmp_path)
    yield made
    made.close()


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel(honest) as made:
        yield made


async def test_half_an_hour_before_the_digest_a_model_has_written_of_each_theme(
    week: Week, model: ScriptedModel
) -> None:
    ids = week.news(*SAID)
    week.with_model(model)
    await week.prepare()
    section = week.section(ids)
    assert section is not None
    assert [claim.text for claim in section.claims] == list(SAID[:3])
    assert [claim.evidence for claim in section.claims] == [(one,) for one in ids[:3]]
    assert {asked(body)[0] for body in model.asked} == {"note_cards", "section"}
    assert week.cost().calls == len(model.asked) == 2
