/*
 * Where reports are written to: a buffer in front of the caller's function, and
 * the few shapes of text that every format needs. Nothing that came from an
 * artifact or from a file's name reaches the output unescaped.
 */
#ifndef PRATIQUE_REPORT_OUT_H
#define PRATIQUE_REPORT_OUT_H

#include <pratique/pratique.h>

#include "base/buf.h"

struct out {
    struct buf buf;
    pratique_write_fn *write; /* NULL: everything stays in buf */
    void *user;
    enum pratique_status status; /* the first failure; from then on nothing is written */
};

void out_init(struct out *o, pratique_write_fn *write, void *user) __attribute__((nonnull(1)));
void out_free(struct out *o) NONNULL;

/* Hands the buffer to the caller's function; returns o->status. */
enum pratique_status out_flush(struct out *o) NONNULL;

/* The same, once the buffer has grown large. */
void out_relieve(struct out *o) NONNULL;

void out_puts(struct out *o, const char *s) NONNULL;
void out_printf(struct out *o, const char *fmt, ...) NONNULL PRINTF_LIKE(2, 3);

/*
 * s with what must not reach a terminal escaped as \n, \x1b, \u202e (bytes that
 * are no UTF-8: \xff). A backslash stays as it is.
 */
void out_printable(struct out *o, const char *s) NONNULL;

/* s as a JSON string, quotes included; made printable first. */
void out_json_string(struct out *o, const char *s) NONNULL;

/* s as text or a quoted attribute's value in HTML; made printable first. */
void out_html(struct out *o, const char *s) NONNULL;

/* s as the path of a URI: "file:///a%20b" when it is absolute, else relative. */
void out_uri(struct out *o, const char *s) NONNULL;

/* 1,204,000 */
void out_thousands(struct out *o, uint64_t n) NONNULL;

/* "1,204 bytes", "1.2 MB" */
void out_size(struct out *o, uint64_t bytes) NONNULL;

#endif
