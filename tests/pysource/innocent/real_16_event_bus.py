"""Publish and subscribe inside one process."""
import asyncio
import collections
import inspect
import logging
import weakref

log = logging.getLogger(__name__)


class Bus:
    def __init__(self):
        self._handlers = collections.defaultdict(list)
        self._weak = weakref.WeakSet()

    def on(self, name):
        def register(f):
            self._handlers[name].append(f)
            return f
        return register

    def off(self, name, f):
        self._handlers[name].remove(f)

    async def emit(self, name, *args, **kwargs):
        results = []
        for f in list(self._handlers[name]):
            try:
                r = f(*args, **kwargs)
                results.append(await r if inspect.isawaitable(r) else r)
            except Exception:
                log.exception("handler %s of %s failed", getattr(f, "__name__", f), name)
        return results


bus = Bus()


@bus.on("open")
def opened(name):
    return "opened " + name


@bus.on("open")
async def opened_later(name):
    await asyncio.sleep(0)
    return "later " + name


@bus.on("exec")
def failing(*_):
    raise RuntimeError("never mind")


class Worker:
    def __init__(self, bus):
        self.seen = []
        bus.on("system")(self.system)

    def system(self, state):
        self.seen.append(state)
        return len(self.seen)


async def main():
    logging.disable(logging.CRITICAL)
    worker = Worker(bus)
    assert await bus.emit("open", "x") == ["opened x", "later x"]
    assert await bus.emit("exec") == []
    assert await bus.emit("system", "up") == [1]
    return worker.seen


asyncio.run(main())
