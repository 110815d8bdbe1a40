"""A practice Slack: a strict local look-alike with a browser page. It and Oogst know nothing of each other."""
