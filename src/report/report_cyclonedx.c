/*
 * A bill of materials: CycloneDX 1.6 in JSON (ECMA-424, 2nd edition; cyclonedx.org/docs/1.6/json),
 * with the card of each model. The same files give the same text: the serial number is a hash of
 * it, and a time is told only where the caller gives one.
 *
 * Each artifact is a component. A folder that is a model is one with a card, and its files lie
 * within it, each with its role; that is known after they were reported, so all is written at the
 * end. What was found stands in properties whose names begin with "pratique:".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "base/sha256.h"
#include "report/writer.h"

#define FINDINGS_MAX 100 /* of one component */

struct bom_item {
    char *path; /* owned */
    bool whole, taken;
    size_t ref; /* "artifact-12" */
    struct json json;
    struct out text; /* up to the last of its properties, which are left open */
};

struct bom {
    struct bom_item **items;
    size_t n, size;
    struct out links; /* dependencies */
    struct json links_json;
    bool no_memory;
};

/* ---- shapes ---- */

static void property(struct json *j, const char *name, const char *value)
{
    if (!*value)
        return;
    json_open(j, NULL, '{');
    json_put_string(j, "name", name);
    json_put_string(j, "value", value);
    json_close(j, '}');
}

static void property_number(struct json *j, const char *name, uint64_t n)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)n);
    property(j, name, text);
}

static void text_or_nothing(struct json *j, const char *key, const char *s)
{
    if (*s)
        json_put_string(j, key, s);
}

/* What the artifact says under that key, or "". */
static const char *trait(const struct pratique_report *r, const char *key)
{
    for (size_t i = 0; i < pratique_report_traits(r); i++)
        if (strcmp(pratique_report_trait(r, i)->key, key) == 0)
            return pratique_report_trait(r, i)->value;
    return "";
}

/* Whether trait i is the first with its key and value. */
static bool is_first(const struct pratique_report *r, size_t i)
{
    const struct pratique_trait *t = pratique_report_trait(r, i);

    for (size_t k = i; k-- > 0 && i - k < 256;)
        if (strcmp(pratique_report_trait(r, k)->key, t->key) == 0 &&
            strcmp(pratique_report_trait(r, k)->value, t->value) == 0)
            return false;
    return true;
}

/* ---- parts of a component ---- */

/* The hub's names of licenses that have an SPDX identifier; others are told by name. */
static const char *spdx(const char *license)
{
    static const char *const ids[] = {
        "Apache-2.0",      "MIT",          "BSD-2-Clause",    "BSD-3-Clause", "CC-BY-4.0",
        "CC-BY-SA-4.0",    "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0",      "GPL-2.0",
        "GPL-3.0",         "LGPL-3.0",     "AGPL-3.0",        "MPL-2.0",      "Unlicense",
        "AFL-3.0",         "Artistic-2.0", "BSL-1.0",         "ISC",          "WTFPL",
        "CC-BY-NC-ND-4.0", "EPL-2.0",      "OFL-1.1",         "Zlib",         "ECL-2.0",
    };

    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (strcasecmp(ids[i], license) == 0)
            return ids[i];
    return NULL;
}

static void licenses(struct json *j, const struct pratique_report *r)
{
    bool open = false;

    for (size_t i = 0; i < pratique_report_traits(r); i++) {
        const struct pratique_trait *t = pratique_report_trait(r, i);

        if (strcmp(t->key, "license") != 0 || !is_first(r, i))
            continue;
        if (!open)
            json_open(j, "licenses", '[');
        open = true;
        json_open(j, NULL, '{');
        json_open(j, "license", '{');
        json_put_string(j, spdx(t->value) ? "id" : "name",
                        spdx(t->value) ? spdx(t->value) : t->value);
        json_close(j, '}');
        json_close(j, '}');
    }
    if (open)
        json_close(j, ']');
}

static void datasets(struct json *j, const struct pratique_report *r)
{
    bool open = false;

    for (size_t i = 0; i < pratique_report_traits(r); i++) {
        const struct pratique_trait *t = pratique_report_trait(r, i);

        if (strcmp(t->key, "dataset") != 0 || !is_first(r, i))
            continue;
        if (!open)
            json_open(j, "datasets", '[');
        open = true;
        json_open(j, NULL, '{');
        json_put_string(j, "type", "dataset");
        json_put_string(j, "name", t->value);
        json_close(j, '}');
    }
    if (open)
        json_close(j, ']');
}

/* The rest of what it says has no place of its own in a card. */
static void other_traits(struct json *j, const struct pratique_report *r)
{
    static const char *const placed[] = { "architecture", "type",    "task",
                                          "license",      "dataset", "version" };
    char name[128];

    json_open(j, "properties", '[');
    for (size_t i = 0; i < pratique_report_traits(r); i++) {
        const struct pratique_trait *t = pratique_report_trait(r, i);
        bool has_place = false;

        for (size_t k = 0; k < ARRAY_LEN(placed); k++)
            has_place |= strcmp(t->key, placed[k]) == 0;
        if (has_place || !is_first(r, i))
            continue;
        (void)snprintf(name, sizeof name, "pratique:says:%.80s", t->key);
        property(j, name, t->value);
    }
    json_close(j, ']');
}

static void model_card(struct json *j, const struct pratique_report *r)
{
    json_open(j, "modelCard", '{');
    json_open(j, "modelParameters", '{');
    text_or_nothing(j, "task", trait(r, "task"));
    text_or_nothing(j, "architectureFamily", trait(r, "type"));
    text_or_nothing(j, "modelArchitecture", trait(r, "architecture"));
    datasets(j, r);
    json_close(j, '}');
    other_traits(j, r);
    json_close(j, '}');
}

static void hashes(struct json *j, const char *sha256)
{
    if (!sha256 || !*sha256)
        return;
    json_open(j, "hashes", '[');
    json_open(j, NULL, '{');
    json_put_string(j, "alg", "SHA-256");
    json_put_string(j, "content", sha256);
    json_close(j, '}');
    json_close(j, ']');
}

static void evidence(struct json *j, const char *path)
{
    json_open(j, "evidence", '{');
    json_open(j, "occurrences", '[');
    json_open(j, NULL, '{');
    json_put_string(j, "location", path);
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
}

static void findings(struct json *j, const struct pratique_report *r)
{
    size_t n = pratique_report_findings(r);

    for (size_t i = 0; i < n && i < FINDINGS_MAX; i++) {
        const struct pratique_finding *f = pratique_report_finding(r, i);
        struct out text;

        out_init(&text, NULL, NULL);
        out_printf(&text, "%s %s: %s", f->rule->id, pratique_severity_name(f->severity),
                   f->rule->message);
        out_puts(&text, f->subject[0] ? ": " : "");
        out_puts(&text, f->subject);
        property(j, "pratique:finding", text.buf.p && !text.buf.failed ? text.buf.p : f->rule->id);
        out_free(&text);
    }
    if (n > FINDINGS_MAX)
        property_number(j, "pratique:findings", n);
}

/* What a component is called: the last name of its path. */
static const char *name_of(const char *path, char *room, size_t size)
{
    size_t n = strlen(path), from;

    while (n > 1 && path[n - 1] == '/')
        n--;
    for (from = n; from > 0 && path[from - 1] != '/';)
        from--;
    (void)snprintf(room, size, "%.*s", (int)(n - from), path + from);
    return room[0] ? room : path;
}

static const char *type_of(const struct pratique_report *r)
{
    const char *format = pratique_report_format(r);

    if (pratique_report_whole(r) || strcmp(pratique_report_policy(r), "model") == 0)
        return "machine-learning-model";
    if (strstr(format, "(wheel)") || strstr(format, "(sdist)"))
        return "library";
    return "file";
}

/* ---- items ---- */

static struct bom_item *new_item(struct bom *b, const char *path)
{
    size_t size = b->size ? b->size * 2 : 64;
    struct bom_item **items = b->items, *item = NULL;

    if (b->n == b->size)
        items = reallocarray(b->items, size, sizeof *items);
    if (items) {
        b->size = b->n == b->size ? size : b->size;
        b->items = items;
        item = calloc(1, sizeof *item);
    }
    if (item)
        item->path = strdup(path);
    if (!item || !item->path) {
        free(item);
        b->no_memory = true;
        return NULL;
    }
    out_init(&item->text, NULL, NULL);
    item->json.out = &item->text;
    item->ref = b->n;
    b->items[b->n++] = item;
    return item;
}

static void put_ref(struct json *j, const char *key, size_t ref)
{
    char text[32];

    (void)snprintf(text, sizeof text, "artifact-%zu", ref + 1);
    json_put_string(j, key, text);
}

/* The first version that the artifact's own component has. */
static const char *version(const struct pratique_report *r)
{
    const struct pratique_component *c = pratique_report_component(r, 0);

    return *trait(r, "version") || !c || pratique_report_whole(r) ? trait(r, "version")
                                                                  : c->version;
}

/* Everything but its last properties and what lies within it. */
static void head(struct bom_item *item, const struct pratique_report *r)
{
    struct json *j = &item->json;
    const char *type = type_of(r);
    char room[512];

    json_open(j, NULL, '{');
    json_put_string(j, "type", type);
    put_ref(j, "bom-ref", item->ref);
    json_put_string(j, "name", name_of(item->path, room, sizeof room));
    text_or_nothing(j, "version", version(r));
    hashes(j, pratique_report_sha256(r));
    licenses(j, r);
    if (strcmp(type, "machine-learning-model") == 0)
        model_card(j, r);
    evidence(j, item->path);
    json_open(j, "properties", '[');
    property(j, "pratique:verdict", pratique_verdict_name(pratique_report_verdict(r)));
    property(j, "pratique:format", pratique_report_format(r));
    property(j, "pratique:policy", pratique_report_policy(r));
    property_number(j, "pratique:bytes", pratique_report_bytes(r));
    findings(j, r);
}

/* Ends an item: its role, and its files. */
static void close_properties(struct bom_item *item, const char *role)
{
    property(&item->json, "pratique:role", role);
    json_close(&item->json, ']');
}

static int by_component_path(const void *key, const void *component)
{
    return strcmp(key, (*(const struct pratique_component *const *)component)->path);
}

static int order_components(const void *a, const void *b)
{
    return strcmp((*(const struct pratique_component *const *)a)->path,
                  (*(const struct pratique_component *const *)b)->path);
}

/* The folder's components by path; owned; NULL without any. */
static const struct pratique_component **sort_components(const struct pratique_report *r)
{
    size_t n = pratique_report_components(r);
    const struct pratique_component **list = calloc(n ? n : 1, sizeof *list);

    for (size_t i = 0; list && i < n; i++)
        list[i] = pratique_report_component(r, i);
    if (list && n > 1)
        qsort(list, n, sizeof *list, order_components);
    return list;
}

/* Puts one file into its model. */
static void take_file(struct bom *b, struct bom_item *model, struct bom_item *file,
                      const char *role)
{
    close_properties(file, role);
    json_close(&file->json, '}');
    json_raw(&model->json, NULL, &file->text);
    put_ref(&b->links_json, NULL, file->ref);
    file->taken = true;
    b->no_memory |= file->text.buf.failed;
    out_free(&file->text);
    out_init(&file->text, NULL, NULL);
}

static void take_files(struct bom *b, struct bom_item *model, const struct pratique_report *r)
{
    const struct pratique_component **list = sort_components(r);
    size_t n = list ? pratique_report_components(r) : 0, path_n = strlen(model->path);

    json_open(&b->links_json, NULL, '{');
    put_ref(&b->links_json, "ref", model->ref);
    json_open(&b->links_json, "dependsOn", '[');
    json_open(&model->json, "components", '[');
    for (size_t i = 0; i < b->n; i++) {
        struct bom_item *file = b->items[i];
        const struct pratique_component *const *c;

        if (file->taken || file->whole || strncmp(file->path, model->path, path_n) != 0)
            continue;
        c = bsearch(file->path, list, n, sizeof *list, by_component_path);
        take_file(b, model, file, c ? (*c)->role : "");
    }
    json_close(&model->json, ']');
    json_close(&b->links_json, ']');
    json_close(&b->links_json, '}');
    free(list);
}

static struct bom *bom_of(struct pratique_writer *w)
{
    if (!w->bom) {
        w->bom = calloc(1, sizeof *w->bom);
        if (w->bom) {
            out_init(&w->bom->links, NULL, NULL);
            w->bom->links_json.out = &w->bom->links;
            json_open(&w->bom->links_json, NULL, '[');
        }
    }
    return w->bom;
}

static void begin(struct pratique_writer *w)
{
    (void)bom_of(w);
}

static void add(struct pratique_writer *w, const struct pratique_report *r)
{
    struct bom *b = bom_of(w);
    struct bom_item *item = b ? new_item(b, pratique_report_path(r)) : NULL;

    if (!item)
        return;
    item->whole = pratique_report_whole(r);
    head(item, r);
    if (!item->whole)
        return;
    close_properties(item, "");
    take_files(b, item, r);
    json_close(&item->json, '}');
    b->no_memory |= item->text.buf.failed;
}

/* ---- the whole ---- */

static void metadata(struct pratique_writer *w)
{
    struct json *j = &w->json;
    time_t at = (time_t)w->style.time;
    struct tm tm;
    char text[32];

    json_open(j, "metadata", '{');
    if (at > 0 && gmtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
        json_put_string(j, "timestamp", text);
    json_open(j, "tools", '{');
    json_open(j, "components", '[');
    json_open(j, NULL, '{');
    json_put_string(j, "type", "application");
    json_put_string(j, "name", "pratique");
    json_put_string(j, "version", pratique_version());
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    json_open(j, "properties", '[');
    property(j, "pratique:verdict", pratique_verdict_name(w->worst));
    json_close(j, ']');
    json_close(j, '}');
}

/* A name-based UUID (RFC 9562, section 5.8 allows any hash) of what the components say. */
static bool serial(const struct bom *b, char out[64])
{
    uint8_t d[SHA256_BYTES];
    char hex[SHA256_HEX];
    struct sha256 hash;

    sha256_init(&hash);
    for (size_t i = 0; i < b->n; i++)
        sha256_update(&hash, b->items[i]->text.buf.p, b->items[i]->text.buf.n);
    if (!sha256_final(&hash, d))
        return false;
    d[6] = (uint8_t)((d[6] & 0x0F) | 0x80);
    d[8] = (uint8_t)((d[8] & 0x3F) | 0x80);
    sha256_hex(d, hex);
    (void)snprintf(out, 64, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
                   hex + 20);
    return true;
}

static void components(struct pratique_writer *w, struct bom *b)
{
    json_open(&w->json, "components", '[');
    for (size_t i = 0; i < b->n; i++)
        if (!b->items[i]->taken) {
            json_raw(&w->json, NULL, &b->items[i]->text);
            out_relieve(&w->out);
        }
    json_close(&w->json, ']');
}

/* Files that lie in no model. */
static void close_rest(struct bom *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct bom_item *item = b->items[i];

        if (item->taken || item->whole)
            continue;
        close_properties(item, "");
        json_close(&item->json, '}');
        b->no_memory |= item->text.buf.failed;
    }
    json_close(&b->links_json, ']');
    b->no_memory |= b->links.buf.failed;
}

static void end(struct pratique_writer *w)
{
    struct json *j = &w->json;
    struct bom *b = bom_of(w);
    char number[64];

    if (!b) {
        w->out.buf.failed = true;
        return;
    }
    close_rest(b);
    if (!serial(b, number) || b->no_memory) { /* a bill that lacks something is none */
        w->out.buf.failed = true;
        return;
    }
    json_open(j, NULL, '{');
    json_put_string(j, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    json_put_string(j, "bomFormat", "CycloneDX");
    json_put_string(j, "specVersion", "1.6");
    json_put_string(j, "serialNumber", number);
    json_number(j, "version", 1);
    metadata(w);
    components(w, b);
    json_raw(j, "dependencies", &b->links);
    json_close(j, '}');
    out_puts(&w->out, "\n");
}

void bom_free(struct bom *b)
{
    for (size_t i = 0; b && i < b->n; i++) {
        out_free(&b->items[i]->text);
        free(b->items[i]->path);
        free(b->items[i]);
    }
    if (b) {
        out_free(&b->links);
        free(b->items);
    }
    free(b);
}

const struct report_format report_cyclonedx = { begin, add, end };
