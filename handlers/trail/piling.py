"""Which windows lie on each other: what is pressed in the top one shows in those below it at once.

Slack piles three: a page, a part of it, an entry. The windows carry along what lies below them ("page:rg_1
part:rg_1:agenda:0"), for Slack tells their ids, and not what is in them.
"""

from handlers.routing import Click, metadata_of


def own(click: Click) -> str:
    """Name the window in which somebody pressed, so that the one above it can draw it anew."""
    view, given = click.body.get("view") or {}, metadata_of(click)
    name, region = str(view.get("callback_id", "")), given.get("region", "")
    if view.get("type") != "modal":
        return ""
    if name == "trail.part":
        return f"part:{region}:{given.get('part', '')}:{given.get('page', '0')}"
    return f"{name.removeprefix('trail.')}:{region}" if name in ("trail.page", "trail.proposed") else "other"


def below(click: Click) -> str:
    """What lies below the window in which somebody pressed; a window that takes its place keeps that."""
    given = metadata_of(click)
    if "below" in given or not given.get("part") or not given.get("region"):
        return given.get("below", "")
    return f"page:{given['region']} part:{given['region']}:{given['part']}:0"


def under(click: Click) -> str:
    """What lies below a window that is laid on top of the one in which somebody pressed."""
    return " ".join(filter(None, (below(click), own(click))))
