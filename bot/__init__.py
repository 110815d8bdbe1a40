"""Knows and decides. Pure: values in, values out; no Slack, no SQL, no model, no network, no files, no clock."""
