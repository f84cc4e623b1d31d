/* Marshalled values under every layout of code objects; as a Lambda layer's code; as a .pyc. */
#include <stdlib.h>

#include "format/marshal/marshal.h"
#include "format/marshal/reader.h"
#include "harness.h"

/* Children and targets are values of the list; a child comes after its parent. */
static void check(const struct marshal *m)
{
    for (uint32_t id = 0; id < m->n; id++) {
        const struct marshal_value *v = &m->values[id];

        if (v->first != MARSHAL_NONE && (v->first <= id || v->first >= m->n))
            abort();
        if (v->next != MARSHAL_NONE && (v->next <= id || v->next >= m->n))
            abort();
        if (v->target >= m->n || m->values[v->target].target != v->target)
            abort();
        if (marshal_text(m, id).n > m->in.n)
            abort();
    }
}

static enum pratique_status scan_layouts(struct scan *s, struct span in)
{
    enum pratique_status st = PRATIQUE_OK;

    for (unsigned layout = 0; layout < MARSHAL_LAYOUTS; layout++) {
        struct marshal m;

        st = marshal_read(&m, s, in, (enum marshal_layout)layout);
        if (st == PRATIQUE_OK)
            check(&m);
        else if (st == PRATIQUE_E_FORMAT && (!m.why || m.offset > in.n))
            abort();
        marshal_free(&m);
    }
    return marshal_tell(s, in, "a fuzzer");
}

static bool always(struct span in)
{
    (void)in;
    return true;
}

static const struct format marshal = { .name = "marshal",
                                       .looks_like = always,
                                       .scan = scan_layouts };
static const struct format pyc = { .name = "pyc", .looks_like = always, .scan = marshal_tell_pyc };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&marshal, data, n);
    harness_run(&pyc, data, n);
    return 0;
}
