/*
 * Documents: a tree of values, whatever they are written in: JSON, YAML, MessagePack, UBJSON.
 * Readers of models (Keras, tokenizers, XGBoost, indexes of shards) look at one tree and need
 * not know the notation. A tree is compact (some 24 bytes a value, texts stay in the input), so
 * that the tokenizer of a large model costs less memory than it is long.
 *
 * Nothing is lost: a key given twice is two values, marked; both are looked at. Depth is bounded
 * without recursion. Values are numbered; 0 is the root, DOC_NONE is no value.
 *
 * JSON is read as Python's json module reads it (RFC 8259, and NaN, Infinity, -Infinity; a byte
 * order mark; UTF-8, UTF-16 and UTF-32); what it refuses is refused, with the offset.
 */
#ifndef PRATIQUE_FORMAT_DOC_DOC_H
#define PRATIQUE_FORMAT_DOC_DOC_H

#include "format/format.h"

typedef uint32_t doc_id;
#define DOC_NONE UINT32_MAX

enum doc_kind {
    DOC_NULL,
    DOC_FALSE,
    DOC_TRUE,
    DOC_NUMBER, /* its text is the literal: "1e5", "NaN" */
    DOC_STRING,
    DOC_BYTES, /* MessagePack's bin and ext, UBJSON's typed arrays: text is the raw bytes */
    DOC_ARRAY,
    DOC_OBJECT,
    DOC_ALIAS, /* YAML's *name: text is the name. It is not followed. */
};

enum doc_flag {
    DOC_ESCAPED = 1 << 0, /* the text has escapes: doc_text() resolves them */
    DOC_KEY_ESCAPED = 1 << 1,
    DOC_DUPLICATE = 1 << 2, /* an earlier member of the object has the same key */
    DOC_KEY_ODD = 1 << 3,   /* MessagePack, YAML: the key was no string; its text is its literal */
};

struct doc_node;
struct doc_tagged;
struct doc_slot;
struct doc_cursor;

struct doc {
    struct scan *s;
    struct span in;         /* what it was read from; offsets are in it */
    bool exact;             /* in is the file's bytes; false: in was decoded (UTF-16) */
    const char *notation;   /* "JSON", "YAML", ... */
    struct doc_node *nodes; /* of scan_map() */
    size_t n, size;
    uint8_t *side; /* texts that are not in the input as they are; of scan_map() */
    size_t side_n, side_size;
    struct doc_tagged *tags; /* of scan_map(), in the order of their values */
    size_t tags_n, tags_size;
    bool odd_escapes; /* JSON: a printable character of ASCII was written "\\u00.." */
    uint8_t *decoded; /* in, when it was decoded; of scan_map() */
    size_t decoded_size;
    uint32_t line;             /* of the first byte of in, from 1; 0: the notation has no lines */
    struct doc_cursor *cursor; /* where the last line was counted to; NULL: nowhere */
    /* While a tree is built: the open containers, the key to come, what went wrong. */
    doc_id *open;
    size_t depth, depth_size;
    struct doc_slot *slots; /* for finding keys given twice */
    size_t slots_size;
    doc_id indexed;    /* the large object whose keys are in the table, each once; or DOC_NONE */
    size_t index_mask; /* of that table */
    uint32_t key, key_n;
    unsigned key_flags;
    enum pratique_status status;
    bool too_deep; /* why it was refused */
};

/* Deeper is E_FORMAT: Python's reader gives up there too, and no model is. */
#define DOC_DEPTH_MAX 1000
/* More bytes than that are not made a tree of; E_LIMIT. Nodes and texts are counted in 32 bits. */
#define DOC_BYTES_MAX ((size_t)1 << 30)

/*
 * Reads in as JSON, or as YAML (every document of the stream: the root is then an array of them
 * when there is more than one). E_FORMAT with the offset and reason (scan_fail()), E_LIMIT,
 * E_NOMEM. doc_free() in every case.
 */
enum pratique_status doc_json(struct doc *d, struct scan *s, struct span in) NONNULL MUST_CHECK;
enum pratique_status doc_yaml(struct doc *d, struct scan *s, struct span in) NONNULL MUST_CHECK;
void doc_free(struct doc *d) NONNULL;

/* Whether in starts as a JSON object or array; blanks and a byte order mark are skipped. Cheap. */
bool doc_looks_like_json(struct span in);

/* Looking around. Ids out of range, DOC_NONE included, are null values without children. */
enum doc_kind doc_kind(const struct doc *d, doc_id id);
unsigned doc_flags(const struct doc *d, doc_id id);
doc_id doc_first(const struct doc *d, doc_id id);    /* child, or DOC_NONE */
doc_id doc_next(const struct doc *d, doc_id id);     /* sibling, or DOC_NONE */
doc_id doc_parent(const struct doc *d, doc_id id);   /* DOC_NONE of the root */
uint32_t doc_count(const struct doc *d, doc_id id);  /* of children */
uint64_t doc_offset(const struct doc *d, doc_id id); /* of the value's first byte in d->in */
/* Line and column (bytes, from 1); linear in the offset: for findings alone. */
void doc_place(const struct doc *d, doc_id id, uint32_t *line, uint32_t *column);

/* Where a finding about it points to: the offset, when it is one of the file. */
uint64_t doc_where(const struct doc *d, doc_id id);

/* Text of a string, number, bytes, alias; escapes resolved in the scan's arena, lone surrogates as
 * they come (three bytes). Empty for others. */
struct span doc_text(const struct doc *d, doc_id id);
struct span doc_key(const struct doc *d, doc_id id); /* of a member of an object; else empty */
/* The key in buf or in the input; empty when it is longer than a name that a loader knows. */
#define DOC_NAME_MAX 64
struct span doc_name(const struct doc *d, doc_id id, uint8_t buf[DOC_NAME_MAX]);
struct span doc_tag(const struct doc *d, doc_id id); /* YAML's, resolved; ext's type "ext:42" */

/* The last member of that key (what Python takes), or DOC_NONE. Linear in the members, but for the
 * root: that is asked by every reader, and cheap. */
doc_id doc_get(const struct doc *d, doc_id object, const char *key);
/* Its text when it is a string; else empty. */
struct span doc_get_text(const struct doc *d, doc_id object, const char *key);
bool doc_is(const struct doc *d, doc_id id, const char *text); /* a string with that text */

/* The next value in the order of the file, children before siblings; DOC_NONE at the end. */
doc_id doc_walk(const struct doc *d, doc_id id);

/* Adds a fact about a value: with offset, line and column of it. */
void doc_fact(const struct doc *d, enum fact_kind kind, doc_id id, struct span subject,
              struct span detail) NONNULL;

/*
 * For readers of other notations (MessagePack, UBJSON): start, then values in the order of the
 * file. d->line is 1 after doc_begin(): set it to 0 where there are no lines, or to another line.
 * A text inside d->in is referred to, any other is copied. False: past a limit or without
 * memory; doc_end() says which, and checks that every container was closed.
 */
void doc_begin(struct doc *d, struct scan *s, struct span in, const char *notation) NONNULL;
/* The key of the value that follows. */
bool doc_put_key(struct doc *d, struct span key, unsigned flags) MUST_CHECK;
bool doc_put(struct doc *d, enum doc_kind kind, uint64_t offset, struct span text,
             unsigned flags) MUST_CHECK;
bool doc_put_tag(struct doc *d, struct span tag) MUST_CHECK; /* of the value put last */
bool doc_open(struct doc *d, enum doc_kind kind, uint64_t offset) MUST_CHECK;
bool doc_close(struct doc *d, uint64_t offset) MUST_CHECK;
enum pratique_status doc_end(struct doc *d) NONNULL MUST_CHECK;

/*
 * What documents can be. Every reader that matches is run; a new kind of document is one row in
 * readers.c. name is the format in the report ("keras config"); NULL: the reader adds none.
 */
struct doc_reader {
    const char *name;
    bool (*matches)(const struct doc *d);
    enum pratique_status (*tell)(const struct doc *d);
};

/*
 * Runs the readers over a document, and what is told of every one (names of code, duplicate keys
 * where a loader acts on them). *name (may be NULL): the first reader's that has one.
 */
enum pratique_status doc_tell(const struct doc *d, const char **name) MUST_CHECK
    __attribute__((nonnull(1)));

#endif
