"""Somebody names a person whom the database does not know: Slack is asked, but only for who may do it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.problem import Refused
from handlers.slack import router
from tests.handlers.house import House, wall

NAMED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("form", "selection.move", {"person": "unmet"}),
    ("form", "selection.pair", {"partner": "unmet"}),
    ("form", "selection.place", {"person": "unmet"}),
    ("form", "promises.ask", {"owner": "unmet"}),
    ("action", "impressions.quote_by", {}),
)


@pytest.mark.parametrize(("kind", "name", "fields"), NAMED, ids=[name for _, name, _ in NAMED])
async def test_who_may_not_name_somebody_lets_oogst_ask_slack_nothing(
    tmp_path: Path, kind: str, name: str, fields: Mapping[str, str]
) -> None:
    house = House(tmp_path, wall(2021, 6, 17, 14))
    house.stranger("noor", None, deleted=True)
    handler = router()._tables[kind][name]
    click = house.click(kind, name, "noor", "unmet", "im_1", fields=fields)
    with pytest.raises(Refused):  # and no socket was opened, which these tests would not let pass
        await handler(click, house.world)
    house.database.close()
