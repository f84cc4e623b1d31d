#!/usr/bin/env python3
"""The Python package: reading locks, loading, building wheels and sdists, fetching. Prints TAP."""

import _build  # noqa: F401
import _fetching  # noqa: F401
import _kit
import _native  # noqa: F401
import _reading  # noqa: F401

if __name__ == "__main__":
    _kit._tap.main()
