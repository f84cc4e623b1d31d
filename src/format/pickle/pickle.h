/*
 * The pickle machine, as its containers use it. See machine.c.
 */
#ifndef PRATIQUE_FORMAT_PICKLE_PICKLE_H
#define PRATIQUE_FORMAT_PICKLE_PICKLE_H

#include "format/format.h"

/* A storage that a torch pickle names by persistent id. Spans borrow from the input. */
struct pickle_storage {
    struct span type; /* "torch.FloatStorage" */
    struct span key;  /* "0", or a legacy storage's cdata */
    uint64_t numel;   /* elements */
};

struct pickle_options {
    bool torch;  /* persistent ids name storages: PICKLE_PERSID facts for others only */
    bool joblib; /* arrays lie behind their NumpyArrayWrapper: skip them exactly */
    void (*on_storage)(void *user, const struct pickle_storage *storage); /* may be NULL */
    void (*on_text)(void *user, struct span text); /* each constant string pushed; may be NULL */
    void *user;
};

struct pickle_end {
    uint64_t consumed; /* bytes up to and with STOP, or up to where it failed */
    uint64_t opcodes;
    unsigned protocol;
    bool stop;   /* STOP was reached */
    bool magic;  /* the result is torch's magic number 0x1950a86a20f9469cfc6c */
    bool is_int; /* the result is a non-negative int that fits: top_int */
    uint64_t top_int;
};

/*
 * Runs one pickle at the front of in, never executing it, and adds what it saw
 * to the facts, with offsets counted from base. PRATIQUE_OK when STOP was
 * reached, E_FORMAT when CPython would raise on the way (the facts tell what ran
 * before), E_LIMIT, E_NOMEM; *end is filled in every case.
 */
enum pratique_status pickle_run(struct scan *s, struct span in, uint64_t base,
                                const struct pickle_options *options, struct pickle_end *end);

/*
 * Whether in begins with a pickle that is worth a report: it starts with PROTO,
 * or it reaches STOP, or it calls something before it fails. Adds no facts.
 */
bool pickle_looks_like(struct span in);

/*
 * The same without trust in a first PROTO: the opcodes, walked but not run, keep to
 * the grammar until STOP, or until something was named and called.
 */
bool pickle_walks(struct span in);

/* And how many bytes that took. */
bool pickle_walk(struct span in, size_t *walked) __attribute__((nonnull(2)));

/* How far the walk goes: what has kept to the grammar so long is a pickle. */
#define PICKLE_WALK_MAX ((size_t)65536)

extern const struct format format_pickle;

#endif
