"""Solves sudoku by propagation and search."""
from itertools import chain

DIGITS = "123456789"
CELLS = [r + c for r in "ABCDEFGHI" for c in DIGITS]


def units():
    rows = [[r + c for c in DIGITS] for r in "ABCDEFGHI"]
    columns = [[r + c for r in "ABCDEFGHI"] for c in DIGITS]
    boxes = [[r + c for r in rs for c in cs] for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
    return rows + columns + boxes


UNITS = {cell: [u for u in units() if cell in u] for cell in CELLS}
PEERS = {cell: set(chain(*UNITS[cell])) - {cell} for cell in CELLS}


class Contradiction(Exception):
    pass


def assign(values, cell, digit):
    for other in values[cell].replace(digit, ""):
        eliminate(values, cell, other)


def eliminate(values, cell, digit):
    if digit not in values[cell]:
        return
    values[cell] = values[cell].replace(digit, "")
    if not values[cell]:
        raise Contradiction(cell)
    if len(values[cell]) == 1:
        for p in PEERS[cell]:
            eliminate(values, p, values[cell])
    for unit in UNITS[cell]:
        places = [c for c in unit if digit in values[c]]
        if not places:
            raise Contradiction(digit)
        if len(places) == 1 and len(values[places[0]]) > 1:
            assign(values, places[0], digit)


def parse(text):
    values = {cell: DIGITS for cell in CELLS}
    for cell, c in zip(CELLS, (c for c in text if c in DIGITS + ".0")):
        if c in DIGITS:
            assign(values, cell, c)
    return values


def search(values):
    open_cells = [c for c in CELLS if len(values[c]) > 1]
    if not open_cells:
        return values
    cell = min(open_cells, key=lambda c: len(values[c]))
    for digit in values[cell]:
        try:
            trial = dict(values)
            assign(trial, cell, digit)
            return search(trial)
        except Contradiction:
            continue
    raise Contradiction(cell)


puzzle = "..3.2.6..9..3.5..1..18.64....81.29..7.......8..67.82....26.95..8..2.3..9..5.1.3.."
solution = search(parse(puzzle))
assert "".join(solution[c] for c in CELLS[:9]) == "483921657"
