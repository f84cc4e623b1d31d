/* A manifest. What is taken is as docs/MANIFEST.md says, and is the same when it is written and
 * read again; what is not is refused with a line and a reason. */
#include <stdlib.h>

#include "base/utf8.h"
#include "harness.h"
#include "trust/manifest/manifest.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* The entries again, as JSON, to be read once more. */
struct copy {
    struct buf text;
    size_t n;
};

static void put_string(struct buf *out, struct span s)
{
    (void)buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            (void)buf_putc(out, '\\');
        (void)buf_putc(out, (char)s.p[i]);
    }
    (void)buf_putc(out, '"');
}

static bool check_entry(void *user, const struct manifest_entry *e)
{
    struct copy *c = user;

    must(!manifest_path_fault(e->path) && utf8_valid(e->path.p, e->path.n));
    must(e->path.p[0] != '/' && !memchr(e->path.p, 0, e->path.n));
    must(e->sha256.n == 64 && e->role.n >= 1 && e->role.n <= MANIFEST_ROLE_MAX);
    must(e->bytes <= INT64_MAX && e->line > 0);
    (void)buf_puts(&c->text, c->n++ ? ",{\"path\":" : "{\"path\":");
    put_string(&c->text, e->path);
    (void)buf_puts(&c->text, ",\"sha256\":");
    put_string(&c->text, e->sha256);
    (void)buf_printf(&c->text, ",\"bytes\":%llu,\"role\":", (unsigned long long)e->bytes);
    put_string(&c->text, e->role);
    (void)buf_putc(&c->text, '}');
    return true;
}

static bool scan(struct span in, struct copy *c, int64_t *generated)
{
    struct manifest_head head;
    struct manifest_fault fault;
    bool ok;

    buf_init(&c->text, (size_t)64 << 20);
    c->n = 0;
    (void)buf_puts(&c->text, "\"artifacts\":[");
    ok = manifest_scan(in, &head, check_entry, c, &fault);
    must(ok || (fault.what[0] && fault.line > 0));
    *generated = head.generated;
    if (ok)
        (void)buf_printf(&c->text,
                         "],\"generated_at\":\"%.*s\",\"git_sha\":", (int)head.generated_at.n,
                         (const char *)head.generated_at.p);
    if (ok && head.git_sha.n)
        put_string(&c->text, head.git_sha);
    else if (ok)
        (void)buf_puts(&c->text, "null");
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct copy first, second;
    int64_t generated, again;
    struct buf whole;

    if (scan(span_of(data, n), &first, &generated)) {
        must(first.n > 0);
        buf_init(&whole, (size_t)64 << 20);
        must(buf_printf(&whole, "{%s}", first.text.p));
        must(scan(span_of(whole.p, whole.n), &second, &again));
        must(generated == again && second.n == first.n);
        must(strcmp(first.text.p, second.text.p) == 0);
        buf_free(&second.text);
        buf_free(&whole);
    }
    buf_free(&first.text);
    return 0;
}
