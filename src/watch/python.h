/*
 * The interpreter that a wheel is watched with, found without running anything untrusted.
 */
#ifndef PRATIQUE_WATCH_PYTHON_H
#define PRATIQUE_WATCH_PYTHON_H

#include <pratique/pratique.h>

#include "base/arena.h"

struct python {
    const char *program;   /* the real file: "/usr/bin/python3.11" */
    const char *prefix;    /* sys.base_prefix: "/usr" */
    const char *library;   /* the folder of the standard library: "/usr/lib/python3.11" */
    unsigned major, minor; /* 3, 11 */
    bool free_threaded;    /* "3.13t" */
    bool shared;           /* libpython is a file of its own */
};

/*
 * Finds the interpreter called name: a path, or a word searched on PATH (NULL: "python3", then
 * "python"). A virtual environment leads to its base; a script (pyenv's shim) is run once and
 * asked; what is an ELF file is recognised by its landmarks (lib/pythonX.Y/os.py). E_USAGE:
 * there is none, it is no CPython, or not of 3.9 to 3.14. Strings live in the arena.
 */
enum pratique_status python_find(struct python *out, struct arena *arena, const char *name,
                                 struct pratique_error *err)
    __attribute__((nonnull(1, 2, 4))) MUST_CHECK;

#endif
