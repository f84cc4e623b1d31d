import json
json.__builtins__["eval"]("6*7")
