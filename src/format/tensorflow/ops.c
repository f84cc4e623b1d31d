/* See ops.h; the tables: operators.def, own.def. */
#include "format/tensorflow/ops.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct tf_op rows[] = {
#define OP(name, kind, what, attr, when)                                                           \
    { name, FACT_TF_##kind, what, attr, TF_##when, 0, 0, false },
#define PATH(name, inputs, how) { name, FACT_KINDS, "", NULL, 0, inputs, TF_##how, false },
#define LOG(name, inputs, what)                                                                    \
    { name, FACT_TF_LOGS, what, NULL, TF_ALWAYS, inputs, TF_LOG, false },
#define CALL(name) { name, FACT_KINDS, "", NULL, 0, 0, 0, true },
#define KNOWN(prefix, what)
#include "format/tensorflow/operators.def"
#undef OP
#undef PATH
#undef LOG
#undef CALL
#undef KNOWN
};

/* Families of other libraries: name is the beginning of theirs. */
static const struct tf_op known[] = {
#define OP(name, kind, what, attr, when)
#define PATH(name, inputs, how)
#define LOG(name, inputs, what)
#define CALL(name)
#define KNOWN(prefix, library) { prefix, FACT_TF_ADDON, library, NULL, 0, 0, 0, false },
#include "format/tensorflow/operators.def"
#undef OP
#undef PATH
#undef LOG
#undef CALL
#undef KNOWN
};

static const char *const own[] = {
#define OWN(name) name,
#include "format/tensorflow/own.def"
#undef OWN
};

static const struct tf_op computes = { .name = "", .fact = FACT_KINDS };
static const struct tf_op foreign = { .name = "", .fact = FACT_TF_FOREIGN, .what = "" };

#define TOLD_MAX 100 /* operators of unknown libraries that are named */

void tf_ops_init(struct tf_ops *ops, struct scan *s)
{
    *ops = (struct tf_ops){ .s = s, .seed = budget_now_us() ^ (uint64_t)(uintptr_t)ops };
}

void tf_ops_free(struct tf_ops *ops)
{
    scan_unmap(ops->s, ops->list, ops->size * sizeof *ops->list);
    scan_unmap(ops->s, ops->slots, ops->size * 2 * sizeof *ops->slots);
    ops->list = NULL, ops->slots = NULL;
    ops->n = ops->size = 0;
}

/* ---- what a name is ---- */

static int compare_own(const void *key, const void *item)
{
    const struct span *name = key;

    return span_order(*name, span_text(*(const char *const *)item));
}

static const struct tf_op *classify(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (span_is(name, rows[i].name))
            return &rows[i];
    if (bsearch(&name, own, ARRAY_LEN(own), sizeof *own, compare_own))
        return &computes;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (span_starts(name, span_text(known[i].name)))
            return &known[i];
    return &foreign;
}

/* ---- the table of those seen ---- */

/* The slot of a name, or the free one where it belongs. */
static uint32_t *slot_of(const struct tf_ops *ops, struct span name)
{
    size_t mask = ops->size * 2 - 1, i = tf_hash(name, ops->seed) & mask;

    while (ops->slots[i] && !span_equal(ops->list[ops->slots[i] - 1].name, name))
        i = (i + 1) & mask;
    return &ops->slots[i];
}

static bool grow(struct tf_ops *ops)
{
    size_t size = ops->size ? ops->size * 2 : 256;
    struct tf_ops more = { .s = ops->s, .n = ops->n, .size = size, .seed = ops->seed };

    more.list = scan_map(ops->s, size * sizeof *more.list);
    more.slots = scan_map(ops->s, size * 2 * sizeof *more.slots);
    if (!more.list || !more.slots) {
        tf_ops_free(&more);
        ops->no_memory = true;
        return false;
    }
    for (size_t i = 0; i < ops->n; i++) {
        more.list[i] = ops->list[i];
        *slot_of(&more, more.list[i].name) = (uint32_t)i + 1;
    }
    tf_ops_free(ops);
    *ops = more;
    return true;
}

struct tf_seen *tf_ops_look_up(struct tf_ops *ops, struct span name)
{
    uint32_t *slot;

    if (ops->n == ops->size && (ops->n >= UINT32_MAX / 4 || !grow(ops)))
        return NULL;
    slot = slot_of(ops, name);
    if (!*slot) {
        ops->list[ops->n] = (struct tf_seen){ .name = name, .op = classify(name) };
        *slot = (uint32_t)++ops->n;
    }
    return &ops->list[*slot - 1];
}

void tf_ops_note(struct tf_seen *seen, uint64_t offset, struct span node, struct span function)
{
    if (seen->count++ == 0)
        seen->offset = offset, seen->node = node, seen->function = function;
}

/* ---- telling ---- */

/* What a report shows of a name of the file's. */
static int shown(struct span name)
{
    return (int)(name.n < 120 ? name.n : 120);
}

static void tell(struct scan *s, const struct tf_seen *seen)
{
    char text[FACT_DETAIL_MAX];
    const char *what = seen->op->what;
    bool in = seen->function.n > 0;
    int n = snprintf(text, sizeof text, "%s%s%" PRIu64 " %s, first '%.*s'%s%.*s%s", what,
                     *what ? "; " : "", seen->count, seen->count == 1 ? "node" : "nodes",
                     shown(seen->node), (const char *)seen->node.p, in ? " of function '" : "",
                     shown(seen->function), (const char *)seen->function.p, in ? "'" : "");

    scan_fact(s, seen->op->fact, seen->offset, seen->name,
              span_of(text, n > 0 ? strnlen(text, sizeof text) : 0));
}

void tf_ops_tell(struct tf_ops *ops, bool (*is_function)(const void *owner, struct span name),
                 const void *owner)
{
    uint64_t unnamed = 0, told = 0;

    for (size_t i = 0; i < ops->n; i++) {
        const struct tf_seen *seen = &ops->list[i];

        if (seen->count == 0 || seen->op->fact == FACT_KINDS)
            continue;
        if (seen->op->fact == FACT_TF_FOREIGN && is_function && is_function(owner, seen->name))
            continue;
        if (seen->op->fact == FACT_TF_FOREIGN && ++told > TOLD_MAX)
            unnamed++;
        else
            tell(ops->s, seen);
    }
    if (unnamed)
        scan_factf(ops->s, FACT_TF_FOREIGN, PRATIQUE_NO_OFFSET, SPAN_LITERAL("others"),
                   "%" PRIu64 " more operators", unnamed);
}
