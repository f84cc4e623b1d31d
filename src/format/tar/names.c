/*
 * What a tar's names and links do when it is unpacked: where they lead, and what
 * they do to each other. Names are put into normal form and sorted, '/' before
 * everything else and letters without case, so that a folder stands directly
 * before all that lies in it and names that collide stand side by side.
 */
#include "base/utf8.h"
#include "format/path.h"
#include "format/tar/reader.h"

/* Top folders of a system: an archive of nothing else is an image of one. */
static const char *const system_folders[] = {
    "bin", "boot", "dev",  "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt",
    "opt", "proc", "root", "run", "sbin", "srv", "sys",   "tmp",   "usr",    "var",
};

/* Whether a symbolic link's target, read from the folder that holds it, climbs out of the root. */
static bool climbs_out(const struct tar_entry *e)
{
    size_t depth = path_depth(e->path);

    return path_climbs_out(e->link, depth ? depth - 1 : 0);
}

/* --- each name --- */

static void note_text(struct tar_reader *r, const struct tar_entry *e)
{
    struct span rest = e->name;
    uint32_t c;

    if (span_find(rest, 0, (struct span){ (const uint8_t *)"", 1 }) != SIZE_MAX)
        tar_note(r, FACT_TAR_NAME_NUL, e->offset, e->name, "%s", "");
    while (rest.n > 0) {
        size_t n = utf8_decode(rest, &c);

        if (n == 0) {
            tar_note(r, FACT_TAR_NAME_ENCODING, e->offset, e->name, "%s", "");
            return;
        }
        if (c != 0 && !utf8_is_printable(c)) {
            tar_note(r, FACT_TAR_NAME_CONTROL, e->offset, e->name, "U+%04X", (unsigned)c);
            return;
        }
        (void)skip(&rest, n);
    }
}

static void note_manner(struct tar_reader *r, const struct tar_entry *e,
                        const struct path_manner *how)
{
    if (how->leaves)
        tar_note(r, FACT_TAR_NAME_OUTSIDE, e->offset, e->name, "%s", "");
    else if (how->dotdot)
        tar_note(r, FACT_TAR_NAME_DOTDOT, e->offset, e->name, "%s", "");
    if (how->absolute)
        tar_note(r, FACT_TAR_NAME_ABSOLUTE, e->offset, e->name, "%s", "");
}

/* Where '\' separates folders (Windows), the name may lead elsewhere. */
static void note_backslash(struct tar_reader *r, const struct tar_entry *e)
{
    struct path_manner how = path_manner(e->name, false), there = path_manner(e->name, true);

    if (span_find(e->name, 0, SPAN_LITERAL("\\")) == SIZE_MAX)
        return;
    tar_note(r, FACT_TAR_NAME_BACKSLASH, e->offset, e->name, "%s", "");
    if (there.leaves && !how.leaves)
        tar_note(r, FACT_TAR_NAME_OUTSIDE, e->offset, e->name, "where '\\' separates folders");
    else if (there.absolute && !how.absolute)
        tar_note(r, FACT_TAR_NAME_ABSOLUTE, e->offset, e->name, "where '\\' separates folders");
}

/* Brings one name into normal form, in *pool; false when it is too long for that. */
static bool judge_name(struct tar_reader *r, struct tar_entry *e, uint8_t **pool)
{
    struct path_manner how;

    if (e->name.n > TAR_NAME_MAX || e->link.n > TAR_NAME_MAX) {
        tar_note(r, FACT_TAR_NAME_LONG, e->offset, e->name, "%zu bytes",
                 e->name.n > e->link.n ? e->name.n : e->link.n);
        return false;
    }
    e->path = path_normal_form(e->name, false, *pool, &how);
    *pool += e->path.n;
    note_text(r, e);
    note_manner(r, e, &how);
    note_backslash(r, e);
    return true;
}

/* --- all names together --- */

/* '/' sorts before everything, so that "a/b" follows "a" and precedes "a-b". */
static unsigned sort_key(uint8_t c)
{
    if (c == '/')
        return 0;
    return (c >= 'A' && c <= 'Z' ? c | 0x20u : c) + 1u;
}

static int compare_folded(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;

    for (size_t i = 0; i < n; i++)
        if (a.p[i] != b.p[i] && sort_key(a.p[i]) != sort_key(b.p[i]))
            return sort_key(a.p[i]) < sort_key(b.p[i]) ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

static int compare_paths(struct span a, struct span b)
{
    int c = compare_folded(a, b);

    return c || a.n == 0 ? c : memcmp(a.p, b.p, a.n);
}

/* Bottom-up and stable: members of one name stay in the order of the archive. */
static const uint32_t *merge_sort(const struct tar_entry *entries, uint32_t *order, uint32_t *spare,
                                  size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        uint32_t *from = order;

        for (size_t start = 0; start < n; start += 2 * width) {
            size_t a = start, mid = start + width < n ? start + width : n, b = mid;
            size_t end = start + 2 * width < n ? start + 2 * width : n;

            for (size_t at = start; at < end; at++) {
                bool left = b == end || (a < mid && compare_paths(entries[from[a]].path,
                                                                  entries[from[b]].path) <= 0);

                spare[at] = left ? from[a++] : from[b++];
            }
        }
        order = spare;
        spare = from;
    }
    return order;
}

static bool is_folder(const struct tar_entry *e)
{
    return e->type == '5' || (e->type == 0 && span_ends(e->name, SPAN_LITERAL("/")));
}

/* Whether path lies in folder, or is it. */
static bool lies_in(struct span path, struct span folder)
{
    struct span head;

    if (folder.n == 0)
        return true;
    return take(&path, folder.n, &head) && compare_folded(head, folder) == 0 &&
           (path.n == 0 || path.p[0] == '/');
}

static void note_collision(struct tar_reader *r, const struct tar_entry *before,
                           const struct tar_entry *e)
{
    if (e->path.n == 0 || before->offset == e->offset || compare_folded(before->path, e->path) != 0)
        return; /* of one header: two readings of one member */
    if (!span_equal(before->path, e->path))
        tar_note(r, FACT_TAR_CASE_COLLISION, e->offset, e->name, "the other is at byte %llu",
                 (unsigned long long)before->offset);
    else if (!is_folder(before) || !is_folder(e))
        tar_note(r, FACT_TAR_DUPLICATE_NAME, e->offset, e->name, "the first is at byte %llu",
                 (unsigned long long)before->offset);
}

static void note_through(struct tar_reader *r, const struct tar_entry *link,
                         const struct tar_entry *e)
{
    enum fact_kind kind = link->link_leaves ? FACT_TAR_THROUGH_LINK_OUTSIDE : FACT_TAR_THROUGH_LINK;

    tar_note(r, kind, e->offset, e->name, "the link at byte %llu leads to %.*s",
             (unsigned long long)link->offset, (int)(link->link.n < 200 ? link->link.n : 200),
             (const char *)link->link.p);
}

/*
 * One pass over the sorted names; link is a symbolic link around the present one: the
 * outermost, or the first that leads out of the root.
 */
static void judge_sorted(struct tar_reader *r, const uint32_t *order, size_t n)
{
    const struct tar_entry *link = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct tar_entry *e = &r->entries[order[i]];

        if (i > 0)
            note_collision(r, &r->entries[order[i - 1]], e);
        if (link && !lies_in(e->path, link->path))
            link = NULL;
        if (link && e->path.n != link->path.n)
            note_through(r, link, e);
        if (e->type == '2' && (!link || (e->link_leaves && !link->link_leaves)))
            link = e;
    }
}

/* --- links --- */

static bool is_system_folder(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(system_folders); i++)
        if (span_is(name, system_folders[i]))
            return true;
    return span_starts(name, SPAN_LITERAL(".wh.")) || span_is(name, ".dockerenv");
}

/* A container's layer, or another image of a system: its links are meant for that root. */
static bool is_system_image(const struct tar_reader *r)
{
    for (size_t i = 0; i < r->n; i++) {
        struct span rest = r->entries[i].path;

        if (rest.n > 0 && !is_system_folder(path_take_component(&rest, false)))
            return false;
    }
    return r->n > 0;
}

static void judge_symlink(struct tar_reader *r, struct tar_entry *e, bool image)
{
    bool absolute = path_manner(e->link, true).absolute;

    e->link_leaves = absolute || climbs_out(e);
    if (e->link_leaves)
        tar_note(r, image ? FACT_TAR_SYMLINK_OF_IMAGE : FACT_TAR_SYMLINK_OUTSIDE, e->offset,
                 e->name, "to %.*s", (int)e->link.n, (const char *)e->link.p);
}

/* The first member of that path, by its place in the archive; SIZE_MAX without one. */
static size_t find_path(const struct tar_reader *r, const uint32_t *order, size_t n,
                        struct span path)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (compare_paths(r->entries[order[mid]].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && span_equal(r->entries[order[low]].path, path) ? order[low] : SIZE_MAX;
}

static void judge_hard_link(struct tar_reader *r, size_t i, const uint32_t *order, size_t n,
                            bool image)
{
    const struct tar_entry *e = &r->entries[i];
    uint8_t out[TAR_NAME_MAX];
    struct path_manner how;
    struct span path = path_normal_form(e->link, false, out, &how);
    size_t target = find_path(r, order, n, path);

    if (how.leaves || (how.absolute && !(image && target < i)))
        tar_note(r, FACT_TAR_HARDLINK_OUTSIDE, e->offset, e->name, "to %.*s", (int)e->link.n,
                 (const char *)e->link.p);
    else if (target >= i)
        tar_note(r, FACT_TAR_HARDLINK_MISSING, e->offset, e->name, "to %.*s%s", (int)e->link.n,
                 (const char *)e->link.p, target == SIZE_MAX ? "" : ", which comes later");
}

static void judge_special(struct tar_reader *r, const struct tar_entry *e, bool image)
{
    if ((e->type == '3' || e->type == '4') &&
        !(image && span_starts(e->path, SPAN_LITERAL("dev/"))))
        tar_note(r, FACT_TAR_DEVICE, e->offset, e->name, "%s",
                 e->type == '3' ? "character device" : "block device");
}

static void judge_links(struct tar_reader *r, const uint32_t *order, size_t n, bool image)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->entries[i].link.n > TAR_NAME_MAX)
            continue;
        if (r->entries[i].type == '1')
            judge_hard_link(r, i, order, n, image);
        judge_special(r, &r->entries[i], image);
    }
}

/* --- memory and order --- */

static void judge_all(struct tar_reader *r, uint8_t *pool, uint32_t *order, uint32_t *spare)
{
    const uint32_t *sorted;
    size_t n = 0;
    bool image;

    for (size_t i = 0; i < r->n; i++)
        if (judge_name(r, &r->entries[i], &pool))
            order[n++] = (uint32_t)i;
    image = is_system_image(r);
    for (size_t i = 0; i < n; i++)
        if (r->entries[order[i]].type == '2')
            judge_symlink(r, &r->entries[order[i]], image);
    sorted = merge_sort(r->entries, order, spare, n);
    judge_sorted(r, sorted, n);
    judge_links(r, sorted, n, image);
}

enum pratique_status tar_names_judge(struct tar_reader *r)
{
    struct scan *s = r->s;
    size_t names = 0, list = r->n * sizeof(uint32_t);
    uint8_t *pool;
    uint32_t *order, *spare;
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 0; i < r->n; i++)
        names += r->entries[i].name.n;
    pool = scan_map(s, names);
    order = scan_map(s, list);
    spare = scan_map(s, list);
    if (pool && order && spare)
        judge_all(r, pool, order, spare);
    else
        st = scan_fail_budget(s, 0);
    for (size_t i = 0; i < r->n; i++)
        r->entries[i].path = SPAN_EMPTY; /* the pool goes */
    scan_unmap(s, pool, names);
    scan_unmap(s, order, list);
    scan_unmap(s, spare, list);
    return st;
}
