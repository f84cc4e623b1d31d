/*
 * What gate and worker say to each other, over a stream socket. Numbers are
 * little-endian; texts are a 16-bit length and that many bytes.
 *
 *   job     magic, id, size (u64), flags, name; the file's descriptor beside it
 *   frame   magic, id, length; then length bytes: an answer to job id, or, with
 *           id WIRE_HELLO, the layers of the worker's lock-down
 *   answer  records: 'W' where, 'F' fact, and at the end 'E' end
 *   where   parent (u32: 0 for none, else 1 + the parent's place), name
 *   fact    kind (u16), flags, where (u32, as parent), offset (u64), line, column,
 *           count (u64), number (u64), subject, detail, refs_n, and as many refs,
 *           but FACT_REFS_MAX at the most
 *   end     flags, work (u64), time in microseconds (u64), omitted reads (u64),
 *           SHA-256 (32 bytes), format
 *
 * The gate reads answers as hostile input: a worker may have been taken over.
 */
#ifndef PRATIQUE_SCAN_WIRE_H
#define PRATIQUE_SCAN_WIRE_H

#include "base/buf.h"
#include "base/sha256.h"
#include "fact/fact.h"
#include "sandbox/sandbox.h"

#define WIRE_MAGIC      0x31515250u /* "PRQ1" */
#define WIRE_HELLO      0xffffffffu
#define WIRE_NAME_MAX   4096
#define WIRE_JOB_HEAD   24
#define WIRE_FRAME_HEAD 12
#define WIRE_ANSWER_MAX ((size_t)64 * 1024 * 1024)
/* Places of an answer's wheres: as many as facts can need, and far more than they do. */
#define WIRE_WHERES_MAX ((size_t)FACT_MAX * 16)

enum wire_job_flag {
    WIRE_JOB_SHA256 = 1,
    WIRE_JOB_VALUES = 2,
    WIRE_JOB_PACKAGES = 4,     /* wheels and sdists are put together */
    WIRE_JOB_ALL_PACKAGES = 8, /* and every archive, and every source by itself */
    WIRE_JOB_NUMBERS = 16,     /* a model beside it says that all of it is numbers */
};

struct wire_job {
    uint32_t id;
    uint32_t flags;
    uint64_t size;   /* of the file, as the gate found it */
    uint32_t name_n; /* bytes that follow the head */
};

enum wire_end_flag {
    WIRE_END_FULL = 1,   /* facts were lost */
    WIRE_END_SHA256 = 2, /* there is a hash */
};

struct wire_end {
    uint32_t flags;
    uint64_t work, time_us;
    uint8_t sha256[SHA256_BYTES];
    const char *format; /* of a decoded one: in the arena, printable */
};

/* Writes the head of a job to out; the name follows it. */
void wire_put_job(uint8_t out[WIRE_JOB_HEAD], const struct wire_job *job) NONNULL;
bool wire_take_job(struct span in, struct wire_job *job) NONNULL MUST_CHECK;

/* Starts a frame in an empty buf; wire_seal() writes its length once the body is there. */
void wire_frame(struct buf *out, uint32_t id) NONNULL;
void wire_seal(struct buf *out) NONNULL;
/* Reads the head of a frame; false when it is none. *n is at most WIRE_ANSWER_MAX. */
bool wire_take_frame(struct span in, uint32_t *id, uint32_t *n) NONNULL MUST_CHECK;

/* Appends the layers; and reads them, false on nonsense. */
void wire_put_hello(struct buf *out, const struct sandbox_layer *layers) NONNULL;
bool wire_take_hello(struct span in, struct sandbox_layer *layers) NONNULL MUST_CHECK;

/*
 * Appends an answer. What does not fit is left out and told by WIRE_END_FULL;
 * false only when there is no memory even for that.
 */
bool wire_put_answer(struct buf *out, const struct facts *facts,
                     const struct wire_end *end) NONNULL MUST_CHECK;

/*
 * Reads an answer into facts (initialised, empty) and *end. The outermost file
 * is called name, whatever the worker says. PRATIQUE_OK; E_FORMAT: it is
 * nonsense, *why says what (static text); E_NOMEM.
 */
enum pratique_status wire_take_answer(struct span in, struct span name, struct facts *facts,
                                      struct wire_end *end, const char **why) NONNULL MUST_CHECK;

#endif
