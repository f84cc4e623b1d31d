/* src/format/carve */
#include "format/carve/carve.h"

#include "base/budget.h"
#include "format/carve/trial.h"
#include "model.h"

#define CORPUS "tests/fuzz/corpus/carve/"

TEST(carve_finds)
{
    static const struct {
        const char *file;
        enum fact_kind kind;
        uint64_t offset, nested;
    } rows[] = {
        { "y_pickle0", FACT_PICKLE_CARVED, 302, 1 },
        { "y_pickle4", FACT_PICKLE_CARVED, 302, 1 },
        { "y_inst", FACT_PICKLE_CARVED, 2, 1 },
        { "y_no_proto", FACT_PICKLE_CARVED, 302, 1 },
        { "y_two", FACT_PICKLE_CARVED, 1, 2 },
        { "y_unfinished", FACT_PICKLE_CARVED, 302, 1 },
        { "y_gzip", FACT_CARVED, 302, 1 },
        { "y_tar", FACT_CARVED, 302, 1 },
        { "y_elf", FACT_CARVED, 302, 0 },
        { "y_npy", FACT_CARVED, 302, 0 },
        { "i_noise", FACT_UNKNOWN_CONTENT, 0, 0 },
        { "i_gzip", FACT_UNKNOWN_CONTENT, 0, 0 },
        { "i_names", FACT_UNKNOWN_CONTENT, 0, 0 },
        { "i_data", FACT_UNKNOWN_CONTENT, 0, 0 },
        { "i_proto", FACT_UNKNOWN_CONTENT, 0, 0 },
        { "i_tar", FACT_UNKNOWN_CONTENT, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f;
        char path[128];
        struct span in;
        struct bench b;

        (void)snprintf(path, sizeof path, CORPUS "%s", rows[i].file);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_run(&b, &format_unknown, in, rows[i].file);
        f = bench_fact(&b, rows[i].kind);
        CHECK(b.status == PRATIQUE_OK && f && f->offset == rows[i].offset, "%s: at %llu",
              rows[i].file, f ? (unsigned long long)f->offset : 0);
        CHECK(b.nested == rows[i].nested, "%s: %llu handed on", rows[i].file,
              (unsigned long long)b.nested);
        CHECK(bench_count(&b, FACT_UNKNOWN_CONTENT) == 1, "%s: stays unknown", rows[i].file);
        CHECK(rows[i].kind != FACT_UNKNOWN_CONTENT || b.facts.n == 1, "%s: nothing else",
              rows[i].file);
        bench_free(&b);
        free((void *)(uintptr_t)in.p);
    }
}

TEST(carve_does_not_come_back_to_a_part)
{
    struct span in;
    struct bench b;

    CHECK(bench_load(CORPUS "y_pickle4", &in), "file");
    bench_run(&b, &format_unknown, in, "bytes at 0x1f");
    CHECK(b.facts.n == 1 && b.nested == 0, "searched before");
    bench_free(&b);
    free((void *)(uintptr_t)in.p);
}

/* Whatever is repeated, the search looks at each byte a bounded number of times. */
TEST(carve_is_linear)
{
    static const struct span patterns[] = {
        SPAN_LITERAL("\x80\x04\x95"),
        SPAN_LITERAL("cccccccccc"),
        SPAN_LITERAL("cos\nsystem\n"),
        SPAN_LITERAL("ca\n"),
        SPAN_LITERAL("(((((((("),
        SPAN_LITERAL("ios\nx\n"),
        SPAN_LITERAL("iiiiiiii\nii\n"),
        SPAN_LITERAL("\x8c\x02os\x94"),
        SPAN_LITERAL("PK\3\4\x14\0\0\0\0\0"),
        SPAN_LITERAL("ustar"),
        SPAN_LITERAL("\x1f\x8b\x08\0\0\0\0\0\0\3"),
        SPAN_LITERAL("MZ"),
        SPAN_LITERAL("\x80\x02]q\0(K\1K\2e"),
        SPAN_LITERAL("\x80\x02I1\n"),
        SPAN_LITERAL("PK\5\6"),
        SPAN_LITERAL("\x28\xb5\x2f\xfd\0\0"),
        SPAN_LITERAL("cos\nsystem\n0"),
        SPAN_LITERAL("(ios\nx\n0"),
    };
    const size_t n = 1 << 20;
    uint8_t *file = malloc(n);

    for (size_t i = 0; file && i < sizeof patterns / sizeof *patterns; i++) {
        uint64_t start, took;
        struct bench b;

        file[0] = 0;
        for (size_t at = 1; at < n; at++)
            file[at] = patterns[i].p[(at - 1) % patterns[i].n];
        start = budget_now_us();
        bench_run(&b, &format_unknown, span_of(file, n), "pattern");
        took = budget_now_us() - start;
        CHECK(took < 3000000, "pattern %zu: %llu us", i, (unsigned long long)took);
        CHECK(b.nested <= 1001 && b.nested_bytes <= 8 * (uint64_t)n, "pattern %zu: %llu of %llu", i,
              (unsigned long long)b.nested_bytes, (unsigned long long)b.nested);
        bench_free(&b);
    }
    free(file);
}

TEST(carve_trials)
{
    static const struct {
        const char *what;
        struct span in;
        bool worth;
    } rows[] = {
        { "a call", SPAN_LITERAL("cos\nsystem\n(S'x'\ntR."), true },
        { "a call, no end", SPAN_LITERAL("cos\nsystem\n(S'x'\ntR"), true },
        { "a name alone", SPAN_LITERAL("cos\nsystem\n."), true },
        { "a name, no end", SPAN_LITERAL("cos\nsystem\n"), false },
        { "data", SPAN_LITERAL("\x80\x04K\1."), false },
        { "a call of nothing", SPAN_LITERAL("\x80\x04K\1K\2R."), false },
        { "built name", SPAN_LITERAL("\x80\x04\x8c\2os\x8c\6system\x93)R."), true },
        { "lines that are no names", SPAN_LITERAL("(iX\n\xdeM\n."), false },
        { "a call of too little", SPAN_LITERAL("cos\nsystem\nR."), false },
        { "nothing", { (const uint8_t *)"", 0 }, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trial t = trial_pickle(rows[i].in);

        CHECK(t.worth == rows[i].worth && t.used <= rows[i].in.n, "%s", rows[i].what);
    }
}

TEST(carve_sweep)
{
    static const char *const files[] = { "y_gzip", "y_inst", "y_tar", "i_zip" };
    struct span in;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, CORPUS "%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_sweep(&format_unknown, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}
