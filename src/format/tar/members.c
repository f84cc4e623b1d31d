/*
 * Hands a tar's members on. A sparse member is put together first, as far as its
 * data goes: a hole behind the last of it is cut, and holes that would take more
 * memory than their data justifies are told as a gap. A reader that knows nothing
 * of sparse members sees the data without its holes, so that is scanned as well.
 */
#include "format/layout.h"
#include "format/tar/header.h"
#include "format/tar/reader.h"

/* An expanded member takes at most this part of what memory is left. */
#define MEMORY_PART 2

/* A name in a tar proves nothing, and no loader reads tensors from one by name: read all. */
static enum role role_of(const struct layout *layout, const struct archive *a,
                         const struct member *m)
{
    enum role role = layout && layout->role ? layout->role(a, m) : ROLE_ANY;

    return role == ROLE_TENSOR ? ROLE_ANY : role;
}

/* Holes are output from nothing: they stay within the bounds that compressed bytes have. */
static bool may_expand(struct scan *s, uint64_t stored, uint64_t size)
{
    if (size > s->budget->memory_left / MEMORY_PART || size > s->budget->output_left)
        return false;
    return size <= BUDGET_RATIO_FREE || size / s->budget->ratio <= stored;
}

static enum pratique_status scan_expanded(struct tar_reader *r, const struct tar_entry *e,
                                          struct span data, uint64_t n, enum role role)
{
    struct scan *s = r->s;
    uint8_t *out = NULL;
    enum pratique_status st;

    if (!budget_output(s->budget, n) || !(out = scan_map(s, (size_t)n)))
        return scan_fail_budget(s, e->offset);
    tar_sparse_expand(&e->sparse, data, out, (size_t)n);
    st = scan_nested(s, (struct span){ out, (size_t)n }, e->name, role);
    scan_unmap(s, out, (size_t)n);
    return st;
}

/* The data without its holes; of pax 1.0 it starts with decimal lines, which no format does. */
static enum pratique_status scan_stored(struct tar_reader *r, const struct tar_entry *e,
                                        struct span data, enum role role)
{
    const char *name;

    if (e->sparse.kind == TAR_SPARSE_BODY)
        return PRATIQUE_OK;
    name = arena_printf(r->s->arena, "%.*s (without its holes)",
                        (int)(e->name.n < TAR_NAME_MAX ? e->name.n : TAR_NAME_MAX),
                        (const char *)e->name.p);
    return scan_nested(r->s, data, name ? span_text(name) : e->name, role);
}

static enum pratique_status scan_sparse(struct tar_reader *r, struct tar_entry *e, enum role role)
{
    struct span data = e->body;
    uint64_t end = 0;
    enum pratique_status st;
    bool good = e->sparse.kind != TAR_SPARSE_BODY || tar_sparse_cut_body(&data, &e->sparse.map);

    good = good && tar_sparse_check(&e->sparse, data.n, &end);
    if (good && data.n == end)
        return scan_nested(r->s, data, e->name, role);
    if (good && may_expand(r->s, data.n, end)) {
        st = scan_expanded(r, e, data, end, role);
        return st == PRATIQUE_OK ? scan_stored(r, e, data, role) : st;
    }
    if (good)
        tar_note(r, FACT_TAR_SPARSE_LARGE, e->offset, e->name, "%llu bytes of data in %llu",
                 (unsigned long long)data.n, (unsigned long long)e->sparse.size);
    else
        tar_note(r, FACT_TAR_SPARSE_MAP, e->offset, e->name, "%s", "");
    return scan_nested(r->s, data, e->name, role);
}

static enum pratique_status scan_members(struct tar_reader *r, const struct archive *a)
{
    const struct layout *layout = layout_of(a);
    enum pratique_status st = PRATIQUE_OK;

    layout_report(r->s, a);
    r->s->recognised = layout_name(a, layout);
    for (size_t i = 0; i < r->n && st == PRATIQUE_OK; i++) {
        struct tar_entry *e = &r->entries[i];
        enum role role = role_of(layout, a, &a->members[i]);

        if (e->body.n == 0)
            continue;
        if (e->sparse.kind)
            st = scan_sparse(r, e, role);
        else
            st = scan_nested(r->s, e->body, e->name, role);
    }
    return st;
}

enum pratique_status tar_members_scan(struct tar_reader *r)
{
    size_t size = r->n * sizeof(struct member);
    struct member *members = scan_map(r->s, size);
    enum pratique_status st;

    if (!members)
        return scan_fail_budget(r->s, 0);
    for (size_t i = 0; i < r->n; i++)
        members[i] = (struct member){ .name = r->entries[i].name,
                                      .raw = r->entries[i].body,
                                      .stored = true,
                                      .size = r->entries[i].size };
    st = scan_members(r, &(struct archive){ .kind = "tar", .members = members, .n = r->n });
    scan_unmap(r->s, members, size);
    return st;
}
