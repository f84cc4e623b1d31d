/* Manifests: what they hold, and how they are read from files and written to them. */
#include <stdlib.h>

#include "base/status.h"
#include "trust/manifest/manifest.h"

#define ARENA_MAX ((size_t)4 << 30)

struct pratique_manifest *manifest_new(void)
{
    struct pratique_manifest *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    arena_init(&m->arena, ARENA_MAX);
    buf_init(&m->text, MANIFEST_BYTES_MAX);
    return m;
}

void pratique_manifest_free(struct pratique_manifest *m)
{
    if (!m)
        return;
    arena_reset(&m->arena);
    buf_free(&m->text);
    free(m);
}

enum pratique_status pratique_manifest_read(struct pratique_manifest **out, const char *path,
                                            struct pratique_error *err)
{
    struct pratique_error ours = { 0 };
    struct buf bytes;
    enum pratique_status st;

    *out = NULL;
    err = err ? err : &ours;
    st = whole_read(path, MANIFEST_BYTES_MAX, &bytes, err);
    if (st == PRATIQUE_OK)
        st = manifest_parse(out, path, span_of(bytes.p, bytes.n), err);
    buf_free(&bytes);
    return st;
}

enum pratique_status pratique_manifest_write(const struct pratique_manifest *m, const char *path,
                                             struct pratique_error *err)
{
    struct pratique_error ours = { 0 };

    return whole_write(path, span_of(m->text.p, m->text.n), 0666, true, err ? err : &ours);
}

size_t pratique_manifest_count(const struct pratique_manifest *m)
{
    return m->n;
}

const struct pratique_artifact *pratique_manifest_at(const struct pratique_manifest *m, size_t i)
{
    return i < m->n ? &m->artifacts[i] : NULL;
}

const char *pratique_manifest_generated_at(const struct pratique_manifest *m)
{
    return m->generated_at;
}

const char *pratique_manifest_git_sha(const struct pratique_manifest *m)
{
    return m->git_sha;
}

bool pratique_manifest_dirty(const struct pratique_manifest *m, bool *unknown)
{
    if (unknown)
        *unknown = m->dirty_unknown;
    return m->dirty;
}

const char *pratique_manifest_text(const struct pratique_manifest *m, size_t *n)
{
    *n = m->text.n;
    return m->text.p ? m->text.p : "";
}
