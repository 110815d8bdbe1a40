"""Our manifest, for whoever sets the app up, checks it or lets a workspace install it: what it may do and hears."""

import json
from pathlib import Path
from typing import Any


def wanted_scopes() -> list[str]:
    """Return the scopes that our manifest asks for, in its order."""
    return list(manifest()["oauth_config"]["scopes"]["bot"])


def manifest() -> dict[str, Any]:
    """Return our manifest, which tells Slack what the app may do and wants to hear."""
    found: dict[str, Any] = json.loads(manifest_path().read_text(encoding="utf-8"))
    return found


def manifest_path() -> Path:
    """Return where the manifest is: in the clone, or in the installed package."""
    here = Path(__file__).parent
    installed = here / "manifest.json"
    return installed if installed.exists() else here.parent / "manifest.json"
