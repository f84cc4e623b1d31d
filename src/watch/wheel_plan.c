/*
 * Where each file of a wheel goes: the binary distribution format 1.0, and for what it leaves
 * open pip 23.2 (src/pip/_internal/operations/install/wheel.py), in what it does, not how.
 */
#include "watch/wheel_plan.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "fact/fact.h"
#include "format/path.h"
#include "format/wheel/metadata.h"

#define GENERATED_MAX 8 /* INSTALLER, REQUESTED, pip's versioned scripts */
#define SHOWN_MAX     120

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
}

static enum pratique_status broken(struct wheel_plan *p, struct span name, const char *why,
                                   struct pratique_error *err)
{
    struct span shown = fact_printable(p->arena, name, SHOWN_MAX);

    return error_set(err, PRATIQUE_E_FORMAT, 0, "%.*s: %s", (int)shown.n, (const char *)shown.p,
                     why);
}

void wheel_plan_tell(struct wheel_plan *plan, struct span path, const char *what)
{
    struct watch_event e = {
        .kind = EVENT_INSTALL, .subject = path, .detail = span_text(what), .frames = SPAN_EMPTY
    };

    if (!plan->tell || plan->told++ >= WHEEL_TOLD_MAX)
        return;
    if (plan->told == WHEEL_TOLD_MAX)
        e.detail = SPAN_LITERAL("and more, of this and other files");
    plan->tell(plan->user, &e);
}

static struct span first_part(struct span name)
{
    return path_take_component(&name, false);
}

/* ---- .dist-info ---- */

static enum pratique_status find_dist_info(struct wheel_plan *p, struct pratique_error *err)
{
    p->dist_info = SPAN_EMPTY;
    for (size_t i = 0; i < p->zip.n; i++) {
        struct span part = first_part(p->zip.members[i].name);

        if (!span_ends(part, SPAN_LITERAL(".dist-info")) || span_equal(part, p->dist_info))
            continue;
        if (p->dist_info.n)
            return broken(p, part, "a second .dist-info folder", err);
        p->dist_info = part;
    }
    if (p->dist_info.n == 0)
        return error_set(err, PRATIQUE_E_FORMAT, 0, "no wheel: it has no .dist-info folder");
    return PRATIQUE_OK;
}

/* The text of a file in .dist-info, in the arena; *there tells whether there is one. */
static enum pratique_status load(struct wheel_plan *p, const char *name, bool *there,
                                 struct span *out, struct pratique_error *err)
{
    char *path =
        arena_printf(p->arena, "%.*s/%s", (int)p->dist_info.n, (const char *)p->dist_info.p, name);
    const struct wheel_member *m = path ? wheel_zip_find(&p->zip, span_text(path)) : NULL;
    enum pratique_status st = PRATIQUE_E_NOMEM;
    const char *why = "out of memory", *copy;
    struct wheel_unpacker u;

    *out = SPAN_EMPTY;
    *there = m != NULL;
    if (!path)
        return no_memory(err);
    if (!m)
        return PRATIQUE_OK;
    if (wheel_unpacker_init(&u) && (st = wheel_unpack(&u, m, out, &why)) == PRATIQUE_OK) {
        copy = arena_copy(p->arena, out->p, out->n);
        st = copy ? PRATIQUE_OK : PRATIQUE_E_NOMEM;
        *out = copy ? span_of(copy, out->n) : SPAN_EMPTY;
    }
    wheel_unpacker_free(&u);
    return st == PRATIQUE_OK ? st : wheel_member_fault(m, st, why, err);
}

static enum pratique_status load_needed(struct wheel_plan *p, const char *name, struct span *out,
                                        struct pratique_error *err)
{
    bool there;
    enum pratique_status st = load(p, name, &there, out, err);

    if (st == PRATIQUE_OK && !there)
        return error_set(err, PRATIQUE_E_FORMAT, 0, "no wheel: its .dist-info has no %s", name);
    return st;
}

/* "1.0": another major version may mean anything; another minor one is taken. */
static enum pratique_status check_version(struct wheel_plan *p, struct span wheel,
                                          struct pratique_error *err)
{
    struct span v;

    if (!metadata_field(wheel, "Wheel-Version", &v))
        return error_set(err, PRATIQUE_E_FORMAT, 0, "no wheel: WHEEL has no Wheel-Version");
    if (!span_starts(v, SPAN_LITERAL("1.")) || v.n < 3)
        return broken(p, v, "this version of the wheel format is not known", err);
    if (!span_is(v, "1.0"))
        wheel_plan_tell(p, p->dist_info, "its Wheel-Version is newer than 1.0");
    return PRATIQUE_OK;
}

static bool same_version(struct span a, struct span b)
{
    return project_names_equal(a, b) || (span_find(a, 0, SPAN_LITERAL("+")) != SIZE_MAX &&
                                         span_find(b, 0, SPAN_LITERAL("_")) != SIZE_MAX);
}

/* The file's name, .dist-info and METADATA should speak of one project. */
static enum pratique_status check_names(struct wheel_plan *p, struct span metadata,
                                        struct pratique_error *err)
{
    struct span stem = p->dist_info, name, version, part;
    size_t dash;

    stem.n -= sizeof ".dist-info" - 1;
    dash = span_find(stem, 0, SPAN_LITERAL("-"));
    (void)span_sub(stem, 0, dash == SIZE_MAX ? stem.n : dash, &part);
    if (!project_names_equal(part, p->name->name))
        return broken(p, p->dist_info, "of another project than the file's name", err);
    if (!metadata_field(metadata, "Name", &name) || !metadata_field(metadata, "Version", &version))
        return error_set(err, PRATIQUE_E_FORMAT, 0, "METADATA has no Name or no Version");
    if (!project_names_equal(name, p->name->name))
        return broken(p, name, "METADATA names another project than the file's name", err);
    if (dash != SIZE_MAX && !same_version(span_from(stem, dash + 1), p->name->version))
        wheel_plan_tell(p, p->dist_info, "of another version than the file's name");
    if (!same_version(version, p->name->version))
        wheel_plan_tell(p, version, "METADATA's version is another than the file's name");
    return PRATIQUE_OK;
}

static enum pratique_status read_dist_info(struct wheel_plan *p, struct pratique_error *err)
{
    struct span wheel, metadata;
    enum pratique_status st;
    bool there;

    if ((st = find_dist_info(p, err)) != PRATIQUE_OK ||
        (st = load_needed(p, "WHEEL", &wheel, err)) != PRATIQUE_OK ||
        (st = check_version(p, wheel, err)) != PRATIQUE_OK ||
        (st = load_needed(p, "METADATA", &metadata, err)) != PRATIQUE_OK ||
        (st = check_names(p, metadata, err)) != PRATIQUE_OK ||
        (st = load_needed(p, "RECORD", &p->record_text, err)) != PRATIQUE_OK ||
        (st = load(p, "entry_points.txt", &there, &p->entry_points, err)) != PRATIQUE_OK)
        return st;
    if (!record_parse(&p->record, p->arena, p->record_text))
        return no_memory(err);
    record_sort(&p->record);
    return PRATIQUE_OK;
}

/* ---- places ---- */

static bool set_prefixes(struct wheel_plan *p)
{
    const struct python *py = p->scheme->py;

    p->prefix[PLACE_SITE] = arena_printf(p->arena, "lib/python%u.%u%s/site-packages/", py->major,
                                         py->minor, py->free_threaded ? "t" : "");
    p->prefix[PLACE_HEADERS] =
        arena_printf(p->arena, "include/site/python%u.%u/", py->major, py->minor);
    p->prefix[PLACE_BIN] = "bin/";
    p->prefix[PLACE_DATA] = "";
    return p->prefix[PLACE_SITE] && p->prefix[PLACE_HEADERS];
}

/* What people type, and programs run, without asking which one of the name they get. */
static bool is_everyday_name(struct span name)
{
    static const char *const names[] = {
        "sh",   "bash",  "dash",  "zsh", "ls",   "cat", "cp",   "mv",     "rm",    "mkdir", "rmdir",
        "ln",   "chmod", "chown", "env", "id",   "ps",  "kill", "whoami", "echo",  "test",  "true",
        "grep", "sed",   "awk",   "cut", "head", "tar", "gzip", "find",   "su",    "sudo",  "ssh",
        "scp",  "gpg",   "git",   "man", "less", "vi",  "curl", "wget",   "docker"
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/*
 * Fills place, path, key and recorded of a file that goes below a place: whichever way it is
 * named, the same file has the same key. lib64 is a link to lib in an environment.
 */
static bool settle(struct wheel_plan *p, struct wheel_file *f, enum wheel_place place,
                   struct span path)
{
    char *key =
        arena_printf(p->arena, "%s%.*s", p->prefix[place], (int)path.n, (const char *)path.p);

    if (key && strncmp(key, "lib64/", 6) == 0)
        key = arena_printf(p->arena, "lib/%s", key + 6);
    if (!key)
        return false;
    f->place = PLACE_SITE;
    while (strncmp(key, p->prefix[f->place], strlen(p->prefix[f->place])) != 0)
        f->place++; /* that of data is empty */
    f->key = key;
    f->path = key + strlen(p->prefix[f->place]);
    if (f->place == PLACE_BIN && is_everyday_name(span_text(f->path)))
        wheel_plan_tell(p, span_text(key), "comes before the system's program of that name");
    f->recorded = f->place == PLACE_SITE ? f->path : arena_printf(p->arena, "../../../%s", key);
    return f->recorded != NULL;
}

static struct wheel_file *new_file(struct wheel_plan *p)
{
    struct wheel_file *grown;

    if (p->n == p->size) {
        p->size = p->size ? p->size * 2 : p->zip.n + GENERATED_MAX;
        grown = arena_array(p->arena, p->size, sizeof *grown);
        if (!grown)
            return NULL;
        if (p->n)
            memcpy(grown, p->files, p->n * sizeof *grown);
        p->files = grown;
    }
    return &p->files[p->n++];
}

bool wheel_plan_add(struct wheel_plan *plan, const char *key, struct span bytes, bool executable)
{
    struct wheel_file *f = new_file(plan);

    if (!f)
        return false;
    *f = (struct wheel_file){ .made = bytes, .executable = executable };
    return settle(plan, f, PLACE_DATA, span_text(key));
}

/* Headers go below a folder of the project's name, as it is written in the file's name. */
static bool settle_header(struct wheel_plan *p, struct wheel_file *f, struct span path)
{
    char *with = arena_printf(p->arena, "%.*s/%.*s", (int)p->name->name.n,
                              (const char *)p->name->name.p, (int)path.n, (const char *)path.p);

    for (char *c = with; c && *c && *c != '/'; c++)
        if (*c == '_')
            *c = '-';
    return with && settle(p, f, PLACE_HEADERS, span_text(with));
}

/* "x.data/KEY/PATH"; why not, or NULL. */
static const char *settle_data(struct wheel_plan *p, struct wheel_file *f, struct span path)
{
    struct span folder = path_take_component(&path, false);
    struct span key = path_take_component(&path, false);
    struct span stem = p->dist_info;
    bool fits;

    stem.n -= sizeof ".dist-info" - 1;
    if (!span_starts(folder, stem) || folder.n != stem.n + sizeof ".data" - 1)
        wheel_plan_tell(p, f->member->name, "in a .data folder of another name");
    if (path.n == 0)
        return "in .data, and below no scheme";
    if (span_is(key, "purelib") || span_is(key, "platlib"))
        fits = settle(p, f, PLACE_SITE, path);
    else if (span_is(key, "scripts"))
        fits = settle(p, f, PLACE_BIN, path);
    else if (span_is(key, "data"))
        fits = settle(p, f, PLACE_DATA, path);
    else if (span_is(key, "headers"))
        fits = settle_header(p, f, path);
    else
        return "in .data, below a scheme that there is not";
    f->script = span_is(key, "scripts");
    f->skipped = f->script && wheel_plan_is_wrapper(p, path_base(path));
    return fits ? NULL : "out of memory";
}

/* What pip takes as it is, though no honest tool makes it. */
static void tell_oddities(struct wheel_plan *p, const struct wheel_member *m)
{
    if (m->special)
        wheel_plan_tell(p, m->name, "said to be a link or a device: a plain file is made of it");
    if (m->unmarked)
        wheel_plan_tell(p, m->name, "its name is not ASCII, and not said to be UTF-8");
    if (memchr(m->name.p, '\\', m->name.n))
        wheel_plan_tell(p, m->name, "a backslash in its name");
}

static enum pratique_status plan_member(struct wheel_plan *p, const struct wheel_member *m,
                                        struct pratique_error *err)
{
    struct wheel_file *f = new_file(p);
    uint8_t *out = arena_alloc(p->arena, m->name.n + 1);
    const char *why = NULL;
    struct path_manner how;
    struct span path;

    if (!f || !out)
        return no_memory(err);
    *f = (struct wheel_file){ .member = m, .made = SPAN_EMPTY, .executable = m->executable };
    path = path_normal_form(m->name, false, out, &how);
    if (how.leaves || m->name.p[0] == '/')
        return wheel_member_fault(m, PRATIQUE_E_FORMAT, "its name leads out of the wheel", err);
    if (path.n == 0)
        return wheel_member_fault(m, PRATIQUE_E_FORMAT, "its name is no file's", err);
    if (!span_equal(path, m->name))
        wheel_plan_tell(p, m->name, "its name takes a detour");
    tell_oddities(p, m);
    if (span_ends(first_part(m->name), SPAN_LITERAL(".data")))
        why = settle_data(p, f, path);
    else if (!settle(p, f, PLACE_SITE, path))
        return no_memory(err);
    return why ? wheel_member_fault(m, PRATIQUE_E_FORMAT, why, err) : PRATIQUE_OK;
}

static bool plan_generated(struct wheel_plan *p)
{
    static const struct {
        const char *name, *text;
    } files[] = { { "INSTALLER", "pip\n" }, { "REQUESTED", "" }, { "RECORD", "" } };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char *key = arena_printf(p->arena, "%s%.*s/%s", p->prefix[PLACE_SITE], (int)p->dist_info.n,
                                 (const char *)p->dist_info.p, files[i].name);

        if (!key || !wheel_plan_add(p, key, span_text(files[i].text), false))
            return false;
    }
    return true;
}

/* ---- two files in one place ---- */

/* How late pip writes it: the last one stays. */
static int rank(const struct wheel_file *f)
{
    if (!f->member)
        return 3;
    if (!span_ends(first_part(f->member->name), SPAN_LITERAL(".data")))
        return 0;
    return f->script ? 2 : 1;
}

static int by_key(const void *a, const void *b)
{
    const struct wheel_file *x = *(struct wheel_file *const *)a;
    const struct wheel_file *y = *(struct wheel_file *const *)b;
    int c = strcmp(x->key, y->key);

    c = c ? c : rank(x) - rank(y);
    return c ? c : (x > y) - (x < y);
}

static bool is_generated_info(const struct wheel_plan *p, const struct wheel_file *f)
{
    return !f->member && f->place == PLACE_SITE && span_starts(span_text(f->path), p->dist_info);
}

static bool drop_overwritten(struct wheel_plan *p)
{
    struct wheel_file **order = arena_array(p->arena, p->n, sizeof *order);
    size_t n = 0;

    if (!order)
        return false;
    for (size_t i = 0; i < p->n; i++)
        if (!p->files[i].skipped)
            order[n++] = &p->files[i];
    if (n > 1)
        qsort(order, n, sizeof *order, by_key);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(order[i - 1]->key, order[i]->key) != 0)
            continue;
        order[i - 1]->overwritten = true;
        if (!is_generated_info(p, order[i]))
            wheel_plan_tell(p, span_text(order[i]->key), "two files of the wheel go there");
    }
    return true;
}

/* ---- RECORD ---- */

/* RECORD and its signatures cannot name their own hash. */
static bool is_exempt(const struct wheel_plan *p, struct span name)
{
    struct span file = span_from(name, p->dist_info.n + 1);

    return span_starts(name, p->dist_info) &&
           (span_is(file, "RECORD") || span_is(file, "RECORD.jws") || span_is(file, "RECORD.p7s"));
}

static void compare_row(struct wheel_plan *p, const struct wheel_file *f)
{
    struct span name = f->member->name;
    uint8_t digest[64];
    size_t n;

    if (!record_size_is(f->row->size, f->member->size))
        wheel_plan_tell(p, name, "its size is not what RECORD says");
    switch (record_hash(f->row->hash, digest, &n)) {
    case HASH_NONE:
        wheel_plan_tell(p, name, "RECORD has no hash of it");
        return;
    case HASH_WEAK:
        wheel_plan_tell(p, name, "its hash in RECORD is a weak one: not compared");
        return;
    case HASH_UNKNOWN:
        wheel_plan_tell(p, name, "its hash in RECORD is none that is known");
        return;
    default:
        return;
    }
}

static void compare_rows(struct wheel_plan *p)
{
    const struct record *r = &p->record;

    for (size_t i = 0; i < r->n; i++) {
        if (i > 0 && span_equal(r->rows[i].path, r->rows[i - 1].path))
            wheel_plan_tell(p, r->rows[i].path, "RECORD names it twice");
        else if (!wheel_zip_find(&p->zip, r->rows[i].path) && !is_exempt(p, r->rows[i].path))
            wheel_plan_tell(p, r->rows[i].path, "RECORD names it, and it is not there");
    }
    for (size_t i = 0; i < p->zip.n; i++) {
        struct wheel_file *f = &p->files[i];

        f->row = record_find(r, f->member->name);
        if (is_exempt(p, f->member->name))
            continue;
        if (f->row)
            compare_row(p, f);
        else
            wheel_plan_tell(p, f->member->name, "RECORD does not name it");
    }
}

enum pratique_status wheel_plan_make(struct wheel_plan *plan, struct span bytes,
                                     const struct wheel_limits *limits, struct pratique_error *err)
{
    enum pratique_status st = wheel_zip_list(bytes, limits, plan->arena, &plan->zip, err);

    plan->files = NULL;
    plan->n = plan->size = plan->told = 0;
    if (st != PRATIQUE_OK || (st = read_dist_info(plan, err)) != PRATIQUE_OK)
        return st;
    if (!set_prefixes(plan))
        return no_memory(err);
    if ((st = wheel_plan_list_scripts(plan, err)) != PRATIQUE_OK)
        return st;
    for (size_t i = 0; i < plan->zip.n; i++)
        if ((st = plan_member(plan, &plan->zip.members[i], err)) != PRATIQUE_OK)
            return st;
    if (!wheel_plan_add_scripts(plan) || !plan_generated(plan) || !drop_overwritten(plan))
        return no_memory(err);
    compare_rows(plan);
    return PRATIQUE_OK;
}
