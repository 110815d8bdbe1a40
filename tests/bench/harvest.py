"""The embedded engine: notes per second from scratch, what ten more cost, and memory, each with its growth.

Notes are made here from made-up words: thirty subjects, long-tailed vocabulary, two to five sentences. From scratch
means read, placed, composed and verified. Ten more means the same for ten notes, given only what is remembered.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bot.harvest import Memory, Note, compose_placed, place, read, verify
from bot.harvest.neighbours import in_arrays, in_dicts
from bot.harvest.vectors import note_vectors

SIZES = (200, 2_000, 10_000, 100_000)
AT_ONCE = 10_000
"""Notes up to which everything is handed in at once; more come in batches of this many, as they would over years."""
MORE = 10
SUBJECTS = 30
REPEATS = 5


FILLER = "de het een van en in op met voor dat is we er niet ook naar om te zijn bij aan als maar dan nog"
OPENING = "b d f g h j k l m n p r s t v w z br gr kl pl sch st tr"
MIDDLE = "a e i o u aa ee ie oe"
CLOSING = "k l m n p r s t nd"


def make_notes(count: int, start: int = 0) -> list[Note]:
    """Return notes that do not depend on how many are made."""
    dice = random.Random(17)
    general = [_word(dice) for _ in range(3_000)]
    own = [[_word(dice) + _word(dice) for _ in range(40)] for _ in range(SUBJECTS)]
    often, telling = [1 / (k + 3) for k in range(3_000)], [1 / (k + 2) for k in range(40)]
    filler = FILLER.split()
    notes = []
    for number in range(start, start + count):
        dice = random.Random(number)
        subject, sentences = dice.randrange(SUBJECTS), []
        for _ in range(dice.choice((2, 3, 3, 4, 5))):
            said = dice.choices(own[subject], telling, k=3) + dice.choices(general, often, k=4)
            said += dice.choices(filler, k=6)
            dice.shuffle(said)
            sentences.append(" ".join(said).capitalize() + dice.choice("....?!"))
        notes.append(Note(f"n{number:06d}", " ".join(sentences), group=str(dice.randrange(12))))
    return notes


def _word(dice: random.Random) -> str:
    opening, middle, closing = OPENING.split(), MIDDLE.split(), CLOSING.split()
    syllables = (dice.choice(opening) + dice.choice(middle) + dice.choice(closing) for _ in range(dice.choice((1, 2))))
    return "".join(syllables)


def harvested(notes: list[Note], memory: Memory) -> Memory:
    """The whole chain, as the command runs it; what it leaves."""
    readings = read(notes)
    placement = place(readings, [], memory)
    problems = verify(compose_placed(readings, placement, "harvest"), notes)
    assert not problems, problems
    return placement.memory


def scratch(count: int) -> dict[str, float]:
    """Seconds of the processor and megabytes of all notes from scratch, loading included."""
    notes, before, start = make_notes(min(count, AT_ONCE)), most_memory(), process_time()
    memory = harvested(notes, Memory())
    seconds = process_time() - start
    for done in range(AT_ONCE, count, AT_ONCE):
        notes = make_notes(AT_ONCE, done)
        start = process_time()
        memory = harvested(notes, memory.only(()))
        seconds += process_time() - start
    return {"seconds": seconds, "memory": most_memory() - before}


def more(count: int) -> dict[str, float]:
    """Seconds of the processor for ten notes more, and how much is remembered, in kilobytes."""
    memory = Memory()
    for done in range(0, count, AT_ONCE):
        memory = harvested(make_notes(min(AT_ONCE, count - done), done), memory.only(())).only(())
    seconds = []
    for turn in range(REPEATS):
        notes = make_notes(MORE, 1_000_000 + turn * MORE)
        start = process_time()
        harvested(notes, memory)
        seconds.append(process_time() - start)
    return {"seconds": median(seconds), "kept": len(repr(memory)) / 1000}


def neighbours(count: int) -> dict[str, float]:
    """Seconds of the processor to find everybody's neighbours, with arrays and with dictionaries."""
    vectors = note_vectors([reading.counts() for reading in read(make_notes(count))])
    found = {}
    for name, way in (("arrays", in_arrays), ("dictionaries", in_dicts)):
        start = process_time()
        find = way(vectors)
        for i, vector in enumerate(vectors):
            find(vector, i)
        found[name] = process_time() - start
    return found


def command(count: int) -> dict[str, float]:
    """Seconds of `oogst harvest` as a process of its own, and of a Python that does nothing."""
    with tempfile.TemporaryDirectory(prefix="oogst-bench-") as folder:
        path = Path(folder) / "notes.jsonl"
        rows = ({"id": note.id, "text": note.text, "group": note.group} for note in make_notes(count))
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        ours = [sys.executable, "-m", "handlers.terminal", "harvest", str(path), "--json"]
        return {"command": _timed(ours), "python": _timed([sys.executable, "-c", "pass"])}


def _timed(arguments: list[str]) -> float:
    seconds = []
    for _ in range(3):
        start = perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        seconds.append(perf_counter() - start)
    return median(seconds)


def most_memory() -> float:
    """Megabytes at the highest point of this process; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def apart(what: str, count: int) -> dict[str, float]:
    """Measure in a fresh process, so that its memory and what it loads are its own."""
    code = f"import json; from tests.bench import harvest; print(json.dumps(harvest.{what}({count})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=900)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def figures() -> list[tuple[str, float, str, float]]:
    """Return name, value, unit and baseline, which the name gives between brackets."""
    small, first = apart("scratch", SIZES[0]), apart("more", SIZES[0])
    asked = apart("command", SIZES[0])
    rows: list[tuple[str, float, str, float]] = [
        (f"oogst harvest, {SIZES[0]} notes, process and all (python)", asked["command"], "s", asked["python"])
    ]
    for count in SIZES:
        cold = small if count == SIZES[0] else apart("scratch", count)
        warm = first if count == SIZES[0] else apart("more", count)
        name = f"harvest {count:,}"
        rows += [
            (f"{name}: from scratch (at 200)", count / cold["seconds"], "notes/s", SIZES[0] / small["seconds"]),
            (f"{name}: memory on top (at 200)", cold["memory"], "MB", small["memory"]),
            (f"{name}: ten more (from scratch)", warm["seconds"], "s", cold["seconds"]),
            (f"{name}: ten more (after 200)", warm["seconds"], "s", first["seconds"]),
            (f"{name}: remembered (after 200)", warm["kept"], "kB", first["kept"]),
        ]
    for count in SIZES[:2]:
        found = apart("neighbours", count)
        rows.append((f"neighbours {count:,}: arrays (dictionaries)", found["arrays"], "s", found["dictionaries"]))
    return rows


def show(rows: list[tuple[str, float, str, float]]) -> list[Any]:
    """Its own table, without the rest of the bench."""
    return [print("{:60} {:12,.3f} {:8} {:12,.3f}".format(*row)) for row in rows]  # noqa: T201 - a table is the point


if __name__ == "__main__":
    show(figures())
