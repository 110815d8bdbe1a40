"""A language model writes along, where a workspace wants one: beforehand, within limits, and never without a check."""
