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
#include "format/python/words.def"
#undef WORD
    PY_WORDS
};

struct py_atoms {
    struct scan *s;     /* its budget pays */
    struct span *names; /* of atom i; borrowed from the text, or from owned bytes */
    uint32_t n, size;
    uint32_t *slots;         /* atom numbers by hash; 0 is free */
    uint32_t slots_n;        /* a power of two */
    struct py_block *blocks; /* bytes of names that do not stand in the text as they are */
};

/*
 * Makes the table of known words; once for each process, before py_atoms_open().
 * in may be NULL (nothing is of interest); it is borrowed for ever.
 */
bool py_words_init(const struct interest *in) MUST_CHECK;

/* The list that py_words_init() was given, or NULL. */
const struct interest *py_interest(void);

/* The index into py_interest()->words of a known word, or UINT32_MAX. */
uint32_t py_atom_word(uint32_t atom);
/* And the atom of such a word. */
uint32_t py_word_atom(uint32_t word);

/* Starts a file's table with the known words in it. PRATIQUE_OK, E_LIMIT, E_NOMEM. */
enum pratique_status py_atoms_open(struct py_atoms *a, struct scan *s) NONNULL MUST_CHECK;
void py_atoms_close(struct py_atoms *a) NONNULL;

/* The hash of a name, a byte at a time: start with PY_HASH_START, or of all of it. */
#define PY_HASH_START 2166136261u
static inline uint32_t py_hash_step(uint32_t h, uint8_t c)
{
    return (h ^ c) * 16777619u;
}
static inline uint32_t py_hash(struct span name)
{
    uint32_t h = PY_HASH_START;

    for (size_t i = 0; i < name.n; i++)
        h = py_hash_step(h, name.p[i]);
    return h;
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
