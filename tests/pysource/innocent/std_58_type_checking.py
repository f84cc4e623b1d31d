from typing import TYPE_CHECKING, Optional
if TYPE_CHECKING:
    from collections.abc import Callable


def f(g: "Optional[Callable[[str], int]]" = None): ...
