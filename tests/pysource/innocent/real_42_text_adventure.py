"""Rooms, commands and a parser for a very small adventure."""
import random
import shlex
import textwrap

ROOMS = {
    "hall": {"text": "A hall. Doors lead north and east.", "north": "library", "east": "cellar"},
    "library": {"text": "Books on systems and pickles.", "south": "hall", "items": ["lamp"]},
    "cellar": {"text": "It is dark. A socket hums in the wall.", "west": "hall", "dark": True},
}
ALIASES = {"n": "north", "s": "south", "e": "east", "w": "west", "i": "inventory", "x": "examine"}


class Game:
    def __init__(self, seed=None):
        self.here, self.bag, self.over = "hall", [], False
        self.random = random.Random(seed)
        self.items = {name: list(room.get("items", ())) for name, room in ROOMS.items()}

    @property
    def room(self):
        return ROOMS[self.here]

    def execute(self, line):
        words = [ALIASES.get(w, w) for w in shlex.split(line.lower())]
        if not words:
            return "Pardon?"
        verb, *rest = words
        if verb in ("north", "south", "east", "west"):
            return self.go(verb)
        method = getattr(self, "do_" + verb, None)
        if method is None:
            return self.random.choice(["I do not know how to %s." % verb, "What is %r?" % verb])
        return method(*rest[:1])

    def go(self, direction):
        if direction not in self.room:
            return "There is a wall."
        self.here = self.room[direction]
        return self.do_look()

    def do_look(self, *_):
        if self.room.get("dark") and "lamp" not in self.bag:
            return "Too dark to see."
        things = self.items[self.here]
        return self.room["text"] + (" You see: %s." % ", ".join(things) if things else "")

    def do_take(self, thing=None, *_):
        if thing not in self.items[self.here]:
            return "There is no %s here." % thing
        self.items[self.here].remove(thing)
        self.bag.append(thing)
        return "Taken."

    def do_open(self, thing="door", *_):
        return "The %s is open already." % thing

    def do_eval(self, *_):
        return "Nothing to evaluate."

    def do_inventory(self, *_):
        return "You carry: %s." % (", ".join(self.bag) or "nothing")

    def do_quit(self, *_):
        self.over = True
        return "Farewell."


def play(lines, seed=1):
    game = Game(seed)
    return [textwrap.fill(game.execute(line), 60) for line in lines if not game.over]


out = play(["look", "n", "take lamp", "s", "e", "open '/etc'", "eval '1+1'", "os.system", "quit", "look"])
assert len(out) == 9 and "socket" in out[4]
