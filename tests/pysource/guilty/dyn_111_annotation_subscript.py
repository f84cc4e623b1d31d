from typing import Annotated
x: Annotated[int, eval("6*7")] = 1
