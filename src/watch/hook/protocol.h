/*
 * What a watched process tells its supervisor of its own accord: the audit hook (hook.c,
 * loaded into every process by the dynamic linker), the runner, a native canary. It is a
 * call of prctl(2) with a number that no kernel knows; the seccomp filter hands it over,
 * the supervisor copies the record, and answers 0. A process may lie here: what is told
 * says who did a thing, never whether it was done.
 *
 *   prctl(HOOK_CALL, op, record, bytes)
 */
#ifndef PRATIQUE_WATCH_HOOK_PROTOCOL_H
#define PRATIQUE_WATCH_HOOK_PROTOCOL_H

#include <stdint.h>

#define HOOK_CALL       0x50525451 /* "PRTQ" */
#define HOOK_RECORD_MAX 6144

enum hook_op {
    /* The hook is in place in a Python process. Record: version text ("3.11.7 (main, ...)"). */
    HOOK_HELLO = 1,
    /*
     * An audit event is about to be acted on. Record: texts, each ended by NUL: the event's
     * name ("socket.connect"), its arguments as far as they are text or small numbers, at most
     * four ("" for others), then the frames, innermost first, "FILE:LINE FUNCTION", at most 24.
     */
    HOOK_AUDIT = 2,
    /* Of the runner, by sys.audit("pratique.mark", text): "begin MODULE", "end MODULE\0EXCEPTION",
     * "startup\0VERSION", "done". Record: that text. */
    HOOK_MARK = 3,
    /* A native canary was loaded. Record: its token. */
    HOOK_CANARY = 4,
    /*
     * A program starts, of whatever kind. Record: the address of its struct hook_clock, eight
     * bytes. The supervisor fills it in before it answers, and again whenever it ends a sleep
     * early: what the program then reads of its clocks is that much later.
     */
    HOOK_CLOCK = 5,
};

#define HOOK_CLOCK_MAGIC 0xc10c5a1dbef0e7a1u

/* Where the world's time is kept in each process. Forked children have it at the same address. */
struct hook_clock {
    uint64_t magic;    /* so that nothing else is ever written to */
    uint64_t ahead_ns; /* of the kernel's clocks; grows, and is atomic */
};

#endif
