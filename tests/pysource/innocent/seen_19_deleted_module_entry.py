import sys

if "pratique_fixture" in sys.modules:
    del sys.modules["pratique_fixture"]
print(len(sys.modules) > 0)
