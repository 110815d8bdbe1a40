"""Hears and answers, through three doors: Slack, the clock and the terminal. Nothing here decides or remembers."""
