import textwrap
g = textwrap.dedent.__globals__
g["__builtins__"]["eval"]("6*7")
