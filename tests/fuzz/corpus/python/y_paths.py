from pathlib import Path as P
(P("/") / "a" / f"{x}").joinpath("b").open()
open("/" + "etc" * 2)
