/*
 * A torch checkpoint as tensors, without running its pickle. The child (convert_child.c) reads:
 *
 *   convert_source.c   the file: zip or legacy; where the pickle and the storages lie
 *   convert_pickle.c   the pickle: bytes to plain values; nothing is called
 *   convert_tensor.c   a value that torch would make a tensor of: dtype, shape, strides, storage
 *   convert_walk.c     names for all of them, and what is no tensor
 *   convert_gather.c   their bytes, dense, in the order of safetensors
 *
 * and the parent (convert.c, convert_plan.c, convert_write.c) checks what it says and writes.
 * docs/CONVERT.md has the rules.
 */
#ifndef PRATIQUE_TRUST_CONVERT_H
#define PRATIQUE_TRUST_CONVERT_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "input/span.h"

enum dtype {
#define DTYPE(name, torch, storage, bytes, swapped) DTYPE_##name,
#include "trust/convert/convert_dtypes.def"
#undef DTYPE
    DTYPES /* none of them */
};

struct dtype_row {
    const char *name, *torch, *storage;
    unsigned bytes, swapped;
};
extern const struct dtype_row dtypes[DTYPES];

/* Of one tensor, and of a name; a header of safetensors has at most 100,000,000 bytes. */
#define CONVERT_DIMS_MAX   64u
#define CONVERT_NAME_MAX   65535u
#define CONVERT_HEADER_MAX ((size_t)100000000)

/* ---- convert_pickle.c ---- */

enum value_kind {
    VALUE_NONE,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_NUMBER, /* a float, or an int past 64 bits: nothing depends on which */
    VALUE_STR,
    VALUE_BYTES,
    VALUE_TUPLE,
    VALUE_LIST,
    VALUE_DICT, /* also OrderedDict and defaultdict; items: key, value, key, ... */
    VALUE_SET,
    VALUE_GLOBAL, /* text: "module.name" */
    VALUE_OBJECT, /* what calling a global would give */
    VALUE_PERSID, /* what a persistent id stands for */
};

/* Functions whose result is a tensor, or a dict. */
enum known {
    KNOWN_NOTHING = 0,
    KNOWN_DICT,
    KNOWN_DEFAULTDICT,
    KNOWN_TENSOR, /* _rebuild_tensor, _v2 */
    KNOWN_TENSOR_V3,
    KNOWN_PARAMETER,
    KNOWN_FROM_TYPE,
    KNOWN_SPARSE,
    KNOWN_QUANTIZED,
    KNOWN_NESTED,
    KNOWN_META,
    KNOWN_SUBCLASS,
    KNOWN_DEVICE,
    KNOWN_TENSOR_CLASS, /* torch.Tensor, Parameter, Buffer: of one of these it is a plain tensor */
};

/* An index into the list of values; 0: none. Likewise of cells. */
typedef uint32_t ref;

struct value {
    uint8_t kind;  /* enum value_kind */
    uint8_t known; /* of a global: enum known */
    bool sealed;   /* a dict that was an argument: it must not change any more */
    bool open;     /* it is being walked: it must not be met again */
    uint32_t n;    /* bytes of text, items of a container */
    union {
        const uint8_t *text; /* in the pickle or in the arena */
        int64_t number;
        struct {
            ref first, last; /* cells */
        } items;
        struct {
            ref callee, args;
        } made;
        ref id;
    } u;
    ref state; /* what BUILD gave it, the last time */
};
struct cell {
    ref value, next;
};

struct values {
    struct span in; /* the pickle, and what follows it */
    struct arena text;
    struct value *values;
    struct cell *cells;
    ref *stack, *marks, *memo;
    size_t values_n, values_size, cells_n, cells_size, stack_n, stack_size, marks_n, marks_size,
        memo_n, memo_size, memo_used;
    ref top;
    uint64_t consumed; /* bytes of the pickle */
    uint64_t off;      /* of the opcode that runs, or that failed */
    const char *fault; /* static; NULL: none */
    bool exhausted;    /* it is memory that there is not enough of */
};

/* Reads the pickle at the front of in; false: fault and off say why. values_free() in each case. */
bool values_read(struct values *v, struct span in) NONNULL MUST_CHECK;
void values_free(struct values *v) NONNULL;

static inline struct value *value_at(const struct values *v, ref r)
{
    return &v->values[r < v->values_n ? r : 0];
}
static inline struct span value_text(const struct value *x)
{
    return span_of(x->u.text, x->n);
}

/* The items of a container, one by one: start with at = items.first. */
static inline bool items_next(const struct values *v, ref *at, ref *item)
{
    if (*at == 0 || *at >= v->cells_n)
        return false;
    *item = v->cells[*at].value;
    *at = v->cells[*at].next;
    return true;
}

/* ---- the checkpoint ---- */

/* A storage as it lies in the file. */
struct blob {
    struct span key;
    uint64_t at, csize; /* in the file */
    uint64_t bytes;     /* of the storage */
    uint32_t crc;
    bool deflated;
};

enum tensor_flag { TENSOR_CONJUGATE = 1, TENSOR_NEGATIVE = 2 };

struct tensor {
    struct span name;
    enum dtype dtype;
    unsigned flags; /* enum tensor_flag */
    uint32_t dims;
    const uint64_t *shape, *stride; /* of torch, in elements */
    uint32_t blob;                  /* its index; UINT32_MAX: it has no bytes */
    uint64_t start, end;            /* the part of the blob that it lies in; empty: both 0 */
    uint64_t bytes;                 /* dense */
    bool dense;                     /* they lie in the blob like that */
    bool overlaps;                  /* with another one that is written */
    bool same;                      /* as another one, which is written in its place: */
    struct span same_as;
};

/* What is told of an entry while the checkpoint is read. */
struct convert_note {
    struct span name;
    enum dtype dtype; /* DTYPES: it is no tensor */
    uint64_t bytes;
    bool left_out;
    const char *what; /* "" : written */
};
typedef void convert_note_fn(void *user, const struct convert_note *note);

struct checkpoint {
    struct span file;
    bool mapped; /* its pages can be given back */
    convert_note_fn *on_note;
    void *user;

    struct values values;
    bool big_endian;
    struct blob *blobs; /* sorted by key */
    size_t blobs_n, blobs_size;
    uint8_t *pickle_bytes; /* inflated; owned */

    struct arena arena; /* names and shapes */
    struct tensor *tensors;
    size_t tensors_n, tensors_size;
    struct buf path;          /* the name at hand */
    uint64_t visited, header; /* values met; bytes that the header will have at least */

    struct pratique_error error;
};

/*
 * Reads file up to a list of tensors: those written first, in the order of safetensors, then
 * those that are the same as one of them. Everything that is no tensor, or cannot be written, goes
 * to on_note. False: error says why. checkpoint_free() in each case.
 */
bool checkpoint_read(struct checkpoint *c, struct span file, bool mapped, convert_note_fn *on_note,
                     void *user) __attribute__((nonnull(1, 4))) MUST_CHECK;
void checkpoint_free(struct checkpoint *c) NONNULL;

/* Sets the error; false. */
bool checkpoint_fail(struct checkpoint *c, enum pratique_status status, uint64_t off,
                     const char *fmt, ...) NONNULL PRINTF_LIKE(4, 5);
/* Gives pages of the file back that were read: they count as ours as long as they are mapped. */
void checkpoint_forget(const struct checkpoint *c) NONNULL;
/* Doubles *p of size things of each bytes where n are taken; false: the error is set. */
bool checkpoint_grow(struct checkpoint *c, void **p, size_t *size, size_t n, size_t each) NONNULL;

/* convert_source.c: fills values and blobs. */
bool source_read(struct checkpoint *c) NONNULL MUST_CHECK;
/* The storage with this key; UINT32_MAX: there is none. */
uint32_t source_find(const struct checkpoint *c, struct span key) NONNULL;

/* convert_tensor.c. */
enum tensor_is {
    TENSOR_NOT,    /* it is something else */
    TENSOR_OK,     /* *out is one */
    TENSOR_CANNOT, /* it is one that safetensors does not have: *why */
    TENSOR_BROKEN, /* the error is set */
};
enum tensor_is tensor_of(struct checkpoint *c, ref r, struct tensor *out, const char **why) NONNULL;
/* The dtype of a storage's bytes, by its type ("torch.FloatStorage"): bytes of an element, 0: none.
 */
unsigned tensor_storage_type(struct span type, enum dtype *dtype) NONNULL;
/* The parts of a persistent id ("storage", type, key, location, count[, view]); false: it is none.
 */
struct storage_id {
    struct span type, key, location;
    uint64_t count;
    bool is_view;
    uint64_t view_from, view_count;
};
bool tensor_storage_id(const struct values *v, ref persid, struct storage_id *out) NONNULL;

/* convert_walk.c: names everything, and sorts. */
bool walk_all(struct checkpoint *c) NONNULL MUST_CHECK;

/* ---- convert_gather.c ---- */

/* The bytes of one tensor after the other, as safetensors wants them. */
struct gather {
    struct checkpoint *c;
    const struct tensor *t;
    uint64_t done; /* bytes of it */
    uint8_t *tile; /* crosswise: so much is put together at a time */
    size_t tile_size, tile_n, tile_at;
    uint32_t axis;     /* strided: what lies behind this dimension goes into one piece */
    uint64_t rest;     /* elements behind it */
    uint64_t touched;  /* of the file since its pages were given back: so many times 64 KiB */
    uint32_t whole_of; /* the blob that is inflated in whole; UINT32_MAX: none */
    struct span whole; /* owned */
    uint8_t *owned;
    struct inflater *inflater; /* of a large one, where it stands */
};
void gather_init(struct gather *g, struct checkpoint *c) NONNULL;
void gather_start(struct gather *g, const struct tensor *t) NONNULL;
/*
 * Its next bytes, at most max (no less than 16); *n = 0 at its end. False: c->error.
 */
bool gather_next(struct gather *g, uint8_t *out, size_t max, size_t *n) NONNULL MUST_CHECK;
void gather_free(struct gather *g) NONNULL;
/* All bytes of a blob: in the file, or inflated into *owned, which is to be freed. */
bool gather_whole(struct checkpoint *c, const struct blob *b, struct span *out,
                  uint8_t **owned) NONNULL MUST_CHECK;

/* ---- what the child tells the parent: convert_child.c, convert_plan.c ---- */

/* Records of the plan; each begins with its kind in a byte. */
enum plan_kind {
    PLAN_ERROR = 1, /* int32 status, uint64 offset, text */
    PLAN_NOTE,      /* left out (a byte), dtype (a byte), uint64 bytes, name, text */
    PLAN_SAME,      /* name, name of the tensor that has its bytes */
    PLAN_TENSOR, /* dtype, source, overlaps (a byte each), uint32 dims, uint64 offset in the file,
                    name, the dims as uint64 */
    PLAN_END,
    PLAN_BYTES, /* after the plan was agreed to: uint32 n, as many bytes of tensors */
};
/* name, text: uint32 n, as many bytes. */
enum plan_source {
    PLAN_GATHERED, /* its bytes come from the child */
    PLAN_IN_FILE,  /* they lie in the file as they are wanted */
};
/* Below this a tensor's bytes come from the child, with others in one piece. */
#define PLAN_COPY_MIN ((uint64_t)256 * 1024)
#define PLAN_PIECE    ((size_t)256 * 1024 - 64) /* four of them are a batch */

struct convert_job {
    struct span file; /* mapped */
};
struct confined_child;
void convert_child(struct confined_child *child, void *job) NONNULL;

/* Bytes that go to the output in a row. */
struct plan_run {
    bool in_file;
    uint64_t from, bytes;
};
struct plan {
    struct buf header; /* its length, JSON, padded */
    struct plan_run *runs;
    size_t runs_n, runs_size;
    uint64_t bytes, tensors, left_out;
};

struct confined;
struct stream {
    struct confined *child;
    struct span batch;
    struct pratique_error *err;
    enum pratique_status status; /* what went wrong, once something did */
};
/* Copies the next n bytes that the child tells; false: s->status. */
bool stream_take(struct stream *s, void *out, size_t n) NONNULL MUST_CHECK;

/* Reads the plan and checks every word of it; file_bytes: of the input. plan_free() in each case.
 */
enum pratique_status plan_read(struct plan *p, struct stream *s, uint64_t file_bytes,
                               pratique_conversion_fn *on_note, void *user)
    __attribute__((nonnull(1, 2))) MUST_CHECK;
void plan_free(struct plan *p) NONNULL;

/* ---- convert_write.c ---- */

/* A file that is to appear under its name whole or not at all. */
struct output {
    const char *path;
    char *temporary; /* its name until then; NULL: it has none */
    int fd;
    uint64_t written;
    struct pratique_error *err;
};
enum pratique_status output_open(struct output *o, const char *path, bool overwrite, uint64_t bytes,
                                 struct pratique_error *err) NONNULL MUST_CHECK;
bool output_put(struct output *o, const void *p, size_t n) NONNULL MUST_CHECK;
/* Copies n bytes of the file fd, at from. */
bool output_copy(struct output *o, int fd, uint64_t from, uint64_t n) NONNULL MUST_CHECK;
/* Puts it in place: synced and renamed. */
enum pratique_status output_finish(struct output *o, bool overwrite) NONNULL MUST_CHECK;
/* Forgets what was written, unless it is in place. */
void output_close(struct output *o) NONNULL;

#endif
