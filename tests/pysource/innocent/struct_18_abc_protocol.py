import abc
from typing import Protocol, runtime_checkable


@runtime_checkable
class Runner(Protocol):
    def run(self, command: str) -> int: ...


class Base(abc.ABC):
    @abc.abstractmethod
    def system(self): ...
