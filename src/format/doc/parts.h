/* How a tree lies in memory. Private to doc/. */
#ifndef PRATIQUE_FORMAT_DOC_PARTS_H
#define PRATIQUE_FORMAT_DOC_PARTS_H

#include "format/doc/doc.h"

#define DOC_LENGTH_MASK ((1u << 30) - 1)
#define DOC_NODE_MASK   ((1u << 28) - 1) /* as an id: no value */

/* Flags that only the builder knows, beside enum doc_flag. */
#define DOC_TEXT_SIDE (1u << 8) /* the text lies in d->side */
#define DOC_KEY_SIDE  (1u << 9)
#define DOC_KEYED     (1u << 10) /* a key was put for the value to come */

/*
 * Values lie in the order of the file, so the first child of a container is the value behind it.
 * While a container is open, its next is its last child so far.
 */
struct doc_node {
    uint32_t at : 30, text_side : 1, key_side : 1; /* the text; a container's bracket */
    uint32_t n : 30, escaped : 1, key_escaped : 1; /* of the text; of a container's children */
    uint32_t key : 30, duplicate : 1, key_odd : 1; /* the key's text */
    uint32_t key_n : 30, tagged : 1, has_key : 1;  /* its length */
    uint32_t next : 28, kind : 4;                  /* enum doc_kind */
    uint32_t parent;
};

struct doc_tagged {
    doc_id id;
    uint32_t at, n; /* in side */
};

/* A place in the table of an object's keys. */
struct doc_slot {
    uint32_t id : 28; /* 0: free. The root is no member. */
    uint32_t hash : 4;
};

struct doc_cursor {
    size_t at, line_start;
    uint32_t line;
};

/* Stops the building: the first reason counts; "" with E_LIMIT: the budget's. Returns false. */
bool doc_stop(struct doc *d, enum pratique_status status, uint64_t offset, const char *why) NONNULL;

/* Adds a value whose text is at..at+n of the input, or of side with DOC_TEXT_SIDE. */
bool doc_add(struct doc *d, enum doc_kind kind, size_t at, size_t n,
             unsigned flags) NONNULL MUST_CHECK;

/* Copies text to side; *at is where. */
bool doc_keep(struct doc *d, struct span text, size_t *at) NONNULL MUST_CHECK;

/* Room for need items of item bytes in *p, of *size now. False: no memory. */
bool doc_room(struct doc *d, void **p, size_t *size, size_t need, size_t item) NONNULL MUST_CHECK;

/* The text as it is written: with its escapes. */
struct span doc_raw_text(const struct doc *d, const struct doc_node *node) NONNULL;
struct span doc_raw_key(const struct doc *d, const struct doc_node *node) NONNULL;

/* Whether a member has that key, however it is written. */
bool doc_is_key(const struct doc *d, doc_id id, struct span key) NONNULL;

/* JSON's escapes resolved into out, of raw.n bytes or more; returns the length. */
size_t doc_unescape(struct span raw, uint8_t *out) NONNULL;

/* Marks the members of an object whose key an earlier one has. */
bool doc_mark_duplicates(struct doc *d, doc_id object) NONNULL MUST_CHECK;

/*
 * The member of that key of the object whose table is still there (d->indexed): DOC_NONE when there
 * is none.
 */
doc_id doc_index_get(const struct doc *d, struct span key) NONNULL MUST_CHECK;

/*
 * Decodes UTF-16 and UTF-32, as Python's json tells them apart, to UTF-8 in d->decoded, and makes
 * that d->in; cuts UTF-8's byte order mark off *rest. False: E_FORMAT or no memory (doc_stop()).
 */
bool doc_decode(struct doc *d, size_t *start) NONNULL MUST_CHECK;

#endif
