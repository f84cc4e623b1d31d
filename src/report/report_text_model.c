/*
 * The report for people on a folder that is a model: what a loader opens, what it leaves and why,
 * whose code comes along, and what the model says of itself. What is missing or refused is told by
 * the findings above.
 *
 *     loads     model.safetensors (safetensors, 438 MB), tokenizer.json and 3 more
 *     leaves    pytorch_model.bin: weights, not loaded (safetensors twin)
 */
#include <string.h>

#include "base/compiler.h"
#include "report/text.h"

#define NAMES_MAX 4 /* of one row, unless verbose */

static const char *const loads[] = { "weights, loaded", "shard", NULL };
static const char *const configures[] = { "index", "configuration", "tokenizer", "chat template",
                                          NULL };
static const char *const runs[] = { "code", NULL };
static const char *const papers[] = { "license", "provenance", NULL };

static bool is_one_of(const char *role, const char *const *roles)
{
    for (; *roles; roles++)
        if (strcmp(role, *roles) == 0)
            return true;
    return false;
}

static const char *inside(const struct pratique_report *r, const struct pratique_component *c)
{
    const char *folder = pratique_report_path(r);
    size_t n = strlen(folder);

    return strncmp(c->path, folder, n) == 0 ? c->path + n : c->path;
}

static void name_file(struct out *o, const struct pratique_report *r,
                      const struct pratique_component *c, bool with_size)
{
    out_puts(o, o->buf.n > 0 ? ", " : "");
    out_printable(o, inside(r, c));
    if (!with_size)
        return;
    out_puts(o, " (");
    out_printable(o, c->format);
    out_puts(o, *c->format ? ", " : "");
    out_size(o, c->bytes);
    out_puts(o, ")");
}

/* One row: the files with those roles, the first few by name. */
static void row(struct pratique_writer *w, const struct pratique_report *r, const char *label,
                const char *const *roles)
{
    struct out *o = text_scratch(w);
    size_t n = 0, most = w->style.verbose ? SIZE_MAX : NAMES_MAX;

    for (size_t i = 0; i < pratique_report_components(r); i++) {
        const struct pratique_component *c = pratique_report_component(r, i);

        if (is_one_of(c->role, roles) && n++ < most)
            name_file(o, r, c, roles == loads);
    }
    if (n == 0)
        return;
    if (n > most)
        out_printf(o, " and %zu more", n - most);
    text_row(w, label, DIM, "", PLAIN);
}

/* What no loader opens by default, a row each: why, and that it can be dropped. */
static void leaves(struct pratique_writer *w, const struct pratique_report *r)
{
    size_t n = 0, most = w->style.verbose ? SIZE_MAX : NAMES_MAX;

    for (size_t i = 0; i < pratique_report_components(r); i++) {
        const struct pratique_component *c = pratique_report_component(r, i);
        struct out *o = text_scratch(w);

        if (strncmp(c->role, "weights, not loaded", 19) != 0 || n++ >= most)
            continue;
        name_file(o, r, c, true);
        out_puts(o, ": ");
        out_puts(o, c->role);
        text_row(w, n == 1 ? "leaves" : "", DIM, "", PLAIN);
    }
    if (n > most) {
        out_printf(text_scratch(w), "and %zu more", n - most);
        text_row(w, "", DIM, "", PLAIN);
    }
}

/* "architecture BertModel, license apache-2.0" */
static void says(struct pratique_writer *w, const struct pratique_report *r)
{
    static const char *const keys[] = { "architecture", "quantization", "task", "license",
                                        "base model" };
    struct out *o = text_scratch(w);

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (size_t k = 0; k < pratique_report_traits(r); k++) {
            const struct pratique_trait *t = pratique_report_trait(r, k);

            if (strcmp(t->key, keys[i]) != 0)
                continue;
            out_printf(o, "%s%s ", o->buf.n > 0 ? ", " : "", t->key);
            out_printable(o, t->value);
            break;
        }
    text_cut(o, 300);
    if (o->buf.n > 0)
        text_row(w, "says", DIM, "", PLAIN);
}

void text_model(struct pratique_writer *w, const struct pratique_report *r)
{
    row(w, r, "loads", loads);
    leaves(w, r);
    row(w, r, "with", configures);
    row(w, r, "runs", runs);
    row(w, r, "papers", papers);
    says(w, r);
}
