"""The manifest: what Slack lets Oogst do, as little as possible, with a reason for each scope; and the other papers."""

import json
import re
from typing import Any

import pytest
import yaml

from handlers.manifest import manifest, wanted_scopes
from handlers.words import catalogues
from tests.conftest import ROOT

EVENT_SCOPES = {
    "app_mention": "app_mentions:read", "channel_archive": "channels:read", "channel_rename": "channels:read",
    "file_deleted": "files:read", "member_joined_channel": "channels:read", "message.channels": "channels:history",
    "message.groups": "groups:history", "message.im": "im:history", "user_change": "users:read",
}  # fmt: skip
"""The scope without which Slack does not send an event; the others need none."""

METHOD_SCOPES = {
    "chat_postMessage": "chat:write", "chat_update": "chat:write", "chat_postEphemeral": "chat:write",
    "conversations_join": "channels:join", "conversations_list": "groups:read", "conversations_open": "im:write",
    "conversations_members": "channels:read", "conversations_info": "channels:read", "users_list": "users:read",
    "users_info": "users:read", "files_upload_v2": "files:write", "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write", "pins_add": "pins:write", "reactions_add": "reactions:write",
    "conversations_invite": "channels:manage", "conversations_create": "channels:manage", "files_info": "files:read",
    "usergroups_list": "usergroups:read", "canvases_create": "canvases:write", "bookmarks_add": "bookmarks:write",
}  # fmt: skip
"""The scope that a method of the client needs; listing channels takes the one for open channels too."""


def test_the_manifest_stays_within_slacks_lengths() -> None:
    found = manifest()
    display, features = found["display_information"], found["features"]
    assert found["_metadata"]["major_version"] == 2
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", display["background_color"])
    assert len(features["bot_user"]["display_name"]) <= 80
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32


def test_every_event_has_the_scope_it_needs() -> None:
    for event in manifest()["settings"]["event_subscriptions"]["bot_events"]:
        assert EVENT_SCOPES.get(event, "commands") in wanted_scopes(), event


def test_every_method_that_is_called_has_its_scope() -> None:
    assert needed_by_methods() <= set(wanted_scopes())


def test_no_scope_is_asked_for_that_nothing_needs() -> None:
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = needed_by_methods() | {"commands"} | {EVENT_SCOPES[event] for event in events if event in EVENT_SCOPES}
    assert set(wanted_scopes()) <= needed


def needed_by_methods() -> set[str]:
    needed = {METHOD_SCOPES[method] for method in methods_called()}
    return needed | ({"channels:read"} if "conversations_list" in methods_called() else set())


def methods_called() -> set[str]:
    """Read the names of Slack's methods in our code, as attributes of the client or as text ("users.list")."""
    found: set[str] = set()
    for path in (ROOT / "handlers").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {name for name in METHOD_SCOPES if re.search(rf"\b{name}\b", text)}
        found |= {name for name in METHOD_SCOPES if f'"{name.replace("_", ".", 1)}"' in text}
    return found


@pytest.mark.parametrize(("language", "page"), [("nl", "nl/beheerder.md"), ("en", "en/administrator.md")])
def test_the_docs_give_the_reason_for_each_scope_that_setup_gives(language: str, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z_.]+(?::[a-z]+)?)` \| (.+) \|$", text, re.MULTILINE))
    words = catalogues()[language]
    assert told == {scope: words("setup.scope." + re.sub("[:.]", "_", scope)) for scope in wanted_scopes()}


def test_the_tokens_of_the_manifest_do_not_expire_by_surprise() -> None:
    assert manifest()["settings"]["token_rotation_enabled"] is False, "it cannot be switched off once it is on"
    assert manifest()["settings"]["socket_mode_enabled"] is True


# The other papers


def test_publiccode_follows_the_standard() -> None:
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    mandatory = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    assert mandatory | {"description", "legal", "maintenance", "localisation"} <= found.keys()
    assert found["legal"]["license"] == "EUPL-1.2"
    assert found["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert found["maintenance"]["type"] in ("internal", "contract", "community", "none")
    assert set(found["localisation"]["availableLanguages"]) == set(found["description"]) == set(catalogues())
    for text in found["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(re.search(rf"^{number}\.", text, re.MULTILINE) for number in range(1, 16))
    assert "Appendix" in text


def test_every_page_of_the_docs_fits_on_a_screen_and_links_to_what_exists() -> None:
    guides = [*ROOT.glob("docs/*/*.md"), ROOT / "docs" / "README.md"]
    assert len(list(ROOT.glob("docs/nl/*.md"))) == len(list(ROOT.glob("docs/en/*.md"))) == 12
    for page in [*guides, *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        assert page not in guides or len(text.splitlines()) <= 60, page
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page}: {link}"


def test_every_page_for_maintainers_is_in_the_list() -> None:
    listed = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in ROOT.glob("docs/*.md") if f"]({page.name})" not in listed] == ["README.md"]


def test_the_manifest_is_json_that_a_person_can_read() -> None:
    text = (ROOT / "manifest.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
