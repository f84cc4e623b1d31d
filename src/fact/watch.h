/*
 * Facts of the watch: FACT_WATCH_* , one for each event (fact/events.def), with the event's
 * flags, subject, detail and number. refs are its frames, innermost first; where and line are
 * those of the innermost frame that lies in the wheel, else the wheel's own.
 */
#ifndef PRATIQUE_FACT_WATCH_H
#define PRATIQUE_FACT_WATCH_H

enum event_flag {
    EVENT_DENIED = 1 << 0,    /* the call was refused */
    EVENT_NATIVE = 1 << 1,    /* of a Python process, and no audit event announced it */
    EVENT_SUBMODULE = 1 << 2, /* while a module beyond the import roots was imported */

    /* Of paths (OPEN, UNLINK, ...) and programs (EXEC): where it lies. */
    PATH_HOME = 1 << 4,
    PATH_TMP = 1 << 5,    /* /tmp, /var/tmp, /dev/shm, /run */
    PATH_SITE = 1 << 6,   /* the environment that the wheel is installed in */
    PATH_DEVICE = 1 << 7, /* /dev/null and its kin */
    PATH_PROC = 1 << 8,   /* /proc, /sys */
    PATH_SYSTEM = 1 << 9, /* anywhere else: read-only */
    PATH_BAIT = 1 << 10,  /* a file that was planted */

    /* Of EXEC. */
    EXEC_WRITTEN = 1 << 11,     /* the program was written by the watched */
    EXEC_ARG_WRITTEN = 1 << 12, /* an argument names a file that was */
    EXEC_MEMFD = 1 << 13,       /* it has no name in the file system */
    EXEC_CANARY = 1 << 14,      /* it, or that argument, holds a canary */
    EXEC_MISSING = 1 << 15,     /* there is no such program */
    EXEC_SELF = 1 << 16,        /* the interpreter itself, or another of the environment */

    PATH_GRANTED =
        1 << 18, /* a folder that a command was given to write to; no address has a path */

    /* Of addresses. */
    NET_LOOPBACK = 1 << 17,
    NET_UNIX = 1 << 18,
    NET_UNSPECIFIED = 1 << 19, /* 0.0.0.0, :: */
    NET_DNS = 1 << 20,         /* the resolver that /etc/resolv.conf names */
    NET_NONE = 1 << 21, /* AF_UNSPEC: a disconnect; or a probe that sends nothing (UDP connect) */

    /* Of REQUEST, SENT. */
    REQUEST_TLS = 1 << 22,

    /* Of LEFT. */
    LEFT_NEW = 1 << 23,
    LEFT_CHANGED = 1 << 24,
    LEFT_GONE = 1 << 25,
    LEFT_EXECUTABLE = 1 << 26, /* mode, or ELF, or #! */
    LEFT_CANARY = 1 << 27,     /* holds a canary: what was fetched */
    LEFT_FOLDER = 1 << 28,
    LEFT_SPECIAL = 1 << 29, /* link, socket, fifo */

    /* Of OUTLIVES and EXEC. */
    OUTLIVES_SESSION = 1 << 30, /* it leads a session of its own */
};

#endif
