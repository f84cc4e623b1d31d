/*
 * What the parts of the HDF5 reader share. Private to hdf5/.
 *
 * Addresses count from the base address, which is where the superblock lies; UINT64_MAX stands
 * for the undefined one. What cannot be read is noted once, by hdf5_broken(), and the walk goes on
 * with the next object, so that a broken part hides no other; h->stop ends it.
 */
#ifndef PRATIQUE_FORMAT_HDF5_READER_H
#define PRATIQUE_FORMAT_HDF5_READER_H

#include "format/codec/codec.h"
#include "format/hdf5/hdf5.h"
#include "format/safetensors/header.h"

#define UNDEFINED UINT64_MAX
#define RANK_MAX  32u /* H5S_MAX_RANK */

/* What hdf5_first() tells apart at one address. */
enum hdf5_salt {
    HDF5_SALT_OBJECT = 1,
    HDF5_SALT_HEAP,
    HDF5_SALT_NODE,
    HDF5_SALT_SYMBOLS,
    HDF5_SALT_TREE,
    HDF5_SALT_BLOCK,
    HDF5_SALT_CHUNKS,
    HDF5_SALT_BYTES,
};

/* An object that a link leads to. name is borrowed from the file. */
struct reached {
    uint64_t addr;
    struct span name;
    uint32_t parent; /* place in the queue; the root is its own */
};

struct block {
    uint64_t addr, n;
};

/* The objects of the global heap collection that was used last in this slot, by index. */
#define COLLECTIONS 256u
struct collection {
    uint64_t addr; /* UNDEFINED: none */
    struct span body;
    uint32_t *off; /* owned; 0: no object of that index */
    size_t n;
};

/* A part of a text that is spread over attributes, as Keras does with long ones. */
struct part {
    uint64_t index;
    struct span text;
};

struct h5 {
    struct scan *s;
    const struct hdf5_ear *ear;
    struct span file; /* from the base address to the end of the file that the superblock tells */
    uint64_t base;    /* where that is in the artifact */
    unsigned version, so, sl; /* of the superblock; bytes of an offset, of a length */
    uint64_t root, extension, eof;
    uint64_t root_tree, root_heap; /* what a superblock 0 keeps of the root group */

    struct {
        struct reached *p;
        size_t n, size;
    } queue;
    struct {
        struct block *p;
        size_t n, size;
    } blocks;             /* continuations of the headers that are read now */
    struct names seen;    /* addresses of what was read */
    struct items extents; /* of contiguous data */
    struct arena types;   /* emptied for each object */
    struct collection collections[COLLECTIONS];

    struct items huge; /* of the heap whose tree was read last: number, address, length */
    uint64_t huge_tree;
    uint64_t shared_heaps[32]; /* of shared messages, by type */

    uint64_t work, work_max; /* bytes of structures looked at */
    uint64_t groups, datasets, types_n, attributes, links, soft, tensors, elements, logical;
    unsigned pass;   /* second walks over the same blocks have their own claims */
    uint64_t peeked; /* bytes made to look at the beginnings of arrays of bytes */
    bool said_version, said_backend;

    enum pratique_status stop;   /* a limit */
    struct pratique_error error; /* the first fault */
};

/* A message of an object header. */
struct message {
    unsigned type, flags;
    struct span body;
    uint64_t addr; /* of the body */
};

#define MESSAGE_SHARED 2u

enum message_type {
    MESSAGE_NIL = 0x00,
    MESSAGE_SPACE = 0x01,
    MESSAGE_LINK_INFO = 0x02,
    MESSAGE_TYPE = 0x03,
    MESSAGE_FILL_OLD = 0x04,
    MESSAGE_FILL = 0x05,
    MESSAGE_LINK = 0x06,
    MESSAGE_EXTERNAL = 0x07,
    MESSAGE_LAYOUT = 0x08,
    MESSAGE_FILTERS = 0x0B,
    MESSAGE_ATTRIBUTE = 0x0C,
    MESSAGE_SHARED_TABLE = 0x0F,
    MESSAGE_CONTINUATION = 0x10,
    MESSAGE_SYMBOL_TABLE = 0x11,
    MESSAGE_ATTRIBUTE_INFO = 0x15,
};

/* Where a value lies: an object, and its attribute (empty: it is the object's own). */
struct place {
    uint32_t item;
    struct span attribute;
    uint64_t addr;
};

/* ---- file.c: bytes by address ---- */

/* Notes a fault at an address; false, so that it is one line. */
bool hdf5_broken(struct h5 *h, uint64_t addr, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);
/* A limit: nothing more is read. False. */
bool hdf5_stop(struct h5 *h, enum pratique_status st) NONNULL;
/* Whether st is anything but a limit; that one stops. */
bool hdf5_goes_on(struct h5 *h, enum pratique_status st) NONNULL;

/* The n bytes at addr, charged. False and told when they are not there. */
bool hdf5_at(struct h5 *h, uint64_t addr, uint64_t n, struct span *out) NONNULL MUST_CHECK;
/* The same without charge: a body that is not read yet. */
bool hdf5_body(struct h5 *h, uint64_t addr, uint64_t n, struct span *out) NONNULL MUST_CHECK;
/* Charges n bytes of looking; false when structures are read far more often than there are bytes.
 */
bool hdf5_charge(struct h5 *h, uint64_t n) NONNULL MUST_CHECK;
/* Whether what lies at addr was not read yet. salt: what it is read as. False also on a stop. */
bool hdf5_first(struct h5 *h, uint64_t addr, uint64_t salt) NONNULL MUST_CHECK;
/* The same, where a second time is a cycle or an overlap, and told so. */
bool hdf5_claim(struct h5 *h, uint64_t addr, uint64_t salt) NONNULL MUST_CHECK;

/* A block with a signature of four letters, its version, and a checksum in its last four bytes. */
bool hdf5_sealed(struct h5 *h, uint64_t addr, uint64_t n, const char *sign, uint8_t version,
                 struct span *body) NONNULL MUST_CHECK;
/* Jenkins' lookup3, as HDF5 seals its structures with. */
uint32_t hdf5_checksum(struct span in) MUST_CHECK;
/* Whether that is the checksum of in. */
bool hdf5_holds(struct span in, uint64_t sum) MUST_CHECK;

/* A number of n bytes, little-endian; n up to 8. */
bool hdf5_take(struct span *in, unsigned n, uint64_t *out) NONNULL;
bool hdf5_take_addr(const struct h5 *h, struct span *in, uint64_t *out) NONNULL;
bool hdf5_take_len(const struct h5 *h, struct span *in, uint64_t *out) NONNULL;
/* Up to a NUL, which is consumed. */
bool hdf5_take_name(struct span *in, struct span *out) NONNULL;
unsigned hdf5_log2(uint64_t n);

/* Grows an array of elements of that size in the scan's memory; false: stopped. */
bool hdf5_grow(struct h5 *h, void **p, size_t n, size_t *size, size_t element) NONNULL MUST_CHECK;

/* ---- object.c: headers ---- */

/* Calls each with every message of the header at addr, those in continuations too. */
bool hdf5_header(struct h5 *h, uint64_t addr,
                 bool (*each)(struct h5 *h, const struct message *m, void *arg), void *arg)
    __attribute__((nonnull(1, 3)));
/* What a shared message stands for. m->body is replaced. */
bool hdf5_resolve(struct h5 *h, struct message *m) NONNULL;
/* Reads the object at a place in the queue. */
void hdf5_object(struct h5 *h, uint32_t item) NONNULL;
/* Adds an object to the queue. */
bool hdf5_queue(struct h5 *h, uint64_t addr, uint32_t parent, struct span name) NONNULL;
/* Prints the place's path into text. */
struct span hdf5_path(const struct h5 *h, const struct place *place, char *text,
                      size_t size) NONNULL;
void hdf5_hear(struct h5 *h, const char *kind, uint64_t addr, struct span name,
               uint64_t to) NONNULL;

/* ---- group.c: links ---- */
void hdf5_symbols(struct h5 *h, uint32_t group, uint64_t tree, uint64_t heap) NONNULL;
void hdf5_link(struct h5 *h, uint32_t group, struct span message, uint64_t addr) NONNULL;
/* The local heap's data segment. */
bool hdf5_local_heap(struct h5 *h, uint64_t addr, struct span *data) NONNULL MUST_CHECK;

/* ---- heap.c, tree.c: the fractal heap, the v2 B-tree, the global heap ---- */
struct fractal {
    uint64_t addr, huge_tree, root;
    unsigned id_n, offset_n, length_n, block_offset_n; /* bytes */
    unsigned width, rows, direct_rows, first_bits;
    uint64_t start, direct_max, managed_max;
    unsigned heap_bits;
    bool sums; /* direct blocks have a checksum */
};

bool hdf5_fractal(struct h5 *h, uint64_t addr, struct fractal *f) NONNULL MUST_CHECK;
/* The object that id stands for. */
bool hdf5_fractal_object(struct h5 *h, const struct fractal *f, struct span id,
                         struct span *object) NONNULL MUST_CHECK;

/* Calls each with every record; type is the tree's. */
bool hdf5_tree(struct h5 *h, uint64_t addr,
               bool (*each)(struct h5 *h, unsigned type, struct span record, void *arg), void *arg)
    __attribute__((nonnull(1, 3)));

/* An object of the global heap. */
bool hdf5_global(struct h5 *h, uint64_t addr, uint32_t index,
                 struct span *object) NONNULL MUST_CHECK;
void hdf5_global_free(struct h5 *h) NONNULL;

/* ---- type.c: datatypes and dataspaces ---- */
enum type_class {
    CLASS_INTEGER = 0,
    CLASS_FLOAT = 1,
    CLASS_TIME = 2,
    CLASS_STRING = 3,
    CLASS_BITFIELD = 4,
    CLASS_OPAQUE = 5,
    CLASS_COMPOUND = 6,
    CLASS_REFERENCE = 7,
    CLASS_ENUM = 8,
    CLASS_VLEN = 9,
    CLASS_ARRAY = 10,
    CLASS_COMPLEX = 11,
};

struct type {
    enum type_class class;
    bool text;      /* VLEN: a string */
    bool carries;   /* some part of it may be text or bytes of any kind */
    uint64_t size;  /* of one element, in bytes */
    uint64_t count; /* ARRAY: elements */
    uint64_t off;   /* in the compound that it is a member of */
    struct type *base, *members, *next;
};

/* In h->types. NULL: told, or stopped. */
struct type *hdf5_type(struct h5 *h, struct span *in, uint64_t addr) NONNULL MUST_CHECK;
/* Whether elements are bytes of a stream: numbers, letters and opaque values of one byte. */
bool hdf5_is_byte(const struct type *t) NONNULL;

struct space {
    unsigned rank;
    bool null;
    uint64_t n; /* elements */
    uint64_t dims[RANK_MAX], max[RANK_MAX];
};

bool hdf5_space(struct h5 *h, struct span in, uint64_t addr, struct space *out) NONNULL MUST_CHECK;

/* ---- data.c, chunk.c, filter.c: datasets ---- */
struct dataset {
    uint32_t item;
    struct message type, space, layout, filters, external, fill, fill_old;
};

void hdf5_dataset(struct h5 *h, const struct dataset *d) NONNULL;

struct chunks {
    unsigned version, index, flags;
    unsigned rank;                  /* of the data, without the element */
    uint64_t dims[RANK_MAX], bytes; /* of a chunk */
    uint64_t addr;
    uint64_t filtered; /* single: its length; 0 for the others */
    uint32_t mask;
    struct space space;
    bool filters;
};

/* at: the chunk's first element in each dimension. */
struct chunk {
    uint64_t addr, n;
    uint32_t mask;
    uint64_t at[RANK_MAX];
};

bool hdf5_chunks(struct h5 *h, const struct chunks *c,
                 bool (*each)(struct h5 *h, const struct chunk *chunk, void *arg), void *arg)
    __attribute__((nonnull(1, 2, 3)));

#define FILTERS_MAX 32u /* H5Z_MAX_NFILTERS */

struct filters {
    unsigned n;
    struct {
        unsigned id;
        uint32_t value; /* the first of its settings */
    } list[FILTERS_MAX];
};

bool hdf5_filters(struct h5 *h, const struct message *m, struct filters *out) NONNULL MUST_CHECK;
/* The first filter that is not undone here; 0: none. */
unsigned hdf5_filter_unknown(const struct filters *f) NONNULL;

/* A chunk's bytes as they are undone. */
struct undone {
    struct span bytes;
    struct inflated inflated;
    void *own;
    size_t own_n;
};

/* Undoes the filters; expect: bytes of a chunk. hdf5_undone_free() in every case. */
bool hdf5_undo(struct h5 *h, const struct filters *f, uint32_t mask, struct span raw,
               uint64_t expect, uint64_t addr, struct undone *out) NONNULL MUST_CHECK;
void hdf5_undone_free(struct h5 *h, struct undone *u) NONNULL;

/* ---- attribute.c, value.c ---- */
struct attributes {
    uint32_t item;
    struct part *parts[2]; /* of model_config, training_config */
    size_t n[2], size[2];
};

void hdf5_attribute(struct h5 *h, struct attributes *all, struct span message,
                    uint64_t addr) NONNULL;
void hdf5_attributes_end(struct h5 *h, struct attributes *all) NONNULL;

/* What an element of variable length leads to; false where it is empty or cannot be read. */
bool hdf5_vlen(struct h5 *h, const struct type *t, struct span in,
               struct span *object) NONNULL MUST_CHECK;

/* Looks at elements of a type, whole ones of bytes. */
void hdf5_values(struct h5 *h, const struct type *t, struct span bytes,
                 const struct place *place) NONNULL;
/* Looks at bytes that may be anything: what starts like a file of its own is handed on. */
void hdf5_bytes(struct h5 *h, struct span bytes, const struct place *place) NONNULL;
/* The place's text is a configuration of Keras. */
bool hdf5_config(struct h5 *h, struct span text, const char *where,
                 const struct place *place) NONNULL;
/* 0 model_config, 1 training_config, with the number behind the name; -1: neither. */
int hdf5_config_name(struct span name, uint64_t *index) NONNULL;
extern const char *const hdf5_config_names[2];

#endif
