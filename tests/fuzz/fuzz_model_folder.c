/*
 * Models as a whole, from what workers told: a worker may have been taken over. Lines of
 * "P path", which begins a file, and "KIND subject\tdetail\tnumber" of that file: N needs, S says,
 * C code beside, T names of tensors, I a shard of an index, Z the index's size, L a link, R what
 * was read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact/model.h"
#include "harness.h"
#include "scan/model.h"

static enum fact_kind kind_of(char c)
{
    switch (c) {
    case 'N':
        return FACT_MODEL_NEEDS;
    case 'S':
        return FACT_MODEL_SAYS;
    case 'C':
        return FACT_MODEL_CODE;
    case 'T':
        return FACT_SAFETENSORS_NAMES;
    case 'I':
        return FACT_INDEX_SHARD;
    case 'Z':
        return FACT_INDEX_SIZE;
    case 'L':
        return FACT_LINK_INSIDE;
    default:
        return FACT_READ;
    }
}

static struct span next_field(struct span *line)
{
    const uint8_t *tab = line->n ? memchr(line->p, '\t', line->n) : NULL;
    struct span field = SPAN_EMPTY;

    (void)take(line, tab ? (uint64_t)(tab - line->p) : line->n, &field);
    (void)skip(line, 1);
    return field;
}

static void add_fact(struct task *t, const struct where *root, struct span line)
{
    struct fact f = { .kind = kind_of((char)line.p[0]), .flags = MC_BESIDE, .where = root };
    char digits[24] = "";
    struct span number;

    (void)skip(&line, 2);
    f.subject = next_field(&line);
    f.detail = next_field(&line);
    number = next_field(&line);
    memcpy(digits, number.p, number.n < sizeof digits ? number.n : sizeof digits - 1);
    f.number = strtoull(digits, NULL, 10);
    facts_add(&t->facts, &f);
}

/* The file that a line begins; its facts follow. */
static struct task *begin(struct span line)
{
    char *path = malloc(line.n + 8);
    struct task *t;

    if (!path)
        abort();
    memcpy(path, "root/", 5);
    memcpy(path + 5, line.p + 2, line.n - 2);
    path[line.n + 3] = '\0';
    t = task_new(path, -1, NULL);
    free(path);
    return t;
}

static void finish(struct model_set *m, struct task *t, size_t i)
{
    struct pratique_report rep = { .path = "x" };

    if (!t)
        return;
    rep.judged.verdict = i % 3 ? PRATIQUE_ADMIT : (enum pratique_verdict)(i % 4);
    t->size = i;
    model_set_note(m, t, &rep, "root");
    task_free(t);
}

/* Every folder's report names files within it, and no file is of two. */
static void check(const struct model_set *m)
{
    size_t last = 0;

    for (size_t i = 0; i < m->folders_n; i++) {
        struct task *t = model_set_task(m, &m->folders[i]);

        if (m->folders[i].from < last || m->folders[i].to > m->n)
            abort();
        last = m->folders[i].to;
        for (size_t k = m->folders[i].from; k < m->folders[i].to; k++)
            if (!m->files[k]->role || !span_starts(m->files[k]->path, m->folders[i].path))
                abort();
        task_free(t);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n), line;
    const struct where *root = NULL;
    struct task *t = NULL;
    struct model_set m;
    size_t i = 0;

    model_set_init(&m);
    while (take_line(&in, &line)) {
        if (line.n < 2)
            continue;
        if (line.p[0] == 'P') {
            finish(&m, t, i++);
            t = begin(line);
            root = t ? facts_where(&t->facts, NULL, span_text(t->path)) : NULL;
        } else if (t && root) {
            add_fact(t, root, line);
        }
    }
    finish(&m, t, i);
    model_set_find(&m);
    check(&m);
    model_set_free(&m);
    return 0;
}
