import pickle
from typing import Any
x: Any = pickle.loads(b"cbuiltins\nlen\n.")
