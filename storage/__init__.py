"""Remembers. SQLModel tables, queries that give back values of `bot`, and the migrations; no Slack here."""
