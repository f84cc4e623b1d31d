/*
 * Messages of Protocol Buffers that belong to TensorFlow, read field by field. The first fault
 * ends every loop: a reader checks w->st once, when it is done. Groups, which none of these
 * messages has, are skipped with what is in them, as the library does.
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_WIRE_H
#define PRATIQUE_FORMAT_TENSORFLOW_WIRE_H

#include "format/format.h"
#include "format/protobuf/protobuf.h"

struct tf_wire {
    struct scan *s;
    struct span whole; /* the file: offsets are in it */
    bool placeless;    /* whole was made from a text: offsets say nothing */
    const char *what;  /* "graph": begins the reason of a failure */
    enum pratique_status st;
    uint64_t fields; /* read so far */
};

/* Cuts the next field off; false at the end, or after a fault. */
bool tf_next(struct tf_wire *w, struct span *in, struct pb_field *f) NONNULL MUST_CHECK;

/* Where a part of the file lies, or PRATIQUE_NO_OFFSET. */
uint64_t tf_at(const struct tf_wire *w, struct span part) NONNULL;

/* Records a failure, unless there is one; E_LIMIT with the budget's words. */
void tf_fail(struct tf_wire *w, enum pratique_status st, struct span at, const char *why) NONNULL;

/* The first body of that number, within the first 64 fields: for telling what a message is. */
struct span tf_first(struct span in, uint64_t number);

/*
 * A text or bytes that a graph carries: handed on as a file when it begins like a pickle, an
 * archive, a program, or Python source. name: of the node, for the report.
 */
void tf_content(struct tf_wire *w, struct span content, struct span name) NONNULL;

/*
 * Texts of a constant that are in one body of bytes: their lengths, then the texts. Cuts the next
 * one off; false at the end, or when the body is none. lengths and texts begin as the same body,
 * and tf_texts_begin() parts them.
 */
bool tf_texts_begin(struct span *lengths, struct span *texts) NONNULL MUST_CHECK;
bool tf_texts_next(struct span *lengths, struct span *texts, struct span *text) NONNULL MUST_CHECK;

#endif
