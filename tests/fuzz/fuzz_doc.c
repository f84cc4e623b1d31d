/* Documents: JSON and YAML into a tree, whose links must agree with each other. */
#include <stdlib.h>

#include "format/doc/doc.h"
#include "harness.h"

/* Each value's parent is before it, has it as a child, and its text lies in bounds. */
static void check_tree(const struct doc *d)
{
    uint64_t children = 0;

    for (doc_id id = 0; id < d->n; id = id + 1) {
        struct span text = doc_text(d, id), key = doc_key(d, id);

        if (text.n > d->in.n + d->side_n || key.n > d->in.n + d->side_n)
            abort();
        if (id > 0 && doc_parent(d, id) >= id)
            abort();
        for (doc_id c = doc_first(d, id); c != DOC_NONE; c = doc_next(d, c)) {
            if (doc_parent(d, c) != id)
                abort();
            children++;
        }
    }
    if (children + 1 != d->n)
        abort();
}

static enum pratique_status read_as(struct scan *s, struct span in,
                                    enum pratique_status (*read)(struct doc *, struct scan *,
                                                                 struct span))
{
    struct doc d;
    enum pratique_status st = read(&d, s, in);

    if (st == PRATIQUE_OK) {
        check_tree(&d);
        st = doc_tell(&d, NULL);
    }
    doc_free(&d);
    return st;
}

static bool always(struct span in)
{
    (void)in;
    return true;
}

static enum pratique_status scan_json(struct scan *s, struct span in)
{
    return read_as(s, in, doc_json);
}

static enum pratique_status scan_yaml(struct scan *s, struct span in)
{
    return read_as(s, in, doc_yaml);
}

static const struct format json = { .name = "json", .looks_like = always, .scan = scan_json };
static const struct format yaml = { .name = "yaml", .looks_like = always, .scan = scan_yaml };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&json, data, n);
    harness_run(&yaml, data, n);
    return 0;
}
