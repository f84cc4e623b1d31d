"""Traces rays through spheres and writes a PPM image."""
import io
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Vector:
    x: float
    y: float
    z: float

    def __add__(self, o): return Vector(self.x + o.x, self.y + o.y, self.z + o.z)
    def __sub__(self, o): return Vector(self.x - o.x, self.y - o.y, self.z - o.z)
    def __mul__(self, k): return Vector(self.x * k, self.y * k, self.z * k)
    def dot(self, o): return self.x * o.x + self.y * o.y + self.z * o.z
    def unit(self): return self * (1 / math.sqrt(self.dot(self)))


@dataclass
class Sphere:
    centre: Vector
    radius: float
    colour: Vector
    mirror: float = 0.0

    def hit(self, origin, direction):
        oc = origin - self.centre
        b = oc.dot(direction)
        d = b * b - oc.dot(oc) + self.radius ** 2
        if d < 0:
            return None
        t = -b - math.sqrt(d)
        return t if t > 1e-4 else None


class Scene:
    def __init__(self, *objects, light=Vector(5, 5, -5)):
        self.objects, self.light = objects, light

    def nearest(self, origin, direction):
        hits = [(t, o) for o in self.objects if (t := o.hit(origin, direction)) is not None]
        return min(hits, key=lambda h: h[0], default=(None, None))

    def trace(self, origin, direction, depth=2):
        t, thing = self.nearest(origin, direction)
        if thing is None:
            return Vector(0.2, 0.3, 0.5) * (0.5 + 0.5 * direction.y)
        point = origin + direction * t
        normal = (point - thing.centre).unit()
        to_light = (self.light - point).unit()
        lit = self.nearest(point, to_light)[1] is None
        colour = thing.colour * (0.1 + 0.9 * lit * max(0.0, normal.dot(to_light)))
        if depth and thing.mirror:
            reflected = direction - normal * (2 * direction.dot(normal))
            colour = colour * (1 - thing.mirror) + self.trace(point, reflected.unit(), depth - 1) * thing.mirror
        return colour

    def render(self, width, height, out):
        out.write("P3\n%d %d\n255\n" % (width, height))
        for j in range(height):
            for i in range(width):
                d = Vector((i - width / 2) / height, (height / 2 - j) / height, 1).unit()
                c = self.trace(Vector(0, 0, -3), d)
                out.write("%d %d %d\n" % tuple(int(255 * min(1, v)) for v in (c.x, c.y, c.z)))


out = io.StringIO()
Scene(Sphere(Vector(0, 0, 0), 1, Vector(1, 0.2, 0.2), 0.3),
      Sphere(Vector(1, 1, 1), 0.5, Vector(0.2, 1, 0.2))).render(24, 16, out)
assert out.getvalue().count("\n") == 24 * 16 + 3
