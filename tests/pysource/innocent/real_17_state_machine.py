"""A finite state machine described by a table."""
import enum
import functools
from dataclasses import dataclass, field


class State(enum.Enum):
    CLOSED = enum.auto()
    OPEN = enum.auto()
    LOCKED = enum.auto()


class Event(enum.Enum):
    OPEN = "open"
    CLOSE = "close"
    LOCK = "lock"
    UNLOCK = "unlock"


TABLE = {
    (State.CLOSED, Event.OPEN): State.OPEN,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.LOCK): State.LOCKED,
    (State.LOCKED, Event.UNLOCK): State.CLOSED,
}


class NotAllowed(Exception):
    def __init__(self, state, event):
        super().__init__(f"{event.value} is not allowed when {state.name.lower()}")


def logged(method):
    @functools.wraps(method)
    def inner(self, *args):
        before = self.state
        result = method(self, *args)
        self.log.append((before, self.state))
        return result
    return inner


@dataclass
class Door:
    state: State = State.CLOSED
    log: list = field(default_factory=list)

    @logged
    def handle(self, event):
        try:
            self.state = TABLE[self.state, event]
        except KeyError:
            raise NotAllowed(self.state, event) from None
        getattr(self, "on_" + event.value, lambda: None)()

    def open(self):
        self.handle(Event.OPEN)

    def close(self):
        self.handle(Event.CLOSE)

    def on_open(self):
        self.last = "open"


door = Door()
door.open()
door.close()
door.handle(Event.LOCK)
try:
    door.open()
except NotAllowed as e:
    assert "not allowed" in str(e)
