/*
 * JSON that must be what it should be to the letter: no duplicate keys, nothing behind its end,
 * strings where strings belong. Each function that finds a fault tells it (told.h).
 */
#ifndef PRATIQUE_TRUST_STRICT_H
#define PRATIQUE_TRUST_STRICT_H

#include <jansson.h>

#include "trust/sign/told.h"

/* The object that the bytes are; NULL: a fault. json_decref(). */
json_t *strict_read(struct span in, const char *what, struct buf *out) NONNULL MUST_CHECK;

/* Whether every key of the object is one of names (ends with NULL). what: "the bundle". */
bool strict_keys(const json_t *object, const char *const *names, const char *what,
                 struct buf *out) NONNULL MUST_CHECK;

/* A value of the object that has to be there; NULL: a fault. */
const json_t *strict_object(const json_t *object, const char *key, struct buf *out) NONNULL;
const json_t *strict_array(const json_t *object, const char *key, struct buf *out) NONNULL;
bool strict_text(const json_t *object, const char *key, struct span *text,
                 struct buf *out) NONNULL MUST_CHECK;
/* The same where it may be absent or null: text is then empty. */
bool strict_text_if(const json_t *object, const char *key, struct span *text,
                    struct buf *out) NONNULL MUST_CHECK;

/* Absent, null, or a list without anything in it; the other one: or an object of such lists. */
bool strict_is_empty_list(const json_t *value);
bool strict_is_empty(const json_t *value);

struct span strict_span(const json_t *string) NONNULL;

/* Appends the text as a JSON string, in ASCII. False where it is no UTF-8. */
bool strict_put(struct buf *out, struct span text) NONNULL;

#endif
