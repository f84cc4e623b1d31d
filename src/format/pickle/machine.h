/*
 * Inside the pickle machine: values, stores, and what is told. See machine.c.
 *
 * A value is one word: a tag and, by its kind, the offset of the opcode that made
 * it (an identity: each opcode runs once) or the index of a global. Strings,
 * numbers and their like are read again from the input when somebody asks, so that
 * plain objects cost nothing beyond their place on the stack and in the memo.
 */
#ifndef PRATIQUE_FORMAT_PICKLE_MACHINE_H
#define PRATIQUE_FORMAT_PICKLE_MACHINE_H

#include "base/buf.h"
#include "fact/pickle.h"
#include "format/pickle/pickle.h"

enum opcode {
#define OP(code, name, arg, proto) OP_##name = (code),
#include "format/pickle/opcodes.def"
#undef OP
};

enum opcode_arg {
    ARG_UNKNOWN = 0, /* no such opcode */
    ARG_NONE,
    ARG_1,
    ARG_2,
    ARG_4,
    ARG_8,
    ARG_COUNT1,
    ARG_COUNT4,
    ARG_COUNT4S,
    ARG_COUNT8,
    ARG_LINE,
    ARG_LINES2
};

extern const uint8_t opcode_args[256]; /* enum opcode_arg */

/* Cuts the argument of an opcode off in; *arg is without its count, or its newline (two lines: with
 * the first). */
bool opcode_take_arg(struct span *in, uint8_t opcode, struct span *arg);

/* Whether a line is what int(), float(), a quoted string, or a memo index may look like. */
bool line_is_number(struct span line);
bool line_is_float(struct span line);
bool line_is_quoted(struct span line);
bool line_is_index(struct span line, uint64_t *out);

typedef uint64_t word;

enum tag {
    TAG_ABSENT = 0, /* an empty slot of the memo; never on the stack */
    TAG_ATOM,       /* None, a bool, a number; payload: offset */
    TAG_STR,        /* offset */
    TAG_BYTES,      /* offset */
    TAG_LIST,       /* offset */
    TAG_DICT,       /* offset */
    TAG_SET,        /* offset */
    TAG_TUPLE,      /* offset; also frozenset */
    TAG_TUPLE_LIVE, /* the same, with a global or an object in it when it was made */
    TAG_GLOBAL,     /* index of the global */
    TAG_OBJECT,     /* index of the global that made it: its class, or the callable */
    TAG_DTYPE,      /* a numpy.dtype; payload: offset */
    TAG_PERSID,     /* what a persistent id stands for; payload: offset */
    TAG_EXTERN,     /* an out-of-band buffer; payload: offset */
};

#define WORD_BITS   40 /* of a word in the memo: 4 of the tag, 36 of the payload */
#define PAYLOAD_MAX ((UINT64_C(1) << (WORD_BITS - 4)) - 1)

static inline word word_of(enum tag tag, uint64_t payload)
{
    return payload << 4 | (word)tag;
}

static inline enum tag word_tag(word w)
{
    return (enum tag)(w & 15);
}

static inline uint64_t word_payload(word w)
{
    return w >> 4;
}

/* A value that can be called, or that a call made. */
static inline bool word_is_live(word w)
{
    return word_tag(w) >= TAG_TUPLE_LIVE;
}

/* A growing array of scan_map() memory. */
struct store {
    void *p;
    size_t size; /* bytes mapped */
};

/* Tuples, and the latest items of lists and dicts, while they are fresh. */
#define RING_WORDS    32768u
#define RING_KEPT_MAX 2048u /* a longer tuple is not kept */
#define RING_ITEMS    8u    /* kept of a list or a dict */
#define RING_SLOTS    4096u
#define RING_WAYS     4u

struct ring_slot {
    uint64_t off; /* identity of the container */
    uint64_t at;  /* words ever written before its items */
    uint32_t n;   /* items kept */
    bool more;    /* the container has others */
};

/* What is odd about a dict that may become an object's state. */
enum odd {
    ODD_FIELDS = 1,  /* values are (dtype, offset): see reach */
    ODD_OBJECTS = 2, /* ... of a dtype that may hold objects */
    ODD_DUNDER = 4,
    ODD_DUNDER_LIVE = 8,
    ODD_METHOD_LIVE = 16,
};

struct odd_dict {
    uint64_t off;   /* identity of the dict, plus 1; 0: a free slot */
    uint64_t key;   /* offset of its gravest key, or UINT64_MAX: the key is computed */
    uint32_t flags; /* enum odd */
    uint64_t reach; /* of fields: where the last of them ends; UINT64_MAX: not known */
};

/* Callables whose result the machine knows more of. */
enum special {
    SPECIAL_NONE = 0,
    SPECIAL_RECONSTRUCTOR, /* copyreg._reconstructor(cls, base, state) */
    SPECIAL_NEWOBJ,        /* copyreg.__newobj__(cls, *args) */
    SPECIAL_NEWOBJ_EX,     /* copyreg.__newobj_ex__(cls, args, kwargs) */
    SPECIAL_DTYPE,         /* numpy.dtype(...) */
    SPECIAL_ARRAY_WRAPPER, /* joblib's NumpyArrayWrapper */
    SPECIAL_GETATTR,       /* builtins.getattr(object, name) */
    SPECIAL_LOADS,         /* torch.storage._load_from_bytes(bytes) */
    SPECIAL_BY_NAME,       /* numpy's _ufunc_reconstruct(module, name): its arguments matter */
};

/* One full name, and what has been told of it. */
struct global {
    struct span full;    /* "posix.system", in the arena */
    struct span written; /* as the file has it, when it differs; else empty */
    uint64_t off;        /* first seen */
    uint64_t count;
    uint32_t flags; /* PK_DOTTED, PK_EXT */
    int32_t told;   /* index of its latest fact in the list of told, or -1 */
    enum special special;
    uint64_t pushed, called; /* how often it came onto the stack, and left it as a callee */
};

/* A fact on its way: counted while the pickle runs, added to the sink when it ends. */
struct told {
    struct fact fact;
    uint32_t global;
    int32_t next;  /* an earlier fact about the same global, or -1 */
    uint32_t same; /* how many facts of this shape there are for the global */
};

/* What an array behind a joblib wrapper looks like. */
struct array_shape {
    uint64_t dict;  /* identity of the wrapper's state; UINT64_MAX: none yet */
    uint64_t items; /* product of the shape */
    uint64_t item_size;
    bool has_shape, has_dtype, has_object, aligned, too_large;
};

struct dtype_facts {
    uint64_t off; /* identity: they are made, and so kept, in the order of their offsets */
    uint64_t item_size;
    bool known, has_object;
    bool used; /* it was given state, or is part of something: its state is final */
};

struct machine {
    struct scan *scan;
    const struct pickle_options *options;
    struct span in;   /* the whole pickle; offsets count from its start */
    uint64_t base;    /* where it lies in the file, for facts */
    struct span rest; /* what comes after the opcode that runs */
    uint64_t op_off;  /* the opcode that runs */
    unsigned protocol;
    uint64_t opcodes;

    word *stack; /* inside stack_store */
    size_t sp, stack_max;
    struct store stack_store;
    uint64_t *marks;
    size_t marks_n, marks_max, fence;
    struct store marks_store;

    uint8_t *memo;                          /* 5 bytes a slot */
    uint64_t memo_slots, memo_n, memo_high; /* mapped, in use, past the last ever used */
    struct store memo_store;
    struct sparse_slot *sparse; /* indexes far beyond the number of entries */
    uint64_t sparse_n, sparse_slots;
    struct store sparse_store;

    word *ring;
    uint64_t ring_at;
    struct ring_slot *ring_slots;
    struct store ring_store;

    struct odd_dict *odd;
    uint64_t odd_n, odd_slots;
    struct store odd_store;

    struct global *globals;
    uint32_t globals_n;
    struct store globals_store;
    uint32_t *globals_index; /* hash of names; index + 1 */
    uint32_t globals_slots;
    struct store index_store;

    struct told *told;
    uint32_t told_n;
    int32_t told_other; /* the latest fact about no global, or -1 */
    struct store told_store;

    struct array_shape array;
    bool wrappers; /* a joblib wrapper was named: look at states */
    bool has_dtypes;
    uint32_t dtype_global; /* index of numpy.dtype, once it was called */
    struct dtype_facts *dtypes;
    size_t dtypes_n;
    struct store dtypes_store;

    uint64_t arrays;       /* skipped */
    uint64_t first_array;  /* offset of the first, or UINT64_MAX */
    bool no_joblib;        /* read as pickle.load would: arrays are opcodes */
    uint64_t tell_from;    /* facts before this offset are not told */
    uint64_t *known_names; /* hashes of the names of the reading before: not told again */
    uint32_t known_names_n;
    struct store known_store;

    const char *fault; /* why it stops; static */
    const char *soft;  /* the first fault that some readers forgive */
    enum pratique_status status;
};

/* ---- machine.c ---- */

/* A machine for the pickles of one file; NULL: the scan's budget is spent, scan_fail() was called.
 */
struct machine *machine_new(struct scan *s);
void machine_free(struct machine *m);
/* As pickle_run(), with a machine that has run others before. */
enum pratique_status machine_run(struct machine *m, struct span in, uint64_t base,
                                 const struct pickle_options *options, struct pickle_end *end);

/* ---- store.c: stack, marks, memo, fresh containers ---- */

/* Grows a store to hold at least bytes; *p follows. False: m->status is set. */
bool store_fit(struct machine *m, struct store *st, size_t bytes);
void store_free(struct machine *m, struct store *st);

#define MEMO_SLOT (WORD_BITS / 8)

/* Puts where there is no slot yet, or one was used before. */
bool memo_put_slow(struct machine *m, uint64_t index, word w);

static inline bool memo_put(struct machine *m, uint64_t index, word w)
{
    if (UNLIKELY(index < m->memo_high || index >= m->memo_slots))
        return memo_put_slow(m, index, w);
    memcpy(m->memo + index * MEMO_SLOT, &w, MEMO_SLOT); /* little-endian: the low 40 bits */
    m->memo_high = index + 1;
    m->memo_n++;
    return true;
}

word memo_get(const struct machine *m, uint64_t index); /* TAG_ABSENT when there is none */
/* Forgets what one pickle left, and keeps the memory. */
void store_reset(struct machine *m);

/*
 * The ring: items of tuples, and the latest items of lists and dicts, as long as
 * they are fresh. Keeps n items of the container made at off; more: it has others before them. */
void ring_keep(struct machine *m, uint64_t off, const word *items, size_t n, bool more);
/* Its items, or NULL once they are gone (n = 0 gives a valid pointer). */
const word *ring_items(const struct machine *m, uint64_t off, size_t *n, bool *more);

bool odd_add(struct machine *m, uint64_t dict, unsigned flags, uint64_t key);
/* The same for a field of a structured dtype that ends at reach. */
bool odd_add_field(struct machine *m, uint64_t dict, unsigned flags, uint64_t reach);
const struct odd_dict *odd_find(const struct machine *m, uint64_t dict);

/* ---- globals.c ---- */

/* The index of a full name, after fix_imports; UINT32_MAX when m->status was set. */
uint32_t global_intern(struct machine *m, struct span module, struct span name, unsigned flags);
/* Remembers the names that there are, for a second reading: globals_known(). */
bool globals_remember(struct machine *m);
/* Whether a name was there in the reading before, or cannot be a name at all. */
bool global_is_news(const struct machine *m, uint32_t g);

/* ---- fold.c: values as text ---- */

/* The bytes of a constant STR or BYTES, decoded where the opcode has escapes (into the arena). */
struct span constant_bytes(const struct machine *m, uint64_t off);
/* The value of a constant int that is not negative and fits. */
bool constant_uint(const struct machine *m, word w, uint64_t *out);
void fold_value(const struct machine *m, struct buf *b, word w, unsigned depth);
/* "callee(arg, arg)" */
void fold_call(const struct machine *m, struct buf *b, struct span callee, const word *args,
               size_t n, bool known);

/* ---- told.c ---- */

/* The shape of arguments: PK_ARGS_* and, in *fact, the globals they hold. */
void shape_of_args(const struct machine *m, struct fact *fact, const word *args, size_t n);
void tell_global(struct machine *m, uint32_t g);
void tell_call(struct machine *m, word callee, uint32_t how, const word *args, size_t n,
               bool known);
void tell_method(struct machine *m, word object, uint32_t how, const word *items, size_t n);
void tell_build(struct machine *m, word object, word state, uint32_t flags);
/* A fact about no global; detail (NULL is allowed) is freed. */
void tell_text(struct machine *m, enum fact_kind kind, uint64_t number, struct span subject,
               struct buf *detail);
void tell_all(struct machine *m); /* hands everything to the sink */

/* ---- joblib.c ---- */

/* Notes what items of the state dict at off say of a wrapper's array: key, value, ... */
void joblib_state(struct machine *m, uint64_t dict, const word *items, size_t n);
/* True when object is a joblib wrapper whose array follows in the stream. */
bool joblib_is_wrapper(const struct machine *m, word object);
/* Skips the array behind a wrapper that was given its state; false: m->fault is set. */
bool joblib_skip_array(struct machine *m, word state);
/* What numpy.dtype(args) made at the current opcode. */
bool joblib_dtype(struct machine *m, const word *args, size_t n);
/* A dtype became part of something. */
void joblib_dtype_used(struct machine *m, word dtype);
/* Notes a dict's value that may be a field of a structured dtype: (dtype, offset). */
bool joblib_field(struct machine *m, uint64_t dict, word value);
/*
 * What a dtype's state says: structured dtypes have their size and flags in it.
 * False when it lies: flags that hide object pointers, fields beyond the item.
 */
bool joblib_dtype_state(struct machine *m, word dtype, word state);

/* ---- embedded.c ---- */

/* Looks into a constant for a pickle, plain or behind base64 and the usual compressions. */
void embedded_look(struct machine *m, uint64_t off, struct span bytes);
/* Has bytes inspected that the pickle hands to a loader, whatever they are. */
void embedded_load(struct machine *m, uint64_t off, struct span bytes);

#endif
