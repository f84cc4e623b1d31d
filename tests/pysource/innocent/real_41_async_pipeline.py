"""Producers and consumers with asyncio queues, limits and cancellation."""
import asyncio
import contextlib
import dataclasses
import random
import time
from typing import AsyncIterator, Awaitable, Callable, List


@dataclasses.dataclass
class Stats:
    done: int = 0
    failed: int = 0
    retried: int = 0
    started: float = dataclasses.field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


class Pipeline:
    def __init__(self, work: Callable[[int], Awaitable[int]], workers: int = 4, retries: int = 2):
        self.work, self.workers, self.retries = work, workers, retries
        self.queue: "asyncio.Queue[int]" = asyncio.Queue(maxsize=10)
        self.results: List[int] = []
        self.stats = Stats()

    async def call(self, item: int) -> None:
        for attempt in range(self.retries + 1):
            try:
                async with asyncio.timeout(1):
                    self.results.append(await self.work(item))
                self.stats.done += 1
                return
            except (ValueError, TimeoutError):
                self.stats.retried += attempt < self.retries
        self.stats.failed += 1

    async def worker(self) -> None:
        while True:
            item = await self.queue.get()
            try:
                await self.call(item)
            finally:
                self.queue.task_done()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.worker(), name="worker-%d" % i) for i in range(self.workers)]
        try:
            yield
            await self.queue.join()
        finally:
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def run(self, items) -> List[int]:
        async with self.running():
            async for item in aiter_of(items):
                await self.queue.put(item)
        return sorted(self.results)


async def aiter_of(items) -> AsyncIterator[int]:
    for i in items:
        yield i
        await asyncio.sleep(0)


async def square(n: int, rng=random.Random(0)) -> int:
    await asyncio.sleep(0)
    if rng.random() < 0.1:
        raise ValueError(n)
    return n * n


async def main():
    p = Pipeline(square)
    results = await p.run(range(30))
    assert p.stats.done + p.stats.failed == 30
    return results


print(len(asyncio.run(main())))
