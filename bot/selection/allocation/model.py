"""One objective as an integer program, with what the objectives before it left open.

People who are alike in all that still matters are one kind with a number; the columns are how many of a kind sit
where. Whatever follows from that is a derived column: the largest of some sums, pressed down by its cost.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf

from bot.selection.allocation.case import Case
from bot.selection.allocation.counts import Bounds, Cell, Convex, Kind, Step, Sum, added, less, of_pairs
from bot.selection.allocation.program import Program
from bot.selection.allocation.satisfaction import Face

DISSATISFACTION, TOGETHER, ROLES, SPREAD, SIZES, MIXING = range(1, 7)
WINDOW = 8
"""So many people more or fewer than expected have a column each; farther away costs are taken as a line below them."""


class Model:
    """The program for one objective. `limits` are the values at which earlier objectives stay.

    `expected` are counts near which costs are written exactly, within `window`; those of a known seating by default.
    """

    def __init__(
        self,
        case: Case,
        face: Face,
        bounds: Bounds,
        limits: Mapping[int, int],
        goal: int,
        expected: Mapping[Cell, int] | None = None,
        window: int = WINDOW,
    ) -> None:
        self.case, self.face, self.bounds, self.goal, self.window = case, face, bounds, goal, window
        self.expected = expected or {}
        self.program = Program()
        self.derived: list[tuple[int, list[Sum]]] = []
        self.convex: list[Convex] = []
        self.run: dict[int, int] = {}
        wanted = {**limits, goal: None}
        self.parts = set(wanted)
        self._survey()
        self._seat_people()
        for stage, limit in sorted(wanted.items()):
            constant, columns, factors = self._part(stage)
            if limit is None:
                self.constant = constant
                for column, factor in zip(columns, factors, strict=True):
                    self.program.costs[column] = factor
                self.priced = columns, factors
            elif columns:
                row = self.program.row(-inf, limit - constant, columns, factors)
                for convex in self.convex:
                    if convex.cell[0] == stage:
                        convex.limit = row

    # --- who is where ---------------------------------------------------------------------------------------------

    def _survey(self) -> None:
        """Sort people into those whose seat is certain and those who have a choice."""
        case = self.case
        self.sure: dict[int, list[int]] = {option: [] for option in range(len(case.options))}
        self.possible: dict[int, list[int]] = {option: [] for option in range(len(case.options))}
        self.open = [option for option in case.eligible if self.face.runs[option] != 0]
        self.certain: dict[int, int] = {}
        for person, allowed in enumerate(self.face.allowed):
            if len(allowed) == 1:
                self.certain[person] = allowed[0]
            for option in allowed:
                if option >= 0:
                    (self.sure if len(allowed) == 1 else self.possible)[option].append(person)
        self.lonely = {option for option in self.open if self._may_lack_buddies(option)}
        self.leaderless = {option for option in self.open if self._may_lack_roles(option)}

    def _may_lack_buddies(self, option: int) -> bool:
        if TOGETHER not in self.parts or not self.case.buddies:
            return False
        people = self.case.people
        sure = sum(1 if people[person].newcomer else -1 for person in self.sure[option])
        return sure + sum(people[person].newcomer for person in self.possible[option]) > 0

    def _may_lack_roles(self, option: int) -> bool:
        if ROLES not in self.parts:
            return False
        people = [self.case.people[person] for person in self.sure[option]]
        takes_notes = sum(person.takes_notes for person in people)
        if self.case.options[option].has_facilitator:
            return not takes_notes
        facilitates = sum(person.facilitates for person in people)
        return not (takes_notes and facilitates and sum(p.takes_notes or p.facilitates for p in people) > 1)

    def _seat_people(self) -> None:
        case, program = self.case, self.program
        paired = {person for pair in case.pairs for person in pair if self._split(pair)}
        met: dict[int, list[int]] = {}
        if MIXING in self.parts and case.exact_mixing:
            for number, meeting in enumerate(case.meetings):
                for person in meeting:
                    met.setdefault(person, []).append(number)
        found: dict[object, Kind] = {}
        for person, allowed in enumerate(self.face.allowed):
            if len(allowed) == 1:
                continue
            about = case.people[person]
            fixed = case.fixed[person]
            key = (
                tuple(allowed),
                tuple(case.cost(person, k) if k >= 0 else 0 for k in allowed) if self._counts(DISSATISFACTION) else (),
                fixed if fixed >= 0 and self.face.runs[fixed] is None else -1,
                about.region if self.parts & {SPREAD, MIXING} else None,
                about.sector if SPREAD in self.parts else None,
                about.newcomer if self.lonely.intersection(allowed) else None,
                (about.facilitates, about.takes_notes) if self.leaderless.intersection(allowed) else None,
                person if person in paired else -1,
                tuple(met.get(person, ())),
            )
            if key not in found:
                found[key] = Kind([], {})
            found[key].members.append(person)
        self.kinds = list(found.values())
        self.at: dict[int, list[tuple[Kind, int]]] = {option: [] for option in self.open}
        self.kind_of: dict[int, Kind] = {}
        outside = []
        for kind in self.kinds:
            supply = len(kind.members)
            self.kind_of.update(dict.fromkeys(kind.members, kind))
            for option in self.face.allowed[kind.members[0]]:
                kind.columns[option] = program.column(0, 0, supply)
                if option >= 0:
                    self.at[option].append((kind, kind.columns[option]))
                else:
                    outside.append(kind.columns[option])
            program.row(supply, supply, list(kind.columns.values()), [1] * len(kind.columns))
        if outside:
            gone = sum(seat < 0 for seat in self.certain.values())
            program.row(0, round(self.face.objectives[0].value) - gone, outside, [1] * len(outside))
        self.size: dict[int, int] = {}
        for option in self.open:
            self._option(option)

    def _option(self, option: int) -> None:
        case, face, program = self.case, self.face, self.program
        known, columns, factors = self._count(option, range(len(case.people)))
        low, high = face.smallest[option], face.largest[option]
        choose = face.runs[option] is None
        self.size[option] = program.column(0, 0 if choose else low, high)
        program.row(known, known, [self.size[option], *columns], [1, *(-factor for factor in factors)])
        if not choose:
            return
        run = self.run[option] = program.column(0, 0, 1)
        program.row(-inf, 0, [self.size[option], run], [1, -high])
        program.row(0, inf, [self.size[option], run], [1, -low])
        for kind, column in self.at[option]:
            supply = len(kind.members)
            stays = case.fixed[kind.members[0]] == option
            program.row(0 if stays else -inf, 0, [column, run], [1, -supply])

    def _count(self, option: int, members: Collection[int], wanted: Mapping[int, float] | None = None) -> Sum:
        """Return how many of these people sit at an option (each counted as `wanted` says)."""
        inside = members if isinstance(members, (set, frozenset, range)) else set(members)
        known = 0.0
        for person in self.sure[option]:
            if person in inside:
                known += wanted[person] if wanted else 1
        columns, factors = [], []
        for kind, column in self.at[option]:
            if kind.members[0] in inside:
                factor = wanted[kind.members[0]] if wanted else 1
                if factor:
                    columns.append(column)
                    factors.append(factor)
        return known, columns, factors

    # --- what it costs --------------------------------------------------------------------------------------------

    def _counts(self, stage: int) -> bool:
        return stage in self.parts

    def _part(self, stage: int) -> Sum:
        if stage == DISSATISFACTION:
            return self._linear(self.case.cost)
        if stage == TOGETHER:
            return added([self._pairs(), self._buddies()])
        if stage == ROLES:
            return added([self._roles(option) for option in self.open])
        if stage < MIXING or self.case.exact_mixing:
            return self._spread(stage)
        return self._linear(self.case.history)

    def sets(self, stage: int) -> Sequence[Sequence[int]]:
        """Return the sets of people of which an objective counts the pairs at each option."""
        if stage == SPREAD:
            return self.case.communities
        return (range(len(self.case.people)),) if stage == SIZES else self.case.meetings

    def _linear(self, cost: Callable[[int, int], int]) -> Sum:
        constant = sum(cost(person, seat) for person, seat in self.certain.items() if seat >= 0)
        columns, factors = [], []
        for option in self.open:
            for kind, column in self.at[option]:
                columns.append(column)
                factors.append(cost(kind.members[0], option))
        return constant, columns, factors

    def _split(self, pair: tuple[int, int]) -> bool:
        """Say whether it is open that these two sit together."""
        one, other = (self.face.allowed[person] for person in pair)
        if TOGETHER not in self.parts or (len(one) == 1 and len(other) == 1):
            return False
        return bool({option for option in one if option >= 0}.intersection(other))

    def _pairs(self) -> Sum:
        constant, columns = 0, []
        for pair in self.case.pairs:
            if not self._split(pair):
                seat = self.certain.get(pair[0], -1)
                constant += seat < 0 or self.certain.get(pair[1], -1) != seat
                continue
            for option in self.face.allowed[pair[0]]:
                here, there = self._seat(pair[0], option), self._seat(pair[1], option)
                if option < 0 or (not there[0] and not there[1]):
                    there = (0, (), ())
                columns.append(self._largest([less(here, there)], 1))
        return constant, columns, [1] * len(columns)

    def _seat(self, person: int, option: int) -> Sum:
        if person in self.certain:
            return float(self.certain[person] == option), (), ()
        column = self.kind_of[person].columns.get(option)
        return (0, (), ()) if column is None else (0, (column,), (1,))

    def _buddies(self) -> Sum:
        if not self.case.buddies:
            return 0, (), ()
        people = self.case.people
        weight = {number: 1.0 if person.newcomer else -1.0 for number, person in enumerate(people)}
        columns = [
            self._largest([self._count(k, range(len(people)), weight)], len(people)) for k in sorted(self.lonely)
        ]
        return 0, columns, [1] * len(columns)

    def _roles(self, option: int) -> Sum:
        if option not in self.leaderless:
            return 0, (), ()
        people = self.case.people
        facilitates = [number for number, person in enumerate(people) if person.facilitates]
        takes_notes = [number for number, person in enumerate(people) if person.takes_notes]
        run: Sum = (0, (self.run[option],), (1,)) if option in self.run else (1, (), ())
        if self.case.options[option].has_facilitator:
            columns = [self._largest([less(run, self._count(option, takes_notes))], 1)]
            return 0, columns, (1,)
        either = sorted({*facilitates, *takes_notes})
        leader = self._largest([less(run, self._count(option, facilitates))], 1)
        both = less(added([run, run]), self._count(option, either))
        note_taker = self._largest(
            [less(run, self._count(option, takes_notes)), (both[0], (*both[1], leader), (*both[2], -1))], 1
        )
        return 0, (leader, note_taker), (1, 1)

    def _spread(self, stage: int) -> Sum:
        """Count the pairs of people of one set at one option: n(n-1)/2."""
        constant, columns, slopes = 0, [], []
        for number, members in enumerate(map(frozenset, self.sets(stage))):
            now = Counter(self.face.seats[person] for person in members)
            for option in self.open:
                known, parts, factors = self._count(option, members)
                most = known + sum(self.program.upper[column] for column in parts)
                if most <= 1:
                    continue
                if not parts:
                    constant += of_pairs(round(known))
                    continue
                cell = (stage, number, option)
                low, high = self.bounds.get(cell, (0, len(self.case.people)))
                low, high = max(low, round(known)), min(high, round(most), self.face.largest[option])
                count = self.program.column(0, low, high)
                definition = self.program.row(known, known, [count, *parts], [1, *(-factor for factor in factors)])
                convex = Convex(cell, count, definition, 0, [])
                self.convex.append(convex)
                self._steps(convex, low, high, self.expected.get(cell, now[option]))
                constant += convex.base
                columns += [step.column for step in convex.steps]
                slopes += [step.slope for step in convex.steps]
        return constant, columns, slopes

    def _steps(self, convex: Convex, low: int, high: int, expected: int) -> None:
        """Write the costs of a count step by step, near the expected number in steps of one."""
        first = min(max(low, expected - self.window), high)
        last = max(min(high, expected + self.window), first)
        for start, end, slope in (
            (low, first, first - 1),
            *((count, count + 1, count) for count in range(first, last)),
            (last, high, last),
        ):
            if start < end:
                column = self.program.column(0, 0, end - start, whole=False)
                convex.steps.append(Step(column, slope, end - start))
        convex.base = of_pairs(first) - (first - 1) * (first - low) if first > low else of_pairs(low)
        here = [step.column for step in convex.steps]
        self.program.row(low, low, [convex.count, *here], [1] + [-1] * len(here))

    def _largest(self, sums: list[Sum], most: float) -> int:
        column = self.program.column(0, 0, most, whole=False)
        for known, columns, factors in sums:
            self.program.row(known, inf, [column, *columns], [1, *(-factor for factor in factors)])
        self.derived.append((column, sums))
        return column

    def cap(self, target: int) -> None:
        """Leave out what costs more."""
        self.program.row(-inf, target - self.constant, *self.priced)
