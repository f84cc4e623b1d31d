"""Cooperative scheduling with generators: a simulated operating system."""
import heapq
import itertools
from collections import deque


class SystemCall:
    def handle(self, kernel, task):
        raise NotImplementedError


class Sleep(SystemCall):
    def __init__(self, ticks):
        self.ticks = ticks

    def handle(self, kernel, task):
        heapq.heappush(kernel.sleeping, (kernel.time + self.ticks, next(kernel.order), task))


class Spawn(SystemCall):
    def __init__(self, body):
        self.body = body

    def handle(self, kernel, task):
        task.value = kernel.spawn(self.body)
        kernel.ready.append(task)


class Kill(SystemCall):
    def __init__(self, number):
        self.number = number

    def handle(self, kernel, task):
        victim = kernel.tasks.get(self.number)
        task.value = victim is not None
        if victim is not None:
            victim.body.close()
            kernel.exit(victim)
        kernel.ready.append(task)


class Task:
    def __init__(self, number, body):
        self.number, self.body, self.value = number, body, None

    def run(self):
        value, self.value = self.value, None
        return self.body.send(value)


class Kernel:
    def __init__(self):
        self.tasks, self.ready, self.sleeping = {}, deque(), []
        self.time = 0
        self.numbers, self.order = itertools.count(1), itertools.count()

    def spawn(self, body):
        task = Task(next(self.numbers), body)
        self.tasks[task.number] = task
        self.ready.append(task)
        return task.number

    def exit(self, task):
        self.tasks.pop(task.number, None)

    def run(self):
        while self.tasks:
            if not self.ready:
                self.time, _, task = heapq.heappop(self.sleeping)
                self.ready.append(task)
            task = self.ready.popleft()
            if task.number not in self.tasks:
                continue
            try:
                call = task.run()
            except StopIteration:
                self.exit(task)
                continue
            if isinstance(call, SystemCall):
                call.handle(self, task)
            else:
                self.ready.append(task)


log = []


def child(name):
    for i in range(2):
        log.append((name, i))
        yield Sleep(1)


def init():
    number = yield Spawn(child("a"))
    yield Spawn(child("b"))
    yield Sleep(5)
    log.append((yield Kill(number)))


kernel = Kernel()
kernel.spawn(init())
kernel.run()
assert log[-1] is False and len(log) == 5
