/* A writer of JSON (RFC 8259): keys in the order they are given, two spaces a level. */
#ifndef PRATIQUE_REPORT_JSON_H
#define PRATIQUE_REPORT_JSON_H

#include "report/out.h"

struct json {
    struct out *out;
    unsigned depth;
    uint32_t filled; /* bit d: the container at depth d has an element */
};

/* Each takes the key inside an object, and NULL inside an array or at the top. */
void json_open(struct json *j, const char *key, char bracket) __attribute__((nonnull(1)));
void json_close(struct json *j, char bracket) NONNULL;
void json_put_string(struct json *j, const char *key, const char *s) __attribute__((nonnull(1, 3)));
void json_number(struct json *j, const char *key, uint64_t n) __attribute__((nonnull(1)));
void json_bool(struct json *j, const char *key, bool b) __attribute__((nonnull(1)));
void json_put_null(struct json *j, const char *key) __attribute__((nonnull(1)));

/* A URI of the path s; see out_uri(). */
void json_uri(struct json *j, const char *key, const char *s) __attribute__((nonnull(1, 3)));

/* What another writer left in text, as it is. */
void json_raw(struct json *j, const char *key, const struct out *text)
    __attribute__((nonnull(1, 3)));

#endif
