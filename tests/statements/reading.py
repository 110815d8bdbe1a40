"""Reads an SQL statement just well enough to say which of its tables are not held to one workspace.

A table with `team_id` is held to one when the statement compares that column with a value that is bound, or with the
same column of a table that is. What stands under an OR counts where every branch says it; what stands in the ON of an
outer join counts for the table that is joined. Whatever this does not understand counts as a fault: it can be written
plainer, or marked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

TEAM = "team_id"
_TOKEN = re.compile(
    r"""\s+|--[^\n]*|(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*")|(?P<bound>%\(\w+\)s|%s|\?|\$\d+|(?<!:):\w+)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>::|<=|>=|<>|!=|\|\||@@|->>|->|[-+*/%<>=(),.;~&|\[\]])"""
)
_JOINING = frozenset({"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", ",", "ON", "USING"})
_CLAUSES = ("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FOR", "FETCH")
_SETS = frozenset({"UNION", "INTERSECT", "EXCEPT"})


class Unreadable(Exception):
    """The statement has a sign or a shape that is not known here."""


@dataclass(frozen=True)
class Token:
    """One word, sign or value; `text` of a word in capitals, of a name as it is written."""

    kind: str
    text: str

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "sign" else ""

    @property
    def name(self) -> str | None:
        return self.text if self.kind in ("word", "quoted") else None


@dataclass(frozen=True)
class Group:
    """What stands between parentheses, or between CASE and END."""

    inside: tuple[Node, ...]
    upper = ""
    name = None


Node = Token | Group
Nodes = Sequence[Node]


def tokens(sql: str) -> Iterator[Token]:
    """Cut a statement into words, signs and values."""
    at = 0
    while at < len(sql):
        found = _TOKEN.match(sql, at)
        if found is None:
            raise Unreadable(f"the sign {sql[at]!r}")
        at = found.end()
        kind = found.lastgroup
        if kind is not None:
            said = found[kind]
            yield Token(kind, said[1:-1] if kind in ("quoted", "text") else said)


def grouped(found: Iterator[Token], end: str = "") -> tuple[Node, ...]:
    """Put what stands between parentheses together; a cast says nothing about a value and is left out."""
    nodes: list[Node] = []
    for token in found:
        if token.upper == end and end:
            return tuple(nodes)
        if token.upper == "(":
            nodes.append(Group(grouped(found, ")")))
        elif token.upper == "CASE":
            nodes.append(Group((token, *grouped(found, "END"))))
        elif token.upper == "::":
            next(found)
        else:
            nodes.append(token)
    if end:
        raise Unreadable(f"no {end}")
    return tuple(nodes)


@dataclass
class Scope:
    """The tables that one SELECT, UPDATE or DELETE reads, and those of the statements around it."""

    tables: dict[str, str] = field(default_factory=dict)
    """The name of each table with a workspace, by what it is called here."""
    held: set[str] = field(default_factory=set)
    """What is called so is held to a workspace."""
    joins: list[tuple[frozenset[str], Nodes]] = field(default_factory=list)
    """Conditions of joins, each with the tables for which it counts; for all where that is empty."""


class Reading:
    """Reads one statement; `faults` names every table that is not held to a workspace, with what is wrong."""

    def __init__(self, sql: str, with_team: Collection[str], every_table: Collection[str]) -> None:
        self.faults: list[str] = []
        self.saw = False
        """Whether the statement touches a table with a workspace at all."""
        self._with_team = with_team
        self._every_table = every_table
        self._named: set[str] = set()
        self._statement([node for node in grouped(tokens(sql)) if node.upper != ";"], Scope())

    def _statement(self, nodes: Nodes, outer: Scope) -> None:
        if not nodes:
            return
        first = nodes[0].upper
        if first == "WITH":
            self._statement(self._after_with(nodes[1:], outer), outer)
        elif first == "SELECT":
            for part in _split(nodes, _SETS):
                part = part[1:] if part and part[0].upper == "ALL" else part
                if len(part) == 1 and isinstance(part[0], Group):
                    self._statement(part[0].inside, outer)
                else:
                    self._select(part, outer)
        elif first == "UPDATE":
            self._change(nodes[1:], "SET", "FROM", outer)
        elif first == "DELETE":
            self._change(nodes[2:], "", "USING", outer)
        elif first in ("INSERT", "REPLACE"):
            self._insert(nodes, outer)
        elif first == "VALUES" or isinstance(nodes[0], Group):
            self._below(nodes, outer)
        # PRAGMA, BEGIN, CREATE and the like touch no row of a workspace

    def _after_with(self, nodes: Nodes, outer: Scope) -> Nodes:
        """Read each named query; its name stands for something that is held, for it was read by itself."""
        at = 0
        while at < len(nodes) and nodes[at].upper not in ("SELECT", "UPDATE", "DELETE", "INSERT"):
            node = nodes[at]
            if isinstance(node, Group) and _is_query(node):
                self._statement(node.inside, outer)
            elif node.name and nodes[at + 1 : at + 2] and node.upper not in ("AS", "RECURSIVE"):
                self._named.add(node.name)
            at += 1
        return nodes[at:]

    def _select(self, nodes: Nodes, outer: Scope) -> None:
        clauses = _clauses(nodes)
        scope = Scope(held=set(outer.held))
        self._tables(clauses.get("FROM", ()), scope, outer)
        self._hold(scope, clauses.get("WHERE", ()))
        self._judge(scope)
        for name, found in clauses.items():
            if name != "FROM":
                self._below(found, scope)
        for _, condition in scope.joins:
            self._below(condition, scope)

    def _change(self, nodes: Nodes, setting: str, more: str, outer: Scope) -> None:
        scope = Scope(held=set(outer.held))
        stops = [word for word in (setting, more, "WHERE", "RETURNING") if word]
        parts = _clauses(nodes, stops, first="INTO")
        self._tables(parts.get("INTO", ()), scope, outer)
        self._tables(parts.get(more, ()), scope, outer)
        self._hold(scope, parts.get("WHERE", ()))
        self._judge(scope)
        for assigned in _split(parts.get(setting, ()), {","}) if setting else ():
            if scope.tables and assigned and assigned[0].name == TEAM:
                self.faults.append("a row would be given to another workspace")
        for name, found in parts.items():
            if name not in ("INTO", more):
                self._below(found, scope)

    def _insert(self, nodes: Nodes, outer: Scope) -> None:
        at = next(place for place, node in enumerate(nodes) if node.upper == "INTO") + 1
        table, rest = nodes[at].name or "", nodes[at + 1 :]
        known = table in self._with_team
        self.saw |= known
        columns = rest[0].inside if rest and isinstance(rest[0], Group) else ()
        if known and not any(node.name == TEAM for node in columns):
            self.faults.append(f"{table} gets a row without {TEAM}")
        values, *conflict = _split(rest[1:] if columns else rest, {"CONFLICT"})
        if values and values[0].upper == "SELECT":
            self._statement([node for node in values if node.upper != "ON"], outer)
        else:
            self._below(values, outer)
        for clause in conflict:
            target = clause[0].inside if clause and isinstance(clause[0], Group) else ()
            updates = any(node.upper == "UPDATE" for node in clause)
            where = _clauses(clause, ("WHERE",), first="DO").get("WHERE", ())
            scope = Scope(tables={table: table} if known else {}, held={*outer.held, "excluded"})
            self._hold(scope, where)
            if known and updates and not any(node.name == TEAM for node in target) and table not in scope.held:
                self.faults.append(f"the row of {table} that is there may be another workspace's")
            self._below(clause, scope)

    def _tables(self, nodes: Nodes, scope: Scope, outer: Scope) -> None:
        """Note each table of a FROM, with the condition by which it is joined."""
        at, kind, latest = 0, "", ""
        while at < len(nodes):
            node = nodes[at]
            word = node.upper
            if word in _JOINING and word not in ("ON", "USING"):
                kind = word if word not in ("JOIN", "OUTER") else kind
                if word == ",":
                    kind = ""
                at += 1
            elif word == "ON":
                end = at + 1
                while end < len(nodes) and nodes[end].upper not in _JOINING - {"ON", "USING"}:
                    end += 1
                counts = frozenset({latest}) if kind in ("LEFT", "RIGHT", "FULL") else frozenset()
                if kind in ("RIGHT", "FULL"):
                    counts = frozenset({""})  # nobody: both sides may be there without the other
                scope.joins.append((counts, nodes[at + 1 : end]))
                at, kind = end, ""
            elif word == "USING":
                at += 2
            elif word == "LATERAL":
                at += 1
            else:
                at, latest = self._table(nodes, at, scope, outer)

    def _table(self, nodes: Nodes, at: int, scope: Scope, outer: Scope) -> tuple[int, str]:
        node = nodes[at]
        at += 1
        table = ""
        if isinstance(node, Group):
            if _is_query(node):
                self._statement(node.inside, outer)
            else:  # joins in parentheses
                self._tables(node.inside, scope, outer)
        else:
            table = node.name or ""
            if at + 1 < len(nodes) and nodes[at].upper == ".":
                table, at = nodes[at + 1].name or "", at + 2
            if at < len(nodes) and isinstance(nodes[at], Group):  # a function that gives rows
                self._below(nodes[at : at + 1], outer)
                table, at = "", at + 1
        called = table
        if at < len(nodes) and nodes[at].upper == "AS":
            at += 1
        if at < len(nodes) and nodes[at].name and nodes[at].upper not in _JOINING:
            called, at = nodes[at].name or "", at + 1
            if at < len(nodes) and isinstance(nodes[at], Group):
                at += 1
        if table in self._with_team and table not in self._named:
            self.saw = True
            scope.tables[called] = table
            scope.held.discard(called)
        elif table not in self._every_table or table in self._named:
            scope.held.add(called)  # a query of its own, read by itself
        return at, called

    def _hold(self, scope: Scope, where: Nodes) -> None:
        """Work out which tables are held: by a value, and from there by every equality, until nothing changes."""
        conditions = [(frozenset[str](), where), *scope.joins]
        size = -1
        while size != len(scope.held):
            size = len(scope.held)
            for counts, condition in conditions:
                found = _held_by(condition, scope)
                scope.held |= found & counts if counts else found

    def _judge(self, scope: Scope) -> None:
        for called, table in scope.tables.items():
            if called not in scope.held:
                self.faults.append(table if called == table else f"{table} ({called})")

    def _below(self, nodes: Nodes, scope: Scope) -> None:
        """Read every query inside these nodes."""
        for node in nodes:
            if isinstance(node, Group):
                if _is_query(node):
                    self._statement(node.inside, scope)
                else:
                    self._below(node.inside, scope)


def _held_by(nodes: Nodes, scope: Scope) -> set[str]:
    """Return the tables that this condition holds to a workspace."""
    while len(nodes) == 1 and isinstance(nodes[0], Group):
        nodes = nodes[0].inside
    branches = _split(nodes, {"OR"})
    if len(branches) > 1:
        return set.intersection(*(_held_by(each, scope) for each in branches))
    parts = _split(nodes, {"AND"})
    if len(parts) > 1:
        return set().union(*(_held_by(each, scope) for each in parts))
    return _held_by_one(nodes, scope)


def _held_by_one(nodes: Nodes, scope: Scope) -> set[str]:
    for sign in ("=", "IN"):
        sides = _split(nodes, {sign})
        if len(sides) == 2 and all(sides):
            break
    else:
        return set()
    left, right = sides
    mine, other = _team_of(left, scope), _team_of(right, scope)
    if sign == "=" and mine and other:
        return {mine, other} if {mine, other} & scope.held else set()
    if sign == "=":
        return {mine or other} - {""} if _is_bound(right if mine else left) else set()
    values = right[0] if len(right) == 1 else None
    if not isinstance(values, Group) or _is_query(values):
        return set()
    if mine:
        return {mine} if all(_is_bound(each) for each in _split(values.inside, {","})) else set()
    if len(left) == 1 and isinstance(left[0], Group):  # (team_id, id) IN ((?, ?), ...)
        return {_team_of(each, scope) for each in _split(left[0].inside, {","})} - {""}
    return set()


def _team_of(nodes: Nodes, scope: Scope) -> str:
    """Return what the table is called of which this is the workspace; "" where it is something else."""
    names = [node.name for node in nodes if node.upper != "."]
    if not names or names[-1] != TEAM or len(names) > 2 or None in names:
        return ""
    if len(names) == 2:
        return names[0] or ""
    return next(iter(scope.tables)) if len(scope.tables) == 1 else ""


def _is_bound(nodes: Nodes) -> bool:
    while len(nodes) == 1 and isinstance(nodes[0], Group):
        nodes = nodes[0].inside
    return len(nodes) == 1 and isinstance(nodes[0], Token) and nodes[0].kind == "bound"


def _is_query(group: Group) -> bool:
    inside = group.inside
    while inside and isinstance(inside[0], Group):
        inside = inside[0].inside
    return bool(inside) and inside[0].upper in ("SELECT", "WITH", "VALUES", "UPDATE", "DELETE", "INSERT")


def _split(nodes: Nodes, at: Collection[str]) -> list[Nodes]:
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node.upper in at and node.upper:
            parts.append([])
        else:
            parts[-1].append(node)
    return list(parts)


def _clauses(nodes: Nodes, names: Collection[str] = _CLAUSES, first: str = "SELECT") -> dict[str, Nodes]:
    """Return what stands behind each of these words, outside of parentheses."""
    found: dict[str, list[Node]] = {first: []}
    now = first
    for node in nodes:
        if node.upper in names and node.upper:
            now = node.upper
            found.setdefault(now, [])
        else:
            found[now].append(node)
    return dict(found)
