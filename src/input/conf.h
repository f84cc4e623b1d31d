/*
 * Files in which people say what they want (policies, trust): YAML 1.1 by libyaml's events, held to
 * one shape. Anchors, aliases and tags are refused, and keys that nobody knows. The first failure
 * stays, with line and column; after it every function here returns false.
 */
#ifndef PRATIQUE_INPUT_CONF_H
#define PRATIQUE_INPUT_CONF_H

#include <pratique/pratique.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "input/span.h"

struct conf {
    const char *path;    /* borrowed; for messages */
    struct arena *arena; /* texts are copied into it */
    size_t text_max;     /* bytes of one value */
    struct pratique_error *err;
    enum pratique_status status; /* the first failure */
    yaml_parser_t parser;
    yaml_event_t event; /* the latest */
    bool has_event;
};

/* A value, copied into the arena, and where it stands. */
struct conf_text {
    const char *text;
    yaml_mark_t at;
};

/* Begins to read bytes (borrowed); the first four members are set. conf_end() unless it fails. */
bool conf_begin(struct conf *c, struct span bytes) NONNULL MUST_CHECK;
void conf_end(struct conf *c) NONNULL;

/* Says what is wrong at a place; false, so that it is one line. */
bool conf_wrong(struct conf *c, yaml_mark_t at, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);
bool conf_no_memory(struct conf *c) NONNULL;

/* The next event, of any type or of one; should: "a list of keys". */
bool conf_next(struct conf *c) NONNULL;
bool conf_next_is(struct conf *c, yaml_event_type_t type, const char *should) NONNULL;

/* The event at hand, or the next one, as a text that is not empty. */
bool conf_take(struct conf *c, struct conf_text *out, const char *should) NONNULL;
bool conf_next_text(struct conf *c, struct conf_text *out, const char *should) NONNULL;

/* The next key of the mapping at hand; false at its end, and on failure. */
bool conf_next_key(struct conf *c, struct conf_text *out) NONNULL;

/* Which of names the key is; names_n when it is none of them, or was seen before. */
size_t conf_known_key(struct conf *c, const struct conf_text *key, const char *const *names,
                      size_t names_n, unsigned *seen) NONNULL;

#endif
