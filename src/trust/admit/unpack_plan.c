/* The plan of an archive, and what its members are together: see unpack.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/budget.h"
#include "trust/admit/unpack.h"

#define ARENA_MAX ((size_t)512 * 1024 * 1024)
#define FOLD_MAX  ((size_t)NAMES_PATH_MAX * 32)

void unpack_init(struct unpack *u, struct span in, const char *name,
                 const struct unpack_limits *limits)
{
    *u = (struct unpack){ .in = in, .name = name, .limits = *limits };
    arena_init(&u->arena, ARENA_MAX);
    facts_init(&u->facts, &u->arena);
    u->where = facts_where(&u->facts, NULL, span_text(name));
    if (!u->where)
        unpack_no_memory(u);
}

void unpack_free(struct unpack *u)
{
    unpack_record_free(u);
    free(u->entries);
    facts_free(&u->facts);
    arena_reset(&u->arena);
}

void unpack_no_memory(struct unpack *u)
{
    u->facts.full = true;
    u->stopped = true;
}

void unpack_tell(struct unpack *u, enum fact_kind kind, uint64_t offset, struct span member,
                 const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    struct fact f = { .kind = kind, .where = u->where, .offset = offset, .subject = SPAN_EMPTY };
    va_list ap;

    if (u->stopped)
        return;
    if (member.n > 0) {
        f.where = facts_where(&u->facts, u->where, member);
        f.offset = PRATIQUE_NO_OFFSET;
    }
    if (!f.where) {
        unpack_no_memory(u);
        return;
    }
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    f.detail = span_text(text);
    facts_add(&u->facts, &f);
    u->faults += kind != FACT_UNPACK_WHEEL_TAGS && kind != FACT_UNPACK_NAMES_UNSAID;
    u->stopped = u->facts.n >= UNPACK_FACTS_MAX;
}

/* Doubles the list of entries. */
static bool make_room(struct unpack *u)
{
    size_t room = u->room ? u->room * 2 : 256;
    struct unpack_entry *list;

    if (u->n < u->room)
        return true;
    list = realloc(u->entries, room * sizeof *list);
    if (!list) {
        unpack_no_memory(u);
        return false;
    }
    u->entries = list;
    u->room = room;
    return true;
}

/* Files and bytes so far, against the limits; false when there are too many. */
static bool charge(struct unpack *u, const struct unpack_entry *e)
{
    const struct unpack_limits *most = &u->limits;

    if (u->n >= most->files) {
        unpack_tell(u, FACT_UNPACK_LIMIT, e->offset, e->name, "more than %" PRIu64 " members",
                    most->files);
        return false;
    }
    if (e->size > most->bytes || u->bytes > most->bytes - e->size) {
        unpack_tell(u, FACT_UNPACK_LIMIT, e->offset, e->name,
                    "more than %" PRIu64 " bytes of output", most->bytes);
        return false;
    }
    u->bytes += e->size;
    if (u->bytes > BUDGET_RATIO_FREE && u->bytes / most->ratio > u->in.n) {
        unpack_tell(u, FACT_UNPACK_LIMIT, e->offset, e->name,
                    "a ratio of more than %" PRIu64 " (output over input)", most->ratio);
        return false;
    }
    return true;
}

bool unpack_add(struct unpack *u, const struct unpack_entry *e)
{
    struct name_fault fault;
    struct unpack_entry new = *e;

    if (u->stopped || !make_room(u))
        return false;
    if (!charge(u, e)) {
        u->stopped = true;
        return false;
    }
    if (!names_path(e->name, &u->arena, &new.path, &fault)) {
        if (fault.kind == FACT_NO_MEMORY)
            unpack_no_memory(u);
        else
            unpack_tell(u, fault.kind, e->offset, e->name, "%s", fault.why);
        return !u->stopped;
    }
    if (e->type != UNPACK_FOLDER && span_ends(e->name, SPAN_LITERAL("/.")))
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name,
                    "it is no folder, and its name ends as one");
    if (new.path.n == 0 && e->type != UNPACK_FOLDER)
        unpack_tell(u, FACT_UNPACK_NAME_LENGTH, e->offset, e->name, "it is the folder itself");
    if (new.path.n > 0)
        u->entries[u->n++] = new;
    return !u->stopped;
}

/* ---- members together ---- */

/* A path of the plan: of a member, or of a folder that one lies in. */
struct place_name {
    struct span key, path;
    uint32_t entry;
    bool folder;
};

struct place_names {
    struct place_name *list; /* owned */
    size_t n, room;
};

static int compare(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int by_key(const void *a, const void *b)
{
    const struct place_name *x = a, *y = b;
    int c = compare(x->key, y->key);

    c = c ? c : compare(x->path, y->path);
    c = c ? c : (int)x->folder - (int)y->folder;
    return c ? c : (x->entry > y->entry) - (x->entry < y->entry);
}

/* Whether a path is another one where the form of letters does not count: one that climbs, say. */
static bool hides_parts(struct span path, struct span key)
{
    size_t parts = 1, start = 0;

    for (size_t i = 0; i < path.n; i++)
        parts += path.p[i] == '/';
    for (size_t i = 0; i <= key.n; i++) {
        if (i < key.n && key.p[i] != '/' && key.p[i] != '\\')
            continue;
        if (i == start || (i == start + 1 && key.p[start] == '.') ||
            (i == start + 2 && key.p[start] == '.' && key.p[start + 1] == '.'))
            return true;
        start = i + 1;
        parts--;
    }
    return parts != 0;
}

static bool add_name(struct unpack *u, struct place_names *names, struct span path, size_t entry,
                     bool folder)
{
    struct place_name *n;
    struct buf key;
    char *copy;

    if (names->n == names->room) {
        size_t room = names->room ? names->room * 2 : 512;
        struct place_name *list = realloc(names->list, room * sizeof *list);

        if (!list)
            return false;
        names->list = list;
        names->room = room;
    }
    buf_init(&key, FOLD_MAX);
    copy = names_fold(&key, path) ? arena_copy(&u->arena, key.p ? key.p : "", key.n) : NULL;
    n = &names->list[names->n++];
    *n = (struct place_name){ span_of(copy ? copy : "", copy ? key.n : 0), path, (uint32_t)entry,
                              folder };
    buf_free(&key);
    if (copy && hides_parts(path, n->key))
        unpack_tell(u, FACT_UNPACK_NAME_OUTSIDE, u->entries[entry].offset, u->entries[entry].name,
                    "where the form of letters does not count it is another path");
    return copy != NULL;
}

/* How many bytes two paths have in common, up to the last slash. */
static size_t common_folder(struct span a, struct span b)
{
    size_t n = 0, slash = 0;

    while (n < a.n && n < b.n && a.p[n] == b.p[n]) {
        slash = a.p[n] == '/' ? n + 1 : slash;
        n++;
    }
    return slash;
}

/* The folders that lie on the way to a member, but for those that the one before it lies in. */
static bool add_folders(struct unpack *u, struct place_names *names, size_t i)
{
    struct span path = u->entries[i].path, before = i ? u->entries[i - 1].path : SPAN_EMPTY;

    for (size_t at = common_folder(before, path); at < path.n; at++)
        if (path.p[at] == '/' && !add_name(u, names, span_of(path.p, at), i, true))
            return false;
    return true;
}

/* One of two that become one: the file, where only one of them is. */
static void tell_collision(struct unpack *u, const struct place_name *a, const struct place_name *b)
{
    const struct unpack_entry *x = &u->entries[a->entry], *y = &u->entries[b->entry];
    struct span other = fact_printable(&u->arena, y->name, 200);

    if (a->folder != b->folder && x->type == UNPACK_SYMLINK)
        unpack_tell(u, FACT_UNPACK_LINK, x->offset, x->name, "%.*s would be written through it",
                    (int)other.n, (const char *)other.p);
    else if (a->folder != b->folder)
        unpack_tell(u, FACT_UNPACK_FILE_AND_FOLDER, x->offset, x->name, "a folder by %.*s",
                    (int)other.n, (const char *)other.p);
    else if (span_equal(a->path, b->path))
        unpack_tell(u, FACT_UNPACK_COLLISION, y->offset, y->name, "it is there twice");
    else
        unpack_tell(u, FACT_UNPACK_COLLISION, x->offset, x->name,
                    "%.*s is the same where case or the form of letters does not count",
                    (int)other.n, (const char *)other.p);
}

/* Neighbours with one key: alike folders are one folder, anything else is a collision. */
static void judge_names(struct unpack *u, const struct place_names *names)
{
    for (size_t i = 1; i < names->n && !u->stopped; i++) {
        const struct place_name *a = &names->list[i - 1], *b = &names->list[i];

        if (!span_equal(a->key, b->key) || (a->folder && b->folder && span_equal(a->path, b->path)))
            continue;
        if (a->folder && !b->folder)
            tell_collision(u, b, a);
        else
            tell_collision(u, a, b);
    }
}

/* ---- links ---- */

struct by_path {
    const struct unpack *u;
    uint32_t *order; /* owned: entries by their paths */
};

static int by_entry_path(const void *a, const void *b, void *arg)
{
    const struct unpack *u = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int c = compare(u->entries[x].path, u->entries[y].path);

    return c ? c : (x > y) - (x < y);
}

/* The member of that path, or NULL. */
static const struct unpack_entry *find(const struct by_path *all, struct span path)
{
    size_t low = 0, high = all->u->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (compare(all->u->entries[all->order[mid]].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == all->u->n || !span_equal(all->u->entries[all->order[low]].path, path))
        return NULL;
    return &all->u->entries[all->order[low]];
}

/* Whether a folder on the way to path is a link. */
static bool through_link(const struct by_path *all, struct span path)
{
    for (size_t i = 0; i < path.n; i++) {
        const struct unpack_entry *e = path.p[i] == '/' ? find(all, span_of(path.p, i)) : NULL;

        if (e && e->type == UNPACK_SYMLINK)
            return true;
    }
    return false;
}

static void tell_link(struct unpack *u, const struct unpack_entry *e, enum fact_kind kind,
                      const char *why)
{
    struct span shown = fact_printable(&u->arena, e->link, 200);

    unpack_tell(u, kind, e->offset, e->name, "to %.*s: %s", (int)shown.n, (const char *)shown.p,
                why);
}

/* Whether it leads to itself, over other links: as many as the system follows. */
#define LINKS_MAX 40
static bool goes_round(struct unpack *u, const struct by_path *all, struct span to)
{
    struct name_fault fault;

    for (unsigned i = 0; i < LINKS_MAX; i++) {
        const struct unpack_entry *e = find(all, to);

        if (!e || e->type != UNPACK_SYMLINK ||
            !names_link(e->path, e->link, &u->arena, &to, &fault))
            return false;
    }
    return true;
}

static void judge_symlink(struct unpack *u, const struct by_path *all, const struct unpack_entry *e)
{
    struct name_fault fault;
    struct span to;

    if (!names_link(e->path, e->link, &u->arena, &to, &fault))
        tell_link(u, e, fault.kind, fault.why);
    else if (through_link(all, to))
        tell_link(u, e, FACT_UNPACK_LINK, "it leads through another link");
    else if (goes_round(u, all, to))
        tell_link(u, e, FACT_UNPACK_LINK, "it leads in a circle");
}

static void judge_hardlink(struct unpack *u, const struct by_path *all,
                           const struct unpack_entry *e)
{
    const struct unpack_entry *there = find(all, e->link);

    if (through_link(all, e->link))
        tell_link(u, e, FACT_UNPACK_LINK, "it leads through another link");
    else if (!there || there >= e || (there->type != UNPACK_FILE && there->type != UNPACK_HARDLINK))
        tell_link(u, e, FACT_UNPACK_LINK, "no file of that name precedes it");
}

static bool judge_links(struct unpack *u)
{
    struct by_path all = { u, NULL };
    size_t links = 0;

    for (size_t i = 0; i < u->n; i++)
        links += u->entries[i].type == UNPACK_SYMLINK || u->entries[i].type == UNPACK_HARDLINK;
    if (links == 0)
        return true;
    all.order = calloc(u->n, sizeof *all.order);
    if (!all.order)
        return false;
    for (size_t i = 0; i < u->n; i++)
        all.order[i] = (uint32_t)i;
    qsort_r(all.order, u->n, sizeof *all.order, by_entry_path, u);
    for (size_t i = 0; i < u->n && !u->stopped; i++) {
        if (u->entries[i].type == UNPACK_SYMLINK)
            judge_symlink(u, &all, &u->entries[i]);
        else if (u->entries[i].type == UNPACK_HARDLINK)
            judge_hardlink(u, &all, &u->entries[i]);
    }
    free(all.order);
    return true;
}

void unpack_judge(struct unpack *u)
{
    struct place_names names = { 0 };
    bool ok = u->n <= UINT32_MAX;

    for (size_t i = 0; ok && i < u->n && !u->stopped; i++)
        ok = add_folders(u, &names, i) &&
             add_name(u, &names, u->entries[i].path, i, u->entries[i].type == UNPACK_FOLDER);
    if (ok && names.n > 1)
        qsort(names.list, names.n, sizeof *names.list, by_key);
    if (ok)
        judge_names(u, &names);
    free(names.list);
    if (!ok || !judge_links(u))
        unpack_no_memory(u);
}

enum unpack_format unpack_format_of(struct span in)
{
    /* a tar may start with PKG-INFO */
    return span_starts(in, SPAN_LITERAL("PK\3\4")) || span_starts(in, SPAN_LITERAL("PK\5\6"))
               ? UNPACK_ZIP
               : UNPACK_TAR;
}

bool unpack_plan(struct unpack *u)
{
    if (u->format != UNPACK_ZIP && unpack_is_wheel(u->name))
        unpack_tell(u, FACT_UNPACK_WHEEL_BROKEN, 0, SPAN_EMPTY,
                    "it is called a wheel, and is no zip file");
    if (u->format == UNPACK_ZIP)
        unpack_plan_zip(u);
    else
        unpack_plan_tar(u);
    if (!u->stopped)
        unpack_judge(u);
    if (u->faults == 0 && !u->stopped && u->record)
        unpack_record_read(u);
    return u->faults == 0 && !u->facts.full;
}

bool unpack_content(struct unpack *u, const struct unpack_sink *to)
{
    return u->format == UNPACK_ZIP ? unpack_content_zip(u, to) : unpack_content_tar(u, to);
}
