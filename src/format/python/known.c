/* See known.h. */
#include "format/python/known.h"

#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "format/python/intrinsics.h"
#include "format/python/python.h"

#define KNOWN_BYTES ((size_t)8 * 1024 * 1024)

static const struct {
    const char *name;
    intrinsic_fn *fn;
    const char *constant;
    enum gives gives;
} own[] = {
#define INTRINSIC(name, fn, gives) { name, intrinsic_##fn, NULL, GIVES_##gives },
#define CONSTANT(name, text)       { name, NULL, text, GIVES_TEXT },
#define BUILTIN(name)              { "builtins." name, NULL, NULL, GIVES_NAME },
#define MODULE(name)               { name, NULL, NULL, GIVES_NAME },
#define NAMED(name)                { name, NULL, NULL, GIVES_NAME },
#include "format/python/intrinsics.def"
#undef INTRINSIC
#undef CONSTANT
#undef BUILTIN
#undef MODULE
#undef NAMED
};

static const char *const plain_builtins[] = {
#define INTRINSIC(name, fn, gives)
#define CONSTANT(name, text)
#define BUILTIN(name) name,
#define MODULE(name)
#define NAMED(name)
#include "format/python/intrinsics.def"
#undef INTRINSIC
#undef CONSTANT
#undef BUILTIN
#undef MODULE
#undef NAMED
};

static const char *const modules[] = {
#define INTRINSIC(name, fn, gives)
#define CONSTANT(name, text)
#define BUILTIN(name)
#define MODULE(name) name,
#define NAMED(name)
#include "format/python/intrinsics.def"
#undef INTRINSIC
#undef CONSTANT
#undef BUILTIN
#undef MODULE
#undef NAMED
};

/* Names so telling that they count on whatever they are found. */
static const char *const leaves[] = {
    "os.system",
    "os.popen",
    "os.execv",
    "os.execve",
    "os.execl",
    "os.execle",
    "os.execlp",
    "os.execvp",
    "os.execvpe",
    "os.spawnl",
    "os.spawnle",
    "os.spawnlp",
    "os.spawnv",
    "os.spawnve",
    "os.spawnvp",
    "os.posix_spawn",
    "os.posix_spawnp",
    "os.startfile",
    "subprocess.Popen",
    "subprocess.check_output",
    "subprocess.check_call",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "builtins.__import__",
    "ctypes.CDLL",
    "urllib.request.urlopen",
};

_Static_assert(sizeof modules / sizeof *modules <= KNOWN_MODULES_MAX, "a bit each");

static struct known known;
static struct arena arena;
static bool made;

const struct known *py_known(void)
{
    return made ? &known : NULL;
}

const struct interest_row *known_row(const struct known *k, uint32_t node)
{
    uint32_t row = k->tree.nodes[node].row;

    return row > k->own ? &k->tree.rows[row - 1] : NULL;
}

const struct interest_row *known_member(const struct known *k, uint32_t atom)
{
    uint32_t word = py_atom_word(atom);
    uint32_t row = word < k->tree.words_n ? k->tree.members[word] : 0;

    return row > k->own ? &k->tree.rows[row - 1] : NULL;
}

const struct interest_row *known_import(const struct known *k, uint32_t node)
{
    for (; node; node = k->tree.nodes[node].parent) {
        const struct interest_row *row = known_row(k, node);

        if (row && row->flags & INTEREST_EXEMPT)
            return NULL;
        if (row && row->flags & INTEREST_IMPORT)
            return row;
    }
    return NULL;
}

struct span known_name(const struct known *k, uint32_t node, char *text, size_t size)
{
    uint32_t path[16];
    unsigned depth = 0;
    size_t n = 0;

    for (; node && depth < ARRAY_LEN(path); node = k->tree.nodes[node].parent)
        path[depth++] = k->tree.nodes[node].word;
    while (depth > 0) {
        const char *word = k->tree.words[path[--depth]];
        size_t len = strlen(word);

        if (n + len + 2 > size)
            break;
        memcpy(text + n, word, len);
        n += len;
        text[n++] = '.';
    }
    return span_of(text, n ? n - 1 : 0);
}

uint32_t known_child(const struct known *k, uint32_t node, uint32_t atom)
{
    uint32_t word = py_atom_word(atom);

    return word < k->tree.words_n ? interest_child(&k->tree, node, word) : 0;
}

/* The language's rows first: where a name is of interest too, that row counts. */
static struct interest_row *all_rows(const struct interest *in, size_t *n)
{
    size_t theirs = in ? in->rows_n : 0;
    struct interest_row *rows = arena_array(&arena, ARRAY_LEN(own) + theirs, sizeof *rows);

    *n = ARRAY_LEN(own) + theirs;
    if (!rows)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        rows[i] = (struct interest_row){ .name = own[i].name, .arg = -1 };
    for (size_t i = 0; i < theirs; i++)
        rows[ARRAY_LEN(own) + i] = in->rows[i];
    return rows;
}

static bool fill_nodes(struct known *k)
{
    k->intrinsics = arena_array(&arena, k->tree.nodes_n, sizeof *k->intrinsics);
    k->constants = arena_array(&arena, k->tree.nodes_n, sizeof *k->constants);
    k->gives = arena_array(&arena, k->tree.nodes_n, sizeof *k->gives);
    k->parents = arena_array(&arena, k->tree.nodes_n, sizeof *k->parents);
    if (!k->intrinsics || !k->constants || !k->gives || !k->parents)
        return false;
    for (uint32_t i = 1; i < k->tree.nodes_n; i++)
        k->parents[k->tree.nodes[i].parent] = true;
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        uint32_t node = interest_find(&k->tree, own[i].name);

        if (own[i].fn)
            k->gives[node] = (uint8_t)own[i].gives;
        k->intrinsics[node] = own[i].fn ? own[i].fn : k->intrinsics[node];
        k->constants[node] = own[i].constant ? own[i].constant : k->constants[node];
    }
    k->builtins = interest_find(&k->tree, "builtins");
    k->exec = interest_find(&k->tree, "builtins.exec");
    k->eval = interest_find(&k->tree, "builtins.eval");
    k->setattr = interest_find(&k->tree, "builtins.setattr");
    k->compile = interest_find(&k->tree, "builtins.compile");
    k->partial = interest_find(&k->tree, "functools.partial");
    k->partialmethod = interest_find(&k->tree, "functools.partialmethod");
    k->sys_modules = interest_find(&k->tree, "sys.modules");
    k->path_class = interest_find(&k->tree, "pathlib.Path");
    k->str_class = interest_find(&k->tree, "builtins.str");
    k->bytes_class = interest_find(&k->tree, "builtins.bytes");
    return true;
}

static uint32_t atom_of(const struct known *k, const char *word)
{
    uint32_t w = interest_word(&k->tree, word, strlen(word));

    return w < k->tree.words_n ? py_word_atom(w) : 0;
}

static void fill_leaf(struct known *k, const char *name)
{
    uint32_t node = interest_find(&k->tree, name);
    uint32_t atom = node ? py_word_atom(k->tree.nodes[node].word) : 0;

    if (atom < k->atoms_n)
        k->leaf[atom] = node;
}

static bool fill_atoms(struct known *k)
{
    k->atoms_n = PY_WORDS + k->tree.words_n + 1;
    k->builtin = arena_array(&arena, k->atoms_n, sizeof *k->builtin);
    k->root = arena_array(&arena, k->atoms_n, sizeof *k->root);
    k->leaf = arena_array(&arena, k->atoms_n, sizeof *k->leaf);
    k->plain_builtin = arena_array(&arena, k->atoms_n, sizeof *k->plain_builtin);
    if (!k->builtin || !k->root || !k->leaf || !k->plain_builtin)
        return false;
    for (uint32_t w = 0; w < k->tree.words_n; w++) {
        uint32_t atom = py_word_atom(w);

        if (atom < k->atoms_n)
            k->builtin[atom] = interest_child(&k->tree, k->builtins, w);
    }
    for (size_t i = 0; i < ARRAY_LEN(plain_builtins); i++)
        k->plain_builtin[atom_of(k, plain_builtins[i])] = true;
    for (size_t i = 0; i < ARRAY_LEN(modules); i++)
        k->root[atom_of(k, modules[i])] = interest_find(&k->tree, modules[i]);
    k->root[W__os] = interest_find(&k->tree, "os"); /* as threading, collections, enum have them */
    k->root[W__sys] = interest_find(&k->tree, "sys");
    k->root[W_bltns] = k->builtins;
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
        fill_leaf(k, leaves[i]);
    return true;
}

/* Its name without folders and ".py"; of a package, the folder's. */
static struct span module_name(struct span member)
{
    static const char init[] = "/__init__.py";
    size_t from;

    if (span_ends(member, SPAN_LITERAL("/__init__.py")))
        member.n -= sizeof init - 1;
    else if (span_ends(member, SPAN_LITERAL(".py")))
        member.n -= 3;
    else
        return SPAN_EMPTY;
    for (from = member.n; from > 0 && member.p[from - 1] != '/'; from--)
        ;
    return span_from(member, from);
}

static uint64_t hash_of(struct span name)
{
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

    for (size_t i = 0; i < name.n; i++)
        h = (h ^ name.p[i]) * 0x100000001b3u;
    return h;
}

/* The package at the top of the archive, or below its src/. */
static struct span top_of(struct span member)
{
    struct span top;
    size_t slash;

    if (span_starts(member, SPAN_LITERAL("src/")))
        (void)skip(&member, 4);
    slash = span_find(member, 0, SPAN_LITERAL("/"));
    return slash != SIZE_MAX && take(&member, slash, &top) ? top : SPAN_EMPTY;
}

/* Imported before any program begins: what an archive has under these names is never found. */
static bool is_there_before(struct span top)
{
    static const char *const names[] = { "abc",  "codecs", "encodings", "genericpath", "importlib",
                                         "io",   "ntpath", "os",        "posixpath",   "runpy",
                                         "site", "stat",   "zipimport" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(top, names[i]))
            return true;
    return false;
}

void python_own_module(struct own_modules *seen, struct span member)
{
    struct span name = module_name(member), top = top_of(member);
    uint64_t bit = 0;

    for (size_t i = 0; i < ARRAY_LEN(modules) && name.n > 0; i++)
        bit |= span_is(name, modules[i]) ? (uint64_t)1 << i : 0;
    seen->names |= bit;
    if (bit && top.n > 0 && !is_there_before(top) && seen->packages_n < ARRAY_LEN(seen->packages))
        seen->packages[seen->packages_n++] = hash_of(top);
}

bool known_is_own(const struct scan *s, const struct known *k, uint32_t node)
{
    const char *word = k->tree.words[k->tree.nodes[node].word];

    for (size_t i = 0; s->own_modules && s->own_modules->names && i < ARRAY_LEN(modules); i++)
        if (strcmp(word, modules[i]) == 0)
            return s->own_modules->names >> i & 1;
    return false;
}

bool known_is_own_package(const struct scan *s, struct span name)
{
    for (uint32_t i = 0; s->own_modules && i < s->own_modules->packages_n; i++)
        if (s->own_modules->packages[i] == hash_of(name))
            return true;
    return false;
}

bool python_warm(const struct interest *in)
{
    size_t n;
    struct interest_row *rows;

    if (made)
        return true;
    arena_init(&arena, KNOWN_BYTES);
    rows = all_rows(in, &n);
    known.interest = in;
    known.own = ARRAY_LEN(own);
    made = rows && interest_init(&known.tree, &arena, rows, n) && py_words_init(&known.tree) &&
           fill_nodes(&known) && fill_atoms(&known);
    return made;
}
