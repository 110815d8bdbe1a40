"""Who takes part in the programme, and the one table of who may do what.

Every handler asks `allow` with a member and a place that were just read from the database; what a payload
claims about roles or groups counts for nothing.
"""

from bot.programme.members import NOWHERE, Member, Place, Programme, Region, allow, may, missing, outsider
from bot.programme.roles import GRANTED, STANDINGS, Role, parse_roles
from bot.programme.table import ALLOWED, Action, Reach

__all__ = [
    "ALLOWED",
    "GRANTED",
    "NOWHERE",
    "STANDINGS",
    "Action",
    "Member",
    "Place",
    "Programme",
    "Reach",
    "Region",
    "Role",
    "allow",
    "may",
    "missing",
    "outsider",
    "parse_roles",
]
