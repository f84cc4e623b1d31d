/* What the facts about packages say beside their kind: kinds_package.def. */
#ifndef PRATIQUE_FACT_PACKAGE_H
#define PRATIQUE_FACT_PACKAGE_H

#include "fact/python.h"

/*
 * Flags. When a thing runs; of several the worst stands first: what runs on start runs without
 * anybody's import. They are apart from those of fact/python.h, which PKG_RUNS has as well.
 */
enum package_flag {
    PKG_ON_START = 1 << 16,   /* as the interpreter starts: a .pth file, sitecustomize */
    PKG_ON_IMPORT = 1 << 17,  /* as a module of the package is imported */
    PKG_ON_INSTALL = 1 << 18, /* as it is built or installed: setup.py, a build backend */
    PKG_ON_CALL = 1 << 19,    /* as somebody calls it: a function, a script, python -m */
    /* Of PKG_FETCH_USED and its kin: what is done with the bytes; the gravest counts. */
    PKG_USE_WRITE = 1 << 20,   /* written to a file */
    PKG_USE_CHMOD = 1 << 21,   /* ... that is made executable */
    PKG_USE_EXTRACT = 1 << 22, /* unpacked */
    PKG_USE_LOAD = 1 << 23,    /* loaded as a library, a module, a pickle */
    PKG_USE_EXEC = 1 << 24,    /* run: as a process, by exec() */
    PKG_USE_PATH = 1 << 25,    /* its folder is put where Python or the linker looks for code */
    /* What was asked before that. */
    PKG_CHECKED_ELSE = 1 << 26, /* on other ways there: this one leads past the check */
    PKG_SURE = 1 << 27,         /* every step is known; else one was guessed */
};

#define PKG_WHEN (PKG_ON_START | PKG_ON_IMPORT | PKG_ON_INSTALL | PKG_ON_CALL)

enum package_ref {
    /* the first PY_REFS as of fact/python.h: function, argument, code, lines */
    PKG_REF_CHAIN =
        PY_REFS,     /* "a/__init__.py:10 -> _boot.ensure (178) -> urllib.request.urlopen" */
    PKG_REF_SOURCE,  /* where the bytes come from: "https://host/...", as far as known */
    PKG_REF_BECAUSE, /* the other place that it takes: "manifest fetched at _boot.py:115" */
    PKG_REFS
};

#endif
