/*
 * Atoms: each identifier of a file once, as a small number. The words that the
 * analysis knows (words.def, and those of struct interest) have the same numbers in
 * every file, so that comparing a name is comparing a number.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_ATOMS_H
#define PRATIQUE_FORMAT_PYTHON_ATOMS_H

#include "fact/interest.h"
#include "format/format.h"

/* Atom 0 is no name. */
enum py_word {
    W_NONE,
#define WORD(id, text) W_##id,
#include "format/python/keywords.def"
#include "format/python/words.def"
#undef WORD
    PY_WORDS
};

struct py_slot {
    uint32_t hash, atom; /* atom 0: it is free */
};

struct py_atoms {
    struct scan *s;     /* its budget pays */
    struct span *names; /* of atom i; borrowed from the text, or from owned bytes */
    uint32_t n, size;
    uint32_t *hashes;        /* of atom i */
    struct py_slot *slots;   /* by hash */
    uint32_t slots_n;        /* a power of two */
    size_t charged;          /* bytes that the budget paid */
    struct py_block *blocks; /* bytes of names that do not stand in the text as they are */
};

/*
 * Makes the table of known words; once for each process, before py_atoms_open().
 * in may be NULL (nothing is of interest); it is borrowed for ever.
 */
bool py_words_init(const struct interest *in) MUST_CHECK;

/* The index into the words of py_words_init()'s list of a known word, or UINT32_MAX. */
uint32_t py_atom_word(uint32_t atom);
/* And the atom of such a word. */
uint32_t py_word_atom(uint32_t word);

/* Starts a file's table with the known words in it. PRATIQUE_OK, E_LIMIT, E_NOMEM. */
enum pratique_status py_atoms_open(struct py_atoms *a, struct scan *s) NONNULL MUST_CHECK;
void py_atoms_close(struct py_atoms *a) NONNULL;

/* Differs from process to process, so that nobody can write names that all collide. */
extern uint64_t py_hash_seed;

static inline uint64_t py_hash_word(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t py_hash_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 m = (unsigned __int128)a * b;

    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* The hash of a name. */
static inline uint32_t py_hash(struct span name)
{
    uint64_t h = py_hash_seed, last = 0;
    uint32_t half[2];

    if (name.n >= 8) {
        for (size_t i = 0; i + 8 < name.n; i += 8)
            h = py_hash_mix(h ^ py_hash_word(name.p + i), 0xD6E8FEB86659FD93u);
        last = py_hash_word(name.p + name.n - 8);
    } else if (name.n >= 4) {
        memcpy(&half[0], name.p, 4);
        memcpy(&half[1], name.p + name.n - 4, 4);
        last = half[0] | (uint64_t)half[1] << 32;
    } else if (name.n) {
        last = name.p[0] | (uint64_t)name.p[name.n / 2] << 8 | (uint64_t)name.p[name.n - 1] << 16;
    }
    h = py_hash_mix(h ^ last, 0xA0761D6478BD642Fu ^ name.n);
    return (uint32_t)(h ^ h >> 32);
}

/* The atom of name, whose hash is h; 0 without memory. copy: the bytes do not outlive the call. */
uint32_t py_atom(struct py_atoms *a, struct span name, uint32_t h, bool copy) NONNULL;

/* The atom of a name if the file has it, or 0. */
uint32_t py_atom_find(const struct py_atoms *a, struct span name) NONNULL;

static inline struct span py_atom_text(const struct py_atoms *a, uint32_t atom)
{
    return atom < a->n ? a->names[atom] : SPAN_EMPTY;
}

#endif
