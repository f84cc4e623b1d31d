/* The text of a manifest, the same bytes for the same content: docs/MANIFEST.md. */
#include <inttypes.h>

#include "base/status.h"
#include "trust/manifest/manifest.h"

/* A path as JSON has it; control characters are in none. */
static void put_string(struct buf *out, const char *s)
{
    (void)buf_putc(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            (void)buf_putc(out, '\\');
        (void)buf_putc(out, *s);
    }
    (void)buf_putc(out, '"');
}

static void put_entry(struct buf *out, const struct pratique_artifact *a, bool last)
{
    (void)buf_puts(out, "    {\n      \"path\": ");
    put_string(out, a->path);
    (void)buf_printf(
        out,
        ",\n      \"sha256\": \"%s\",\n      \"bytes\": %" PRIu64 ",\n      \"role\": ", a->sha256,
        a->bytes);
    put_string(out, a->role);
    (void)buf_printf(out, "\n    }%s\n", last ? "" : ",");
}

enum pratique_status manifest_compose(struct pratique_manifest *m, struct pratique_error *err)
{
    struct buf *out = &m->text;

    buf_init(out, MANIFEST_BYTES_MAX);
    (void)buf_printf(out, "{\n  \"generated_at\": \"%s\",\n  \"git_sha\": ", m->generated_at);
    if (m->git_sha)
        put_string(out, m->git_sha);
    else
        (void)buf_puts(out, "null");
    if (m->dirty || m->dirty_unknown)
        (void)buf_printf(out, ",\n  \"git_dirty\": %s", m->dirty ? "true" : "null");
    (void)buf_puts(out, ",\n  \"artifacts\": [\n");
    for (size_t i = 0; i < m->n; i++)
        put_entry(out, &m->artifacts[i], i + 1 == m->n);
    (void)buf_puts(out, "  ]\n}\n");
    if (!out->failed)
        return PRATIQUE_OK;
    return error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                     "the manifest would be larger than %zu bytes, or memory ran out; --exclude "
                     "leaves files out",
                     MANIFEST_BYTES_MAX);
}
