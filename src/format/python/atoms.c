/* See atoms.h: an open hash table for each file, in which the known words stand from the start. */
#include "format/python/atoms.h"

#include <stdlib.h>
#include <sys/random.h>

/* The bytes of names that were copied. */
struct py_block {
    struct py_block *next;
    size_t size, used;
    uint8_t bytes[];
};

#define BLOCK_SIZE ((size_t)4096)
/* A table that grew past this is not kept for the next file. */
#define KEEP_SLOTS 32768u

static struct {
    bool done;
    const struct interest *in;
    struct span *names;    /* of the known words */
    uint32_t *hashes;      /* likewise */
    uint32_t *word, *atom; /* atom to index into in->words, and back */
    uint32_t n;            /* atoms that are known words, and 0 */
} words;

uint64_t py_hash_seed = 0x9E3779B97F4A7C15u;

/*
 * The table of the last file, emptied but for the known words: most files are small, and
 * filling a table costs more than emptying it. Workers have one thread; others fare as well.
 */
static _Thread_local struct py_atoms kept;

static const struct span own_words[PY_WORDS] = {
    { (const uint8_t *)"", 0 },
#define WORD(id, text) { (const uint8_t *)(text), sizeof(text) - 1 },
#include "format/python/keywords.def"
#include "format/python/words.def"
#undef WORD
};

/* The same bytes, both having n of them. Names are short: a call would cost more. */
static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t n)
{
    if (n >= 8) {
        for (size_t i = 0; i + 8 < n; i += 8)
            if (py_hash_word(a + i) != py_hash_word(b + i))
                return false;
        return py_hash_word(a + n - 8) == py_hash_word(b + n - 8);
    }
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool same_name(struct span a, struct span b)
{
    return a.n == b.n && same_bytes(a.p, b.p, a.n);
}

/* The slot of a name, or the free one where it belongs. */
static struct py_slot *find(const struct py_atoms *a, struct span name, uint32_t h)
{
    uint32_t mask = a->slots_n - 1, i = h & mask;

    while (a->slots[i].atom &&
           (a->slots[i].hash != h || !same_name(a->names[a->slots[i].atom], name)))
        i = (i + 1) & mask;
    return &a->slots[i];
}

static void add_word(struct span name)
{
    words.names[words.n] = name;
    words.hashes[words.n] = py_hash(name);
    words.n++;
}

static uint32_t known_word(struct span name, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (span_equal(words.names[i], name))
            return i;
    return 0;
}

/* Gives every word of the list its atom; those of words.def may be among them. */
static void add_interest(const struct interest *in)
{
    for (uint32_t i = 0; i < in->words_n; i++) {
        struct span name = span_text(in->words[i]);
        uint32_t atom = known_word(name, PY_WORDS);

        if (!atom) {
            atom = words.n;
            add_word(name);
        }
        words.word[atom] = i;
        words.atom[i] = atom;
    }
}

bool py_words_init(const struct interest *in)
{
    uint32_t n = PY_WORDS + (in ? in->words_n : 0);
    uint64_t seed;

    if (words.done)
        return words.in == in;
    words.names = calloc(n, sizeof *words.names);
    words.hashes = calloc(n, sizeof *words.hashes);
    words.word = calloc(n, sizeof *words.word);
    words.atom = calloc(n, sizeof *words.atom);
    if (!words.names || !words.hashes || !words.word || !words.atom)
        return false;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed)
        py_hash_seed = seed | 1;
    memset(words.word, 0xff, n * sizeof *words.word);
    for (uint32_t i = 0; i < PY_WORDS; i++)
        add_word(own_words[i]);
    if (in)
        add_interest(in);
    words.in = in;
    words.done = true;
    return true;
}

uint32_t py_atom_word(uint32_t atom)
{
    return atom < words.n ? words.word[atom] : UINT32_MAX;
}

uint32_t py_word_atom(uint32_t word)
{
    return words.in && word < words.in->words_n ? words.atom[word] : 0;
}

static size_t bytes_of(uint32_t slots_n)
{
    return slots_n * sizeof(struct py_slot) +
           slots_n / 2 * (sizeof(struct span) + sizeof(uint32_t));
}

static void free_table(struct py_atoms *a)
{
    free(a->slots);
    free(a->names);
    free(a->hashes);
    a->slots = NULL;
    a->names = NULL;
    a->hashes = NULL;
}

/* Room for slots_n / 2 atoms; the old content is kept. False: a is as it was. */
static bool resize(struct py_atoms *a, uint32_t slots_n)
{
    struct py_atoms new = { .slots_n = slots_n, .size = slots_n / 2 };

    new.slots = calloc(slots_n, sizeof *new.slots);
    new.names = malloc(new.size * sizeof *new.names);
    new.hashes = malloc(new.size * sizeof *new.hashes);
    if (!new.slots || !new.names || !new.hashes) {
        free_table(&new);
        return false;
    }
    memcpy(new.names, a->names, a->n * sizeof *new.names);
    memcpy(new.hashes, a->hashes, a->n * sizeof *new.hashes);
    for (uint32_t i = 1; i < a->n; i++) {
        uint32_t at = new.hashes[i] & (slots_n - 1);

        while (new.slots[at].atom)
            at = (at + 1) & (slots_n - 1);
        new.slots[at] = (struct py_slot){ new.hashes[i], i };
    }
    if (a->slots)
        free_table(a);
    a->slots = new.slots, a->names = new.names, a->hashes = new.hashes;
    a->slots_n = new.slots_n, a->size = new.size;
    return true;
}

/* A table with the known words in it; false without memory. */
static bool start(struct py_atoms *a)
{
    uint32_t slots_n = 1024;
    struct py_atoms table = { .names = words.names, .hashes = words.hashes, .n = words.n };

    while (slots_n < words.n * 4)
        slots_n *= 2;
    a->names = table.names, a->hashes = table.hashes, a->n = table.n;
    if (resize(a, slots_n))
        return true;
    a->names = NULL, a->hashes = NULL;
    return false;
}

enum pratique_status py_atoms_open(struct py_atoms *a, struct scan *s)
{
    *a = kept;
    kept = (struct py_atoms){ 0 };
    a->s = s;
    if (!words.done && !py_words_init(NULL))
        return scan_fail(s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "no memory");
    if (!a->slots && !start(a))
        return scan_fail(s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "no memory");
    a->charged = bytes_of(a->slots_n);
    if (budget_memory(s->budget, a->charged))
        return PRATIQUE_OK;
    a->charged = 0;
    return scan_fail_budget(s, PRATIQUE_NO_OFFSET);
}

/*
 * Takes the file's own names out again, the last first: then what is left stands where
 * it would had they never been there.
 */
static void forget(struct py_atoms *a)
{
    uint32_t mask = a->slots_n - 1;

    while (a->n > words.n) {
        uint32_t atom = --a->n, i = a->hashes[atom] & mask;

        while (a->slots[i].atom != atom)
            i = (i + 1) & mask;
        a->slots[i] = (struct py_slot){ 0, 0 };
    }
}

static void free_blocks(struct py_atoms *a)
{
    while (a->blocks) {
        struct py_block *b = a->blocks;

        a->blocks = b->next;
        free(b);
    }
}

void py_atoms_close(struct py_atoms *a)
{
    if (a->s)
        budget_memory_return(a->s->budget, a->charged);
    free_blocks(a);
    if (a->slots && !kept.slots && a->slots_n <= KEEP_SLOTS) {
        forget(a);
        kept = *a;
        kept.s = NULL;
    } else if (a->slots) {
        free_table(a);
    }
    *a = (struct py_atoms){ 0 };
}

/* Charges bytes to the budget; they are given back all at once. */
static bool charge(struct py_atoms *a, size_t bytes)
{
    if (!budget_memory(a->s->budget, bytes))
        return false;
    a->charged += bytes;
    return true;
}

/* A copy of n bytes that lives as long as the table, or NULL. */
static const uint8_t *copy_bytes(struct py_atoms *a, const uint8_t *p, size_t n)
{
    struct py_block *b = a->blocks;
    size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;

    if (!b || b->size - b->used < n) {
        b = charge(a, sizeof *b + size) ? malloc(sizeof *b + size) : NULL;
        if (!b)
            return NULL;
        *b = (struct py_block){ .next = a->blocks, .size = size };
        a->blocks = b;
    }
    memcpy(b->bytes + b->used, p, n);
    b->used += n;
    return b->bytes + b->used - n;
}

static bool grow(struct py_atoms *a)
{
    if (a->slots_n > UINT32_MAX / 4)
        return false;
    if (!charge(a, bytes_of(a->slots_n)))
        return false;
    return resize(a, a->slots_n * 2);
}

uint32_t py_atom(struct py_atoms *a, struct span name, uint32_t h, bool copy)
{
    struct py_slot *slot = find(a, name, h);
    const uint8_t *bytes = name.p;

    if (LIKELY(slot->atom))
        return slot->atom;
    if (UNLIKELY(a->n == a->size)) {
        if (!grow(a))
            return 0;
        slot = find(a, name, h);
    }
    if (copy && !(bytes = copy_bytes(a, name.p, name.n)))
        return 0;
    a->names[a->n] = (struct span){ bytes, name.n };
    a->hashes[a->n] = h;
    *slot = (struct py_slot){ h, a->n };
    return a->n++;
}

uint32_t py_atom_find(const struct py_atoms *a, struct span name)
{
    return name.n ? find(a, name, py_hash(name))->atom : 0;
}
