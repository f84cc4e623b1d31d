/*
 * A wheel, installed without pip: names and tags (pure), the unpacking (in the world that
 * it is for, never outside), and what there is to import in it.
 *
 * Specifications: packaging.python.org: binary distribution format 1.0, recording installed
 * projects, entry points, platform compatibility tags; PEP 427, 376, 425, 600, 656, 420.
 */
#ifndef PRATIQUE_WATCH_WHEEL_H
#define PRATIQUE_WATCH_WHEEL_H

#include "base/arena.h"
#include "format/wheel/name.h"
#include "input/span.h"
#include "watch/event.h"
#include "watch/python.h"

/*
 * Whether the interpreter can take a wheel with these tags (PEP 425): NULL, or why not, in
 * the arena: "it is for CPython 3.8 on macOS (cp38-cp38-macosx_11_0_arm64); this is CPython
 * 3.11 on linux x86_64". glibc's version is the running one's.
 */
const char *wheel_unfit(struct arena *arena, const struct wheel_name *n,
                        const struct python *py) NONNULL;

/* Where the parts of a wheel go: open folders of the world, and their paths for what is written
 * into files. */
struct wheel_scheme {
    int site;                /* purelib and platlib: site-packages */
    int bin;                 /* scripts */
    int headers;             /* include/site/pythonX.Y */
    int data;                /* the environment's root */
    const char *python;      /* for the first line of scripts: "/opt/venv/bin/python" */
    const struct python *py; /* what it is: names of folders, suffixes of extension modules */
};

struct wheel_limits {
    uint64_t bytes; /* unpacked, in all */
    uint32_t members;
};

/* An installed wheel. Everything lives in the arena. */
struct wheel_installed {
    const char **files; /* as RECORD names them, sorted: "click/__init__.py", "../../../bin/x" */
    size_t files_n;
    const char **modules; /* import roots, in the order in which they are to be imported */
    size_t modules_n;
    const char **submodules; /* every other importable module, sorted */
    size_t submodules_n;
    bool has_sitecustomize, has_usercustomize, has_pth;
};

typedef void wheel_event_fn(void *user, const struct watch_event *e);

/*
 * Unpacks the wheel in bytes (hostile) into the scheme and lists what can be imported. n is
 * what its file is called. Nothing is followed that a wheel could have made, no folder is
 * entered through a link. What pip refuses ends it, and so do two members of one name, an
 * encrypted or broken member, two readings of the zip. What pip takes, and what is not as
 * RECORD says, is told as EVENT_INSTALL (subject: path, detail: what), up to WHEEL_TOLD_MAX.
 * It does what pip does otherwise: .data/ schemes, console_scripts and gui_scripts,
 * "#!python" lines, INSTALLER, REQUESTED, RECORD. Writes no byte-code. Uses a second thread
 * where there are two processors. PRATIQUE_OK; E_FORMAT (err: member and reason, offset in
 * bytes), E_LIMIT (nothing was written), E_IO, E_NOMEM.
 */
#define WHEEL_TOLD_MAX 200
enum pratique_status
wheel_install(struct span bytes, const struct wheel_name *n, const struct wheel_scheme *scheme,
              const struct wheel_limits *limits, struct arena *arena, struct wheel_installed *out,
              wheel_event_fn *tell, void *user, struct pratique_error *err)
    __attribute__((nonnull(2, 3, 4, 5, 6, 7, 9)));

/*
 * What to import, by the names of the files (pure): every top-level module and package
 * (extension modules with any of the interpreter's suffixes, and abi3), in namespace packages
 * (folders without __init__) each first real module or package further down; the modules of
 * entry points; not "*-info", "*.data", "__pycache__", nor names that no import can spell.
 * Sorted by depth, then name; duplicates dropped.
 */
bool wheel_modules(struct wheel_installed *w, struct arena *arena, const struct python *py,
                   struct span entry_points) NONNULL MUST_CHECK;

#endif
