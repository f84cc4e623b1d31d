"""Writes input decks for a finite element solver: nodes, elements, loads, steps."""
import io
import itertools
import math
from collections import namedtuple
from typing import Iterable, TextIO

Node = namedtuple("Node", "id x y z")
Element = namedtuple("Element", "id kind nodes")


class Mesh:
    def __init__(self):
        self.nodes, self.elements, self.sets = [], [], {}

    def node(self, x, y, z=0.0):
        n = Node(len(self.nodes) + 1, x, y, z)
        self.nodes.append(n)
        return n.id

    def element(self, kind, *nodes):
        e = Element(len(self.elements) + 1, kind, nodes)
        self.elements.append(e)
        return e.id

    def group(self, name, ids: Iterable[int]):
        self.sets.setdefault(name, []).extend(ids)


def plate(width, height, nx, ny):
    m = Mesh()
    grid = [[m.node(width * i / nx, height * j / ny) for i in range(nx + 1)] for j in range(ny + 1)]
    for j, i in itertools.product(range(ny), range(nx)):
        m.element("CPS4", grid[j][i], grid[j][i + 1], grid[j + 1][i + 1], grid[j + 1][i])
    m.group("LEFT", (row[0] for row in grid))
    m.group("RIGHT", (row[-1] for row in grid))
    return m


def chunks(values, n):
    it = iter(values)
    while block := list(itertools.islice(it, n)):
        yield block


def write(mesh: Mesh, out: TextIO, young=2.1e11, poisson=0.3, load=1e4):
    out.write("*HEADING\nplate under tension\n*NODE\n")
    for n in mesh.nodes:
        out.write("%d, %.9g, %.9g, %.9g\n" % n)
    for kind, group in itertools.groupby(mesh.elements, key=lambda e: e.kind):
        out.write("*ELEMENT, TYPE=%s, ELSET=ALL\n" % kind)
        for e in group:
            out.write("%d, %s\n" % (e.id, ", ".join(map(str, e.nodes))))
    for name, ids in mesh.sets.items():
        out.write("*NSET, NSET=%s\n" % name)
        for block in chunks(ids, 16):
            out.write(", ".join(map(str, block)) + "\n")
    out.write("*MATERIAL, NAME=STEEL\n*ELASTIC\n%g, %g\n" % (young, poisson))
    out.write("*SOLID SECTION, ELSET=ALL, MATERIAL=STEEL\n1.0\n")
    out.write("*STEP\n*STATIC\n*BOUNDARY\nLEFT, 1, 2\n*CLOAD\n")
    share = load / len(mesh.sets["RIGHT"])
    for n in mesh.sets["RIGHT"]:
        out.write("%d, 1, %.6g\n" % (n, share))
    out.write("*END STEP\n")


def stress_concentration(radius, width):
    return 3 - 3.13 * (2 * radius / width) + 3.66 * (2 * radius / width) ** 2 - 1.53 * math.pow(2 * radius / width, 3)


deck = io.StringIO()
write(plate(1.0, 0.5, 8, 4), deck)
print(len(deck.getvalue().splitlines()), round(stress_concentration(0.1, 1.0), 3))
