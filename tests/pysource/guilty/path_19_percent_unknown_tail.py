import sys
try:
    open("/nonexistent/%s" % sys.argv[0].replace("/", "_"))
except OSError:
    pass
