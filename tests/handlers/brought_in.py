"""Documents that come in as by `oogst import`, in a house without a terminal."""

from __future__ import annotations

from sqlmodel import Session

from bot.encoding import decode
from bot.material import recognise
from handlers.terminal.proposing import Told, propose
from storage import material
from tests.handlers.house import House


def bring_in(house: House, name: str, text: str | bytes, region: str | None = None) -> Told | None:
    """Read a document; `region` is what `--region` would say."""
    data = text.encode() if isinstance(text, str) else text
    found, sha, now = recognise(decode(data)), material.fingerprint(data), house.clock.at

    def save(db: Session) -> Told | None:
        if not material.is_known(db, house.team, sha):
            ids = material.theme_ids(
                db, house.team, found.themes, [each[:20] for each in found.themes], house.world.ids
            )
            about = {passage: [ids[each] for each in passage.themes] for passage in found.passages}
            material.save(
                db, house.team, found, about, file_name=name, sha=sha, told_at=now, now=now, new_id=house.world.ids
            )
        return propose(db, house.team, sha, found, region, now)

    return house.write(save)
