"""Conway's game on an unbounded board."""
import itertools
import sys
import time
from collections import Counter
from typing import FrozenSet, Iterable, Tuple

Cell = Tuple[int, int]
Board = FrozenSet[Cell]
NEIGHBOURS = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
PATTERNS = {
    "glider": ".#.\n..#\n###",
    "blinker": "###",
    "acorn": ".#.....\n...#...\n##..###",
}


def read(text: str) -> Board:
    return frozenset((x, y) for y, line in enumerate(text.splitlines())
                     for x, c in enumerate(line) if c == "#")


def step(board: Board) -> Board:
    counts = Counter((x + dx, y + dy) for x, y in board for dx, dy in NEIGHBOURS)
    return frozenset(c for c, n in counts.items() if n == 3 or n == 2 and c in board)


def run(board: Board) -> Iterable[Board]:
    while True:
        yield board
        board = step(board)


def bounds(board: Board):
    xs, ys = zip(*board) if board else ((0,), (0,))
    return min(xs), min(ys), max(xs), max(ys)


def show(board: Board) -> str:
    x0, y0, x1, y1 = bounds(board)
    return "\n".join("".join("#" if (x, y) in board else "." for x in range(x0, x1 + 1))
                     for y in range(y0, y1 + 1))


def period(board: Board, most: int = 100) -> int:
    seen = {}
    for i, b in zip(range(most), run(board)):
        x, y, *_ = bounds(b)
        key = frozenset((a - x, c - y) for a, c in b)
        if key in seen:
            return i - seen[key]
        seen[key] = i
    return 0


def main(name="glider", n=20, delay=0.1):
    for board in itertools.islice(run(read(PATTERNS[name])), n):
        sys.stdout.write("\x1b[H\x1b[2J" + show(board) + "\n")
        sys.stdout.flush()
        time.sleep(delay)


assert period(read(PATTERNS["blinker"])) == 2
assert period(read(PATTERNS["glider"])) == 4
if __name__ == "__main__":
    main(*sys.argv[1:2])
