/*
 * Names of members: what a file system or another reader would make of them,
 * and which of them collide. Two names are alike when they differ in ASCII case,
 * in the kind of slash, or in slashes and "." that change nothing. See parts.h.
 */
#include "base/utf8.h"
#include "format/codec/codec.h"
#include "format/zip/parts.h"

static bool is_slash(uint8_t c)
{
    return c == '/' || c == '\\';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Cuts a name's next component off, and the slash behind it. False at the end. */
static bool component(struct span *name, struct span *out)
{
    size_t n = 0;

    if (name->n == 0)
        return false;
    while (n < name->n && !is_slash(name->p[n]))
        n++;
    (void)take(name, n, out);
    (void)skip(name, 1);
    return true;
}

static bool has_dotdot(struct span name)
{
    struct span part;

    while (component(&name, &part))
        if (span_is(part, ".."))
            return true;
    return false;
}

static bool has_control(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((name.p[i] < 0x20 && name.p[i]) || name.p[i] == 0x7f)
            return true;
    return false;
}

static bool is_absolute(struct span name)
{
    return (name.n > 0 && is_slash(name.p[0])) ||
           (name.n > 1 && is_letter(name.p[0]) && name.p[1] == ':');
}

void names_check(struct zip *z, uint64_t at, struct span name, uint16_t flags)
{
    if (name.n == 0)
        zip_tell(z, FACT_ZIP_NAME_EMPTY, at, name, "%s", "");
    if (has_dotdot(name))
        zip_tell(z, FACT_ZIP_NAME_DOTDOT, at, name, "%s", "");
    if (is_absolute(name))
        zip_tell(z, FACT_ZIP_NAME_ABSOLUTE, at, name, "%s", "");
    if (memchr(name.p, 0, name.n))
        zip_tell(z, FACT_ZIP_NAME_NUL, at, name, "%s", "");
    if (has_control(name))
        zip_tell(z, FACT_ZIP_NAME_CONTROL, at, name, "%s", "");
    if (memchr(name.p, '\\', name.n))
        zip_tell(z, FACT_ZIP_NAME_BACKSLASH, at, name, "%s", "");
    if ((flags & FLAG_UTF8) && !utf8_valid(name.p, name.n))
        zip_tell(z, FACT_ZIP_NAME_NOT_UTF8, at, name, "%s", "");
}

/* Cuts what stands for one code point in Info-ZIP's ASCII spelling: #Uxxxx, #Lxxxxxx. */
static bool take_escape(struct span *name)
{
    return (span_starts(*name, SPAN_LITERAL("#U")) && skip(name, 6)) ||
           (span_starts(*name, SPAN_LITERAL("#L")) && skip(name, 8));
}

bool names_unicode_differs(struct span name, struct span unicode)
{
    if (span_equal(name, unicode))
        return false;
    while (unicode.n > 0) {
        uint32_t c, old;
        size_t n = utf8_decode(unicode, &c), old_n;

        if (!n)
            return true;
        (void)skip(&unicode, n);
        if (c < 0x80) { /* must be the same in every charset that zip writers use */
            if (name.n == 0 || name.p[0] != c)
                return true;
            (void)skip(&name, 1);
            continue;
        }
        if (take_escape(&name))
            continue;
        old_n = utf8_decode(name, &old);
        if (name.n == 0 || (name.p[0] < 0x80 && name.p[0] != '?' && name.p[0] != '_'))
            return true;
        (void)skip(&name, old_n ? old_n : 1);
    }
    return name.n != 0;
}

bool names_link_escapes(struct span name, struct span target)
{
    size_t depth = 0;
    struct span part;

    if (is_absolute(target))
        return true;
    while (component(&name, &part))
        depth += name.n > 0 && part.n > 0 && !span_is(part, ".");
    while (component(&target, &part)) {
        if (span_is(part, "..") && depth-- == 0)
            return true;
        depth += part.n > 0 && !span_is(part, ".") && !span_is(part, "..");
    }
    return false;
}

/* A name is read as letters; these two are none. */
enum { LETTER_END = -1, LETTER_SLASH = 0 };

/* Skips what changes nothing behind a slash: more slashes, and "." alone. */
static void skip_idle(struct span *name)
{
    while (name->n > 0) {
        if (is_slash(name->p[0]))
            (void)skip(name, 1);
        else if (name->p[0] == '.' && (name->n == 1 || is_slash(name->p[1])))
            (void)skip(name, 1);
        else
            break;
    }
}

/* The next letter of a name; a slash at the end is none. fold: without ASCII case. */
static int letter(struct span *name, bool fold)
{
    uint8_t c;

    if (!take_u8(name, &c))
        return LETTER_END;
    if (is_slash(c)) {
        skip_idle(name);
        return name->n ? LETTER_SLASH : LETTER_END;
    }
    if (fold && c >= 'A' && c <= 'Z')
        c |= 0x20;
    return c + 1;
}

static struct span without_dot(struct span name)
{
    if (name.n > 1 && name.p[0] == '.' && is_slash(name.p[1]))
        skip_idle(&name);
    return name;
}

/* Whether two names are alike; prefix: whether a is alike a folder that b lies in. */
static bool alike(struct span a, struct span b, bool fold, bool prefix)
{
    a = without_dot(a);
    b = without_dot(b);
    for (;;) {
        int x = letter(&a, fold), y = letter(&b, fold);

        if (x == LETTER_END)
            return prefix ? y == LETTER_SLASH : y == LETTER_END;
        if (x != y)
            return false;
    }
}

/*
 * A hash table of members by name: the first of each. A slot holds its index
 * and one in the low bits, and of its hash what fits above them; 0 is free.
 */
struct table {
    uint32_t *slots;
    size_t size;   /* a power of two, at least twice the number of members */
    unsigned bits; /* of a slot that hold the index */
};

static size_t slot_index(const struct table *t, uint32_t slot)
{
    return (slot & (uint32_t)((1ull << t->bits) - 1)) - 1;
}

/* Whether a slot may hold the name of this hash; most that do not are told apart here. */
static bool slot_has(const struct table *t, uint32_t slot, uint64_t hash)
{
    return (uint64_t)slot >> t->bits == (hash >> 29 & 0xffffffff) >> t->bits;
}

static uint32_t slot_of(const struct table *t, size_t i, uint64_t hash)
{
    return (uint32_t)((hash >> 29 & 0xffffffff) >> t->bits << t->bits | (i + 1));
}

static bool is_folder(struct span name)
{
    return name.n > 0 && is_slash(name.p[name.n - 1]);
}

/* How names are compared: byte by byte, or alike. */
typedef bool same_fn(struct span a, struct span b);

static bool same_alike(struct span a, struct span b)
{
    return alike(a, b, true, false);
}

/* The slot of a name: holds a member of that name, or 0. */
static uint32_t *find(const struct zip *z, const struct table *t, uint64_t hash, struct span name,
                      same_fn *same)
{
    size_t at = (size_t)hash & (t->size - 1);

    while (t->slots[at] && !(slot_has(t, t->slots[at], hash) &&
                             same(z->members[slot_index(t, t->slots[at])].name, name)))
        at = (at + 1) & (t->size - 1);
    return &t->slots[at];
}

static uint64_t hash_bytes(const struct zip *z, struct span s)
{
    uint64_t h = s.n;

    while (s.n > 0) {
        uint64_t v = 0;

        for (unsigned i = 0; i < 7 && s.n > 0; i++) {
            v = v << 8 | s.p[0];
            (void)skip(&s, 1);
        }
        h = zip_hash(z, h, v);
    }
    return h;
}

static uint64_t hash_alike(const struct zip *z, struct span name)
{
    uint64_t h = 0;
    int c;

    name = without_dot(name);
    while ((c = letter(&name, true)) != LETTER_END)
        h = zip_hash(z, h, (uint64_t)c);
    return h;
}

/* Whether two members of one name have one content too: then no reader is misled. */
static bool same_content(struct zip *z, size_t i, size_t j)
{
    const struct member *a = &z->members[i], *b = &z->members[j];

    if (a->stored != b->stored || a->size != b->size || a->raw.n != b->raw.n)
        return false;
    if (a->raw.p == b->raw.p)
        return true;
    return a->raw.n <= z->read_left && content_charge(z, a->raw.n, z->entries[i].central) &&
           span_equal(a->raw, b->raw);
}

/* One member listed by two directories is no duplicate. */
static bool same_member(const struct zip *z, size_t i, size_t j)
{
    return z->entries[i].local == z->entries[j].local &&
           z->entries[i].directory != z->entries[j].directory;
}

static void find_duplicates(struct zip *z, const struct table *t)
{
    for (size_t i = 0; i < z->n; i++) {
        struct span name = z->members[i].name;
        uint64_t hash = hash_bytes(z, name);
        uint32_t *slot = find(z, t, hash, name, span_equal);
        size_t first = slot_index(t, *slot);

        if (!*slot)
            *slot = slot_of(t, i, hash);
        else if (!same_member(z, i, first))
            zip_tell(z,
                     same_content(z, i, first) ? FACT_ZIP_DUPLICATE_SAME : FACT_ZIP_DUPLICATE_NAME,
                     z->entries[i].central, name, "first listed at %llu",
                     (unsigned long long)z->entries[first].central);
    }
}

static bool same_but_case(struct span a, struct span b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] != b.p[i] && !(is_letter(a.p[i]) && (a.p[i] | 0x20) == (b.p[i] | 0x20)))
            return false;
    return true;
}

static void tell_alike(struct zip *z, size_t i, size_t j)
{
    struct span a = z->members[i].name, b = z->members[j].name;
    enum fact_kind kind = FACT_ZIP_NAME_SLASH;

    if (span_equal(a, b))
        return; /* told as a duplicate */
    if (is_folder(a) != is_folder(b))
        kind = alike(a, b, false, false) ? FACT_ZIP_FILE_AND_FOLDER : FACT_ZIP_NAME_CASE;
    else if (same_but_case(a, b))
        kind = FACT_ZIP_NAME_CASE;
    zip_tell(z, kind, z->entries[i].central, a, "also %.*s", (int)(b.n < 200 ? b.n : 200),
             (const char *)b.p);
}

static void find_alike(struct zip *z, const struct table *t)
{
    for (size_t i = 0; i < z->n; i++) {
        struct span name = z->members[i].name;
        uint64_t hash = hash_alike(z, name);
        uint32_t *slot = find(z, t, hash, name, same_alike);

        if (!*slot)
            *slot = slot_of(t, i, hash);
        else
            tell_alike(z, i, slot_index(t, *slot));
    }
}

/* The file whose name has this hash and is a folder that name lies in, or NULL. */
static const struct member *file_at(const struct zip *z, const struct table *t, uint64_t hash,
                                    struct span name)
{
    for (size_t at = (size_t)hash & (t->size - 1); t->slots[at]; at = (at + 1) & (t->size - 1)) {
        const struct member *m = &z->members[slot_index(t, t->slots[at])];

        if (slot_has(t, t->slots[at], hash) && !is_folder(m->name) &&
            alike(m->name, name, true, true))
            return m;
    }
    return NULL;
}

/* The file that name lies in as if that were a folder, or NULL. One look at each slash. */
static const struct member *file_above(const struct zip *z, const struct table *t, struct span name)
{
    struct span rest = without_dot(name);
    const struct member *m = NULL;
    uint64_t hash = 0;
    int c;

    while (!m && (c = letter(&rest, true)) != LETTER_END) {
        if (c == LETTER_SLASH)
            m = file_at(z, t, hash, name);
        hash = zip_hash(z, hash, (uint64_t)c);
    }
    return m;
}

static void find_files_as_folders(struct zip *z, const struct table *t)
{
    for (size_t i = 0; i < z->n; i++) {
        struct span name = z->members[i].name;
        const struct member *m = file_above(z, t, name);

        if (m)
            zip_tell(z,
                     alike(m->name, name, false, true) ? FACT_ZIP_FILE_AND_FOLDER
                                                       : FACT_ZIP_NAME_CASE,
                     z->entries[i].central, m->name, "and a member inside it");
    }
}

enum pratique_status names_collide(struct zip *z)
{
    struct table t = { .size = 8 };

    while (t.size < z->n * 2)
        t.size *= 2;
    while (z->n >> t.bits)
        t.bits++;
    t.slots = scan_map(z->s, t.size * sizeof *t.slots);
    if (!t.slots)
        return scan_fail_budget(z->s, 0);
    find_duplicates(z, &t);
    memset(t.slots, 0, t.size * sizeof *t.slots);
    find_alike(z, &t);
    find_files_as_folders(z, &t);
    scan_unmap(z->s, t.slots, t.size * sizeof *t.slots);
    return PRATIQUE_OK;
}
