import sys
name = sys.argv[1] if len(sys.argv) > 5 else "os"
m = __import__(name)
