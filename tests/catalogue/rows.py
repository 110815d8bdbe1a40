"""The catalogue: what can go wrong, how many cases of it are tried, and in which run."""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["every change", "test-all", "release"]


@dataclass(frozen=True)
class Row:
    """One row. `cases` is the least number that a whole run tries; `tier` is the first run in which it is tried."""

    id: str
    what: str
    cases: int
    tier: Tier


P: Tier = "every change"
N: Tier = "test-all"
R: Tier = "release"

ROWS: tuple[Row, ...] = (
    Row("A1", "the process dies at each step of a delivery", 200, P),
    Row("A2", "the process dies at each step of choosing and of forming groups", 180, N),
    Row("A3", "the process dies somewhere among many events", 50, N),
    Row("A4", "Slack shows a message later than the call gave up", 200, N),
    Row("A5", "an answer from which nobody can tell whether the message arrived", 24, P),
    Row("A6", "the history of the channel cannot be read", 6, P),
    Row("A7", "others wrote much after our message", 3, P),
    Row("A8", "another app copies our mark", 2, P),
    Row("A9", "a digest is longer than one message", 305, P),
    Row("A10", "the process is asked to stop while it sends", 20, N),
    Row("B1", "Slack delivers an event again", 400, P),
    Row("B2", "one event comes twice at the same moment", 500, N),
    Row("B3", "a shared channel delivers a message twice", 10, P),
    Row("B4", "events come in another order", 200, P),
    Row("B5", "an event comes a day late", 5, P),
    Row("B6", "the database is locked or away at the moment of the ack", 50, P),
    Row("B7", "a handler fails before the commit, after it, after the ack", 10, P),
    Row("B8", "five hundred events in ten seconds, ten times", 5000, N),
    Row("B9", "our own messages, and those of other bots", 20, P),
    Row("B10", "a second tap, and a button of a session that is over", 30, P),
    Row("C1", "Slack asks to wait, in every way it can", 300, P),
    Row("C2", "a third of all calls is told to wait, for an hour", 1000, N),
    Row("C3", "Slack fails for ten minutes", 10, N),
    Row("C4", "the network hangs, drips, breaks or lies", 8, P),
    Row("C5", "the socket is half dead", 25, N),
    Row("C6", "the wall clock goes back while the socket is dead", 2, P),
    Row("C7", "a token, an app, a channel, a person or a right is gone", 15, P),
    Row("C8", "Slack's answers lack fields, or have strange ones", 300, P),
    Row("C9", "Slack says who somebody is: guest, stranger, bot", 4, P),
    Row("C10", "the pace of posting, seen from Slack", 200, P),
    Row("E1", "every Monday at nine, for six years", 3744, P),
    Row("E2", "the hour that a night has twice, or not at all", 12, P),
    Row("E3", "the clock of the computer jumps", 40, P),
    Row("E4", "the bot was off for minutes, days, weeks", 60, P),
    Row("E5", "the computer slept", 1, P),
    Row("E6", "a region changes its hour or zone in mid-week", 20, P),
    Row("E7", "the computer knows no time zones", 2, P),
    Row("E8", "leap days, last days, days gone by", 15, P),
    Row("F1", "the disk is full", 12, P),
    Row("F2", "somebody else holds the lock", 9, P),
    Row("F3", "eight at once read, decide and write", 1600, P),
    Row("F4", "the file is damaged, cut off, or another's", 7, P),
    Row("F5", "damage is found within a day", 2, N),
    Row("F6", "a backup is made while people write, and put back", 20, N),
    Row("F7", "the writer is killed", 50, N),
    Row("F8", "a migration fails, or is killed, at each statement", 100, N),
    Row("F9", "one version back, and forward again", 15, N),
    Row("F10", "the file is of a newer version", 1, P),
    Row("F11", "the same tests on SQLite and PostgreSQL", 2, N),
    Row("F12", "PostgreSQL restarts, drops, refuses", 50, N),
    Row("G1", "a second process on one file", 20, P),
    Row("G2", "three replicas, one killed every five seconds", 600, N),
    Row("G3", "a frozen replica wakes up", 10, N),
    Row("G4", "three clocks tick in the same minute", 500, P),
    Row("G5", "two versions at work together", 1, R),
    Row("G6", "PostgreSQL pauses", 5, N),
    Row("G7", "all replicas are off at the hour of the digest", 3, N),
    Row("H1", "forged, stale and mutilated requests", 60, P),
    Row("H2", "a request that was recorded and sent again", 60, P),
    Row("H3", "requests that ask for no signature", 8, P),
    Row("H4", "requests full of nonsense", 5000, P),
    Row("H5", "an installation that nobody began", 10, P),
    Row("H6", "requests that are too large, too slow, too many", 4, N),
    Row("H7", "tokens in the database", 3, P),
    Row("I1", "every role, every action, every place", 528, P),
    Row("I2", "what a participant may not, by every door", 20, P),
    Row("I3", "ids of others in every field of a payload", 100, P),
    Row("I4", "a role is taken away while a form is open", 6, P),
    Row("I5", "two workspaces with the same ids", 2, P),
    Row("I6", "strangers in a shared channel", 8, P),
    Row("I7", "what is private, seen from outside", 4, P),
    Row("I8", "people who merge, rename, leave", 5, P),
    Row("J1", "mentions and links in what people type", 360, P),
    Row("J2", "signs that hide, turn or break", 25, P),
    Row("J3", "cells that a spreadsheet would carry out", 90, P),
    Row("J4", "messages up to every limit of Slack", 500, P),
    Row("J5", "names of files", 15, P),
    Row("K1", "a note is deleted", 20, P),
    Row("K2", "a message is deleted or changed in Slack", 10, P),
    Row("K3", "a deleted note was in digests that are out", 5, P),
    Row("K4", "a note is deleted between planning and sending", 10, P),
    Row("K5", "a note is deleted, and a backup put back", 3, N),
    Row("K6", "a person asks to be forgotten", 12, P),
    Row("K7", "a person asks what is kept of them", 2, P),
    Row("K8", "everything that expires", 27, P),
    Row("K9", "the app is removed from a workspace", 4, P),
    Row("K10", "the trail of what was done", 17, P),
    Row("K11", "what the redaction finds", 300, P),
    Row("K12", "a citizen number in a note", 12, P),
    Row("K13", "placeholders before a language model", 10, P),
    Row("K14", "secrets and words in logs", 30, P),
    Row("K15", "a member sees what is kept", 4, P),
    Row("L1", "the lock file is what is installed", 2, P),
    Row("L2", "known holes in what we depend on", 1, N),
    Row("L3", "the licences of what we depend on", 1, P),
    Row("L4", "the container", 1, R),
    Row("L5", "a start with wrong settings", 25, P),
    Row("L6", "a year in which one call in twenty fails", 1, R),
    Row("L7", "changed code that the tests do not notice", 4, R),
    Row("L8", "every branch of what classifies, authorises, redacts and escapes", 4, P),
)
