/*
 * What a wheel says of itself: the input is METADATA, WHEEL, RECORD and entry_points.txt, cut apart
 * at NULs, and the names of two more members. A text's headers come in order of their lines; no
 * name is of another project than itself; and nothing crashes.
 */
#include <stdlib.h>

#include "format/package/package.h"
#include "format/wheel/metadata.h"
#include "format/wheel/name.h"
#include "format/wheel/wheel.h"
#include "harness.h"

#define INFO "pkg-1.0.dist-info/"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static struct span take_part(struct span *in)
{
    const uint8_t *end = in->n ? memchr(in->p, 0, in->n) : NULL;
    struct span part;

    (void)take(in, end ? (size_t)(end - in->p) : in->n, &part);
    (void)skip(in, 1);
    return part;
}

static void check_headers(struct span text)
{
    struct span rest = text;
    struct header h;
    uint32_t line = 0, last = 0;

    while (metadata_header_take(&rest, &line, &h)) {
        must(h.line > last && h.line == line);
        last = h.line;
    }
}

static void check_names(struct span a, struct span b)
{
    struct span name, version, stem;

    must(project_names_equal(a, a));
    must(versions_equal(a, b) == versions_equal(b, a));
    if (project_stem_split(a, &name, &version))
        must(project_stem_is(a, name, version));
    if (sdist_stem(a, &stem))
        must(stem.n < a.n);
}

static void run_wheel(struct span parts[6])
{
    static const char *const names[] = { INFO "METADATA", INFO "WHEEL", INFO "RECORD",
                                         INFO "entry_points.txt" };
    struct member members[6] = { { .raw = SPAN_EMPTY } };
    struct archive a = { .kind = "zip", .members = members, .n = 6 };
    struct harness h;
    enum pratique_status st;
    uint64_t memory;

    for (size_t i = 0; i < 6; i++)
        members[i] = (struct member){ .name = i < 4 ? span_text(names[i]) : parts[i],
                                      .raw = SPAN_EMPTY,
                                      .stored = true,
                                      .size = i < 4 ? parts[i].n : 1 };
    harness_init(&h);
    memory = h.budget.memory_left;
    h.scan.packages = PACKAGES_KNOWN;
    h.scan.name = SPAN_LITERAL("pkg-1.0-py3-none-any.whl");
    package_begin(&h.scan, &a);
    if (h.scan.package) {
        for (size_t i = 0; i < 6; i++)
            if (i >= 4 || parts[i].n > 0)
                package_member(&h.scan, members[i].name, i < 4 ? parts[i] : SPAN_LITERAL("x"));
        st = package_end(&h.scan, PRATIQUE_OK);
        must(st == PRATIQUE_OK || st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM);
    }
    must(h.budget.memory_left == memory);
    harness_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n), parts[6];

    for (size_t i = 0; i < 6; i++)
        parts[i] = take_part(&in);
    for (size_t i = 0; i < 4; i++)
        check_headers(parts[i]);
    check_names(parts[4], parts[5]);
    run_wheel(parts);
    return 0;
}
