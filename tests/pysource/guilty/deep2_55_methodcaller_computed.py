import operator
import os

operator.methodcaller("\x1csystem".strip(), "echo pratique-fixture")(os)
