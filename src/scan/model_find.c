/* Which folders are models. See model.h, model_loaders.def. */
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "scan/model.h"

static const struct {
    const char *kind, *a, *b;
} kinds[] = {
#define MODEL(kind, a, b) { kind, a, b },
#include "scan/model_loaders.def"
#undef MODEL
};

/* What was seen in a folder. */
struct folder {
    struct span path;
    struct model_marks marks;
    bool needs; /* a file of it needs others, as an ONNX model does */
};

_Static_assert(ARRAY_LEN(kinds) <= 64, "a bit for each row");

struct span model_folder_of(struct span path)
{
    const uint8_t *slash = memrchr(path.p, '/', path.n);

    return slash ? span_of(path.p, (size_t)(slash - path.p) + 1) : SPAN_EMPTY;
}

struct span model_base(struct span path)
{
    return span_from(path, model_folder_of(path).n);
}

bool model_name_fits(const char *pattern, struct span name)
{
    size_t at = 0, again = 0;
    const char *star = NULL;

    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            again = at;
        } else if (at < name.n && *pattern && (uint8_t)*pattern == name.p[at]) {
            pattern++;
            at++;
        } else if (at == name.n && !*pattern) {
            return true;
        } else if (star && again < name.n) {
            pattern = star;
            at = ++again;
        } else {
            return false;
        }
    }
}

static int by_path(const void *a, const void *b)
{
    const struct model_file *const *x = a, *const *y = b;

    return span_order((*x)->path, (*y)->path);
}

size_t model_set_at(const struct model_set *m, struct span path)
{
    size_t low = 0, high = m->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(m->files[mid]->path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct model_file *model_set_file(const struct model_set *m, struct span path)
{
    size_t at = model_set_at(m, path);

    return at < m->n && span_equal(m->files[at]->path, path) ? m->files[at] : NULL;
}

bool models_has_folder(const struct model_set *m, struct span path)
{
    size_t at = model_set_at(m, path);

    return at < m->n && span_starts(m->files[at]->path, path);
}

struct span model_resolve(struct arena *a, struct span from, struct span path)
{
    char *text = arena_alloc(a, from.n + path.n + 1);
    size_t n = from.n;

    if (!text)
        return SPAN_EMPTY;
    memcpy(text, from.p, from.n);
    while (path.n > 0) {
        size_t part = 0;

        while (part < path.n && path.p[part] != '/')
            part++;
        if (part == 2 && path.p[0] == '.' && path.p[1] == '.') {
            while (n > 0 && text[--n] == '/')
                ;
            while (n > 0 && text[n - 1] != '/')
                n--;
        } else if (part > 1 || (part == 1 && path.p[0] != '.')) {
            memcpy(text + n, path.p, part);
            n += part;
            if (part < path.n)
                text[n++] = '/';
        }
        (void)skip(&path, part < path.n ? part + 1 : part);
    }
    return span_of(text, n);
}

/* What a link within the root leads to speaks for the link: the cache of huggingface_hub is built
 * of them. */
static void follow_links(struct model_set *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct model_file *f = m->files[i], *to;
        struct span path = f->path;

        if (f->link.n == 0)
            continue;
        to = model_set_file(m, model_resolve(&m->arena, model_folder_of(path), f->link));
        if (!to || to->link.n > 0 || f->verdict != PRATIQUE_ADMIT)
            continue;
        *f = *to;
        f->path = path;
    }
}

void model_mark(struct model_marks *marks, struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (model_name_fits(kinds[i].a, name))
            marks->a |= UINT64_C(1) << i;
        if (!kinds[i].b || model_name_fits(kinds[i].b, name))
            marks->b |= UINT64_C(1) << i;
    }
}

const char *model_marked(const struct model_marks *marks)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (marks->a >> i & 1 && marks->b >> i & 1)
            return kinds[i].kind;
    return NULL;
}

/* An ONNX model that keeps its tensors in other files is one with them. */
static bool needs_others(const struct model_file *f)
{
    return f->needs_n > 0 && model_name_fits("*.onnx", f->path);
}

static int by_folder(const void *a, const void *b)
{
    return span_order(((const struct folder *)a)->path, ((const struct folder *)b)->path);
}

/* Every folder with a file in it, once, sorted by path. */
static struct folder *list_folders(struct model_set *m, size_t *n)
{
    struct folder *list = arena_array(&m->arena, m->n, sizeof *list);
    size_t kept = 0;

    *n = 0;
    for (size_t i = 0; list && i < m->n; i++) {
        struct folder f = { .path = model_folder_of(m->files[i]->path) };

        model_mark(&f.marks, model_base(m->files[i]->path));
        f.needs = needs_others(m->files[i]);
        list[i] = f;
    }
    if (list && m->n > 1)
        qsort(list, m->n, sizeof *list, by_folder);
    for (size_t i = 0; list && i < m->n; i++) {
        if (kept > 0 && span_equal(list[kept - 1].path, list[i].path)) {
            list[kept - 1].marks.a |= list[i].marks.a;
            list[kept - 1].marks.b |= list[i].marks.b;
            list[kept - 1].needs |= list[i].needs;
        } else {
            list[kept++] = list[i];
        }
    }
    *n = kept;
    return list;
}

static const char *kind_of(const struct folder *f)
{
    const char *kind = model_marked(&f->marks);

    return kind || !f->needs ? kind : "ONNX";
}

/* Whether the folder's config.json is that of a model. */
static bool has_config(struct model_set *m, struct span folder)
{
    char *path = arena_printf(&m->arena, "%.*sconfig.json", (int)folder.n, (const char *)folder.p);
    const struct model_file *f = path ? model_set_file(m, span_text(path)) : NULL;

    return f && span_find(f->format, 0, SPAN_LITERAL("huggingface config")) != SIZE_MAX;
}

/* Weights that were exported into a folder right below the configuration ("onnx/"). */
static const char *kind_below(struct model_set *m, const struct folder *list, size_t n, size_t at)
{
    struct span path = list[at].path;

    if (!has_config(m, path))
        return NULL;
    for (size_t i = at + 1; i < n && span_starts(list[i].path, path); i++) {
        const char *kind = kind_of(&list[i]);
        const uint8_t *slash = memchr(list[i].path.p + path.n, '/', list[i].path.n - path.n);

        if (kind && slash == list[i].path.p + list[i].path.n - 1)
            return kind;
    }
    return NULL;
}

static void add_folder(struct model_set *m, struct span path, const char *kind)
{
    struct model_folder *f = &m->folders[m->folders_n++];

    *f = (struct model_folder){ .path = path, .kind = kind, .from = model_set_at(m, path) };
    f->to = f->from;
    while (f->to < m->n && span_starts(m->files[f->to]->path, path))
        f->to++;
}

void model_set_find(struct model_set *m)
{
    struct folder *list;
    size_t n = 0;

    if (m->n > 1)
        qsort(m->files, m->n, sizeof *m->files, by_path);
    follow_links(m);
    list = list_folders(m, &n);
    m->folders = arena_array(&m->arena, n, sizeof *m->folders);
    for (size_t i = 0; list && m->folders && i < n; i++) {
        const struct model_folder *last = m->folders_n ? &m->folders[m->folders_n - 1] : NULL;
        const char *kind = kind_of(&list[i]);

        if (last && span_starts(list[i].path, last->path))
            continue;
        kind = kind ? kind : kind_below(m, list, n, i);
        if (kind)
            add_folder(m, list[i].path, kind);
    }
    for (size_t i = 0; i < m->folders_n; i++)
        model_roles(m, &m->folders[i]);
}
