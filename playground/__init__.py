"""A practice Slack: a strict local look-alike with a browser page. Knows nothing of Oogst; Oogst knows nothing of it."""
