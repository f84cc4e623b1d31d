import sys

sys.path.insert(0, '/tmp/plugins')
import plugin
