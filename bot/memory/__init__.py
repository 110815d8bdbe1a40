"""Questions and what is remembered for them: read as people ask, found in Dutch, answered with sources only."""
