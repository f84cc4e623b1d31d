"""Native libraries brought in the right way: pinned, fetched when a package is built, checked when loaded.

pratique.native   loads a library that pratique.lock pins; never touches the network
pratique.build    a PEP 517 backend around another one: puts what the lock pins into the wheel
pratique.fetch    the same for a package that is installed already (python -m pratique.fetch)

The lock's format is docs/LOCK.md; how an author moves to it is docs/NATIVE.md.
"""

__version__ = "0.1.0"
