/*
 * Functions that a model defines itself: by what name a node calls them, and whether one of them
 * calls itself. A library that puts the body in the place of the call would never end.
 */
#include "format/onnx/parts.h"

#include <stdlib.h>

#define FUNCTIONS_MAX 1000000

static struct span plain_domain(struct span domain)
{
    return span_is(domain, "ai.onnx") ? SPAN_EMPTY : domain;
}

static int order(const void *a, const void *b)
{
    const struct onnx_function *x = a, *y = b;
    int c = span_order(x->domain, y->domain);

    return c ? c : span_order(x->name, y->name);
}

static size_t count(struct span model)
{
    struct pb_field f;
    size_t n = 0;

    while (model.n > 0 && pb_take(&model, &f))
        n += f.number == 25 && f.wire == PB_BYTES;
    return n;
}

enum pratique_status functions_find(struct onnx *x, struct span model)
{
    struct onnx_functions *fs = &x->functions;
    size_t n = count(model);
    struct pb_field f;

    fs->current = UINT32_MAX;
    if (n == 0)
        return PRATIQUE_OK;
    if (n > FUNCTIONS_MAX)
        return scan_fail(x->s, PRATIQUE_E_LIMIT, 0, "more than %d functions", FUNCTIONS_MAX);
    fs->list = scan_map(x->s, n * sizeof *fs->list);
    if (!fs->list)
        return scan_fail_budget(x->s, 0);
    while (fs->n < n && pb_take(&model, &f))
        if (f.number == 25 && f.wire == PB_BYTES)
            fs->list[fs->n++] = (struct onnx_function){ .domain = plain_domain(pb_body(f.body, 10)),
                                                        .name = pb_body(f.body, 1) };
    qsort(fs->list, fs->n, sizeof *fs->list, order);
    return PRATIQUE_OK;
}

void functions_free(struct onnx *x)
{
    struct onnx_functions *fs = &x->functions;

    scan_unmap(x->s, fs->list, fs->n * sizeof *fs->list);
    scan_unmap(x->s, fs->calls, fs->calls_size * sizeof *fs->calls);
}

uint32_t functions_number(const struct onnx *x, struct span domain, struct span name)
{
    const struct onnx_functions *fs = &x->functions;
    struct onnx_function key = { .domain = plain_domain(domain), .name = name };
    const struct onnx_function *hit =
        fs->n ? bsearch(&key, fs->list, fs->n, sizeof *fs->list, order) : NULL;

    return hit ? (uint32_t)(hit - fs->list) : UINT32_MAX;
}

enum pratique_status functions_call(struct onnx *x, uint32_t to)
{
    struct onnx_functions *fs = &x->functions;
    size_t more = fs->calls_size ? fs->calls_size * 2 : 256;
    struct onnx_call *grown;

    if (fs->current == UINT32_MAX || to == UINT32_MAX)
        return PRATIQUE_OK;
    if (fs->calls_n == fs->calls_size) {
        grown = fs->calls ? scan_remap(x->s, fs->calls, fs->calls_size * sizeof *grown,
                                       more * sizeof *grown)
                          : scan_map(x->s, more * sizeof *grown);
        if (!grown)
            return scan_fail_budget(x->s, PRATIQUE_NO_OFFSET);
        fs->calls = grown;
        fs->calls_size = more;
    }
    fs->calls[fs->calls_n++] = (struct onnx_call){ fs->current, to };
    return PRATIQUE_OK;
}

static int order_calls(const void *a, const void *b)
{
    const struct onnx_call *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Gives each function the range of its calls, and counts those of it. */
static void index_calls(struct onnx_functions *fs)
{
    qsort(fs->calls, fs->calls_n, sizeof *fs->calls, order_calls);
    for (size_t i = 0; i < fs->calls_n; i++) {
        struct onnx_function *from = &fs->list[fs->calls[i].from];

        if (from->n++ == 0)
            from->first = (uint32_t)i;
        fs->list[fs->calls[i].to].open++;
    }
}

/*
 * Takes out, again and again, a function that nobody calls any more, and its calls; what is left
 * at the end calls itself, or is called by what does.
 */
static void take_out(struct onnx_functions *fs, uint32_t *ready, size_t n)
{
    while (n > 0) {
        const struct onnx_function *f = &fs->list[ready[--n]];

        for (uint32_t i = 0; i < f->n; i++) {
            uint32_t to = fs->calls[f->first + i].to;

            if (--fs->list[to].open == 0)
                ready[n++] = to;
        }
    }
}

enum pratique_status functions_check(struct onnx *x, struct pb_walk *w)
{
    struct onnx_functions *fs = &x->functions;
    uint32_t *ready;
    size_t n = 0;

    if (fs->calls_n == 0)
        return PRATIQUE_OK;
    ready = scan_map(x->s, fs->n * sizeof *ready);
    if (!ready)
        return scan_fail_budget(x->s, PRATIQUE_NO_OFFSET);
    index_calls(fs);
    for (size_t i = 0; i < fs->n; i++)
        if (fs->list[i].open == 0)
            ready[n++] = (uint32_t)i;
    take_out(fs, ready, n);
    for (size_t i = 0; i < fs->n; i++)
        if (fs->list[i].open > 0)
            graph_operator(&x->tell, x->s, FACT_ONNX_FUNCTION, pb_offset(w, fs->list[i].name),
                           fs->list[i].domain, fs->list[i].name, "it calls itself");
    scan_unmap(x->s, ready, fs->n * sizeof *ready);
    return PRATIQUE_OK;
}
