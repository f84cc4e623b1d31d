import os

COLOUR = 'NO_COLOR' not in os.environ
