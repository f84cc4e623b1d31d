import sys
print("os" in sys.modules, len(sys.modules))
