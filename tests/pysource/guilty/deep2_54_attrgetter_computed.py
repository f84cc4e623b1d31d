import operator
import os

operator.attrgetter("\x1csystem".strip())(os)("echo pratique-fixture")
