/*
 * What is planted in a world: the hook library (hook/hook.c), the native canary made of it, the
 * runner (runner.py) and what compiles before it (compiler.py). They are part of the program;
 * nothing is looked for on the disk.
 */
#ifndef PRATIQUE_WATCH_HOOKLIB_H
#define PRATIQUE_WATCH_HOOKLIB_H

#include "base/arena.h"
#include "input/span.h"

/* The shared object for /etc/ld.so.preload (or LD_PRELOAD). Static bytes. */
struct span hook_library(void);

/*
 * A shared object of this machine that tells its token, 24 hexadecimal digits (the first
 * CANARY_TOKEN_N of token count; not all zeros), when it is loaded: by HOOK_CANARY, and
 * nothing else. New bytes in the arena. False without memory, or when token is none.
 */
bool hook_canary(struct arena *arena, const char *token, struct span *out) NONNULL MUST_CHECK;

/* The program that the watched interpreter runs (main.py). Static bytes. */
struct span runner_source(void);

/* The program that compiles what will be imported, as a text that ends with NUL. */
const char *compiler_source(void);

#endif
