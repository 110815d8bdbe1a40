"""The trail: what a region works on, what stands in its way, and what it learned, over years.

Everything in it is an `Entry` on one of the `SHEETS`: a kind with its fields, such as a phase, an assignment or a good
example. An entry comes from a person, from an earlier document or from an impression; what no person wrote is a
proposal until somebody keeps it. A region's entries are its own until it shares them.
"""

from bot.trail.fields import Field, Type
from bot.trail.filling import check
from bot.trail.partial import PartialDate, read_partial
from bot.trail.records import Change, Entry, Origin, State, Value
from bot.trail.rights import NO_TRAIL, place_of, readable, visible
from bot.trail.sheets import SHEETS, Kind, Part, Sheet, children_of, kinds_of

__all__ = [
    "NO_TRAIL",
    "SHEETS",
    "Change",
    "Entry",
    "Field",
    "Kind",
    "Origin",
    "Part",
    "PartialDate",
    "Sheet",
    "State",
    "Type",
    "Value",
    "check",
    "children_of",
    "kinds_of",
    "place_of",
    "read_partial",
    "readable",
    "visible",
]
