/*
 * The pure parts of installing a wheel, chosen by the first byte: R RECORD, M headers,
 * E entry points, N a file's name, L names of files for modules, anything else a whole wheel,
 * which is planned and unpacked into nothing.
 */
#include <stdlib.h>

#include "harness.h"
#include "watch/wheel_plan.h"

static const struct python python = { .program = "/usr/bin/python3.11",
                                      .prefix = "/usr",
                                      .library = "/usr/lib/python3.11",
                                      .major = 3,
                                      .minor = 11 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void put_record(struct buf *b, const struct record *r)
{
    for (size_t i = 0; i < r->n; i++)
        must(record_put(b, &r->rows[i]));
}

/* What was written reads as the same rows; a row of nothing at all is an empty line's like. */
static void check_record(struct arena *a, struct span in)
{
    struct record r, again;
    struct buf b;

    must(record_parse(&r, a, in));
    buf_init(&b, 64u << 20);
    put_record(&b, &r);
    must(record_parse(&again, a, span_of(b.p, b.n)) && again.n == r.n);
    record_sort(&r);
    record_sort(&again);
    for (size_t i = 0; i < r.n; i++) {
        uint8_t digest[64];
        size_t n;

        must(span_equal(r.rows[i].path, again.rows[i].path));
        must(span_equal(r.rows[i].hash, again.rows[i].hash));
        must(span_equal(r.rows[i].size, again.rows[i].size));
        must(record_find(&r, r.rows[i].path) != NULL);
        must((record_hash(r.rows[i].hash, digest, &n) >= HASH_SHA256) == (n > 0));
    }
    buf_free(&b);
}

static void check_headers(struct span in)
{
    struct span value;

    if (metadata_field(in, "Name", &value))
        must(project_names_equal(value, span_strip(value)) && value.n <= in.n);
}

static void check_entries(struct span in)
{
    struct span group = SPAN_EMPTY;
    struct entry_point e;
    int got;

    while ((got = entry_point_take(&in, &group, &e)) != 0)
        must(got < 0 || (e.name.n > 0 && e.module.n > 0 && !memchr(e.module.p, 0, e.module.n)));
}

static void check_name(struct arena *a, struct span in)
{
    struct wheel_name n;
    const char *why;

    if (!wheel_name_parse(in, &n))
        return;
    must(n.name.n && n.version.n && n.pythons.n && n.abis.n && n.platforms.n);
    why = wheel_unfit(a, &n, &python);
    must(!why || *why);
}

static void check_list(const char **list, size_t n, bool sorted)
{
    for (size_t i = 0; i < n; i++) {
        must(list[i][0] && !strchr(list[i], '/') && !strstr(list[i], "..") && list[i][0] != '.');
        must(i == 0 || !sorted || strcmp(list[i - 1], list[i]) < 0);
    }
}

static void check_modules(struct arena *a, struct span in)
{
    struct wheel_installed w = { .files = arena_array(a, in.n + 1, sizeof *w.files) };
    struct span line, entries;

    must(w.files != NULL);
    while (take_line(&in, &line) && line.n > 0)
        must((w.files[w.files_n++] = arena_copy(a, line.p, line.n)) != NULL);
    entries = in;
    must(wheel_modules(&w, a, &python, entries));
    check_list(w.modules, w.modules_n, false);
    check_list(w.submodules, w.submodules_n, true);
}

/* Nothing leaves: no name is absolute, climbs, or ends the text early. */
static void check_file(const struct wheel_file *f)
{
    struct span rest = span_text(f->key);

    must(rest.n > 0 && rest.p[0] != '/' && strncmp(f->key, "lib64/", 6) != 0);
    must(f->place < PLACES && span_ends(rest, span_text(f->path)));
    while (rest.n > 0) {
        const uint8_t *slash = memchr(rest.p, '/', rest.n);
        struct span part;

        (void)take(&rest, slash ? (size_t)(slash - rest.p) : rest.n, &part);
        (void)skip(&rest, 1);
        must(part.n > 0 && !span_is(part, ".") && !span_is(part, ".."));
    }
}

static void unpack_all(const struct wheel_plan *plan)
{
    struct wheel_unpacker u;
    struct span out;
    const char *why;

    must(wheel_unpacker_init(&u));
    for (size_t i = 0; i < plan->zip.n; i++) {
        const struct wheel_member *m = &plan->zip.members[i];

        if (wheel_unpack(&u, m, &out, &why) == PRATIQUE_OK)
            must(out.n == m->size);
        else
            must(why && out.n == 0);
    }
    wheel_unpacker_free(&u);
}

static void check_wheel(struct arena *a, struct span in)
{
    static const struct wheel_limits limits = { .bytes = 4u << 20, .members = 1000 };
    struct wheel_scheme scheme = { .python = "/home/alex/.venv/bin/python", .py = &python };
    struct wheel_plan plan = { .scheme = &scheme, .arena = a };
    struct pratique_error err = { 0 };
    struct wheel_name n;
    enum pratique_status st;

    must(wheel_name_parse(SPAN_LITERAL("pkg-1.0-py3-none-any.whl"), &n));
    plan.name = &n;
    st = wheel_plan_make(&plan, in, &limits, &err);
    must(st == PRATIQUE_OK || (err.status == st && err.msg[0]));
    if (st != PRATIQUE_OK)
        return;
    must(plan.zip.bytes <= limits.bytes && plan.n > plan.zip.n);
    for (size_t i = 0; i < plan.n; i++)
        check_file(&plan.files[i]);
    unpack_all(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n), rest = span_from(in, 1);
    struct arena a;

    arena_init(&a, 256u << 20);
    switch (n ? data[0] : 0) {
    case 'R':
        check_record(&a, rest);
        break;
    case 'M':
        check_headers(rest);
        break;
    case 'E':
        check_entries(rest);
        break;
    case 'N':
        check_name(&a, rest);
        break;
    case 'L':
        check_modules(&a, rest);
        break;
    default:
        check_wheel(&a, in);
    }
    arena_reset(&a);
    return 0;
}
