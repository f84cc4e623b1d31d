#!/usr/bin/env python3
"""endurance.py with 200 watches and 200 kills."""
import sys

import endurance

sys.exit(endurance.main(200, 200))
