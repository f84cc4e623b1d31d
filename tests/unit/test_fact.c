/* src/fact/fact.c: facts are copied, made printable, and bounded. */
#include "fact/fact.h"
#include "test.h"

TEST(fact_printable_escapes)
{
    static const struct {
        const char *what, *in;
        size_t n, max;
        const char *want;
    } rows[] = {
        { "nothing", "", 0, 100, "" },
        { "plain", "os.system", 9, 100, "os.system" },
        { "UTF-8", "\xc3\xa9\xe4\xb8\xad", 5, 100, "\xc3\xa9\xe4\xb8\xad" },
        { "control", "a\x1b[2J\n\t\r", 8, 100, "a\\x1b[2J\\n\\t\\r" },
        { "NUL", "a\0b", 3, 100, "a\\x00b" },
        { "broken", "a\xff\xc3", 3, 100, "a\\xff\\xc3" },
        { "right to left",
          "a\xe2\x80\xae"
          "b",
          5, 100, "a\\u202eb" },
        { "tags", "\xf3\xa0\x81\x81", 4, 100, "\\U000e0041" },
        { "just fits", "abcd", 4, 4, "abcd" },
        { "cut", "abcde", 5, 4, "abcd..." },
        { "an escape is not cut in two", "abc\x01", 4, 5, "abc..." },
        { "nor a code point", "abc\xe4\xb8\xad", 6, 5, "abc..." },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a;
        struct span got;

        arena_init(&a, 1 << 16);
        got = fact_printable(&a, span_of(rows[i].in, rows[i].n), rows[i].max);
        CHECK(span_is(got, rows[i].want), "%s: %.*s", rows[i].what, (int)got.n,
              (const char *)got.p);
        arena_reset(&a);
    }
}

static void start(struct arena *a, struct facts *f)
{
    arena_init(a, 64 << 20);
    facts_init(f, a);
}

static void stop(struct arena *a, struct facts *f)
{
    facts_free(f);
    arena_reset(a);
}

TEST(facts_are_copied)
{
    char subject[] = "os.system";
    struct arena a;
    struct facts f;

    start(&a, &f);
    facts_add(&f, &(struct fact){ .kind = FACT_PICKLE_CALL, .subject = span_text(subject) });
    memset(subject, 'x', sizeof subject - 1);
    CHECK(f.n == 1 && span_is(f.list[0].subject, "os.system"), "its text");
    CHECK(f.list[0].count == 1, "0 is taken as 1");
    CHECK(!f.full, "not full");
    stop(&a, &f);
}

TEST(facts_past_the_bound_are_told)
{
    struct arena a;
    struct facts f;

    start(&a, &f);
    for (size_t i = 0; i <= FACT_MAX; i++) {
        CHECK(!f.full, "full at %zu", i);
        facts_add(&f, &(struct fact){ .kind = FACT_EMPTY });
    }
    CHECK(f.full && f.n == FACT_MAX, "full after %zu", f.n);
    stop(&a, &f);
}

TEST(facts_of_reading_are_counted_past_their_bound)
{
    struct arena a;
    struct facts f;

    start(&a, &f);
    for (size_t i = 0; i < FACT_READ_MAX + 5; i++)
        facts_add(&f, &(struct fact){ .kind = FACT_READ });
    CHECK(f.n == FACT_READ_MAX && f.reads_omitted == 5, "%zu, %zu omitted", f.n,
          (size_t)f.reads_omitted);
    CHECK(!f.full, "which loses nothing that matters");
    stop(&a, &f);
}

TEST(facts_without_memory_are_told)
{
    struct arena a;
    struct facts f;

    arena_init(&a, 64);
    facts_init(&f, &a);
    for (int i = 0; i < 4; i++)
        facts_add(&f, &(struct fact){ .kind = FACT_EMPTY,
                                      .subject = SPAN_LITERAL("some subject that takes room") });
    CHECK(f.full, "an exhausted arena");
    stop(&a, &f);
}

TEST(where_paths)
{
    const struct where *outer, *inner, *last;
    struct arena a;
    struct facts f;

    start(&a, &f);
    outer = facts_where(&f, NULL, SPAN_LITERAL("model.pt"));
    inner = facts_where(&f, outer, SPAN_LITERAL("archive/data\n.pkl"));
    last = facts_where(&f, inner, SPAN_LITERAL(""));
    CHECK(outer && inner && last, "made");
    CHECK(strcmp(where_path(&a, outer), "model.pt") == 0, "outermost");
    CHECK(strcmp(where_path(&a, inner), "model.pt!/archive/data\\n.pkl") == 0, "nested");
    CHECK(strcmp(where_path(&a, last), "model.pt!/archive/data\\n.pkl!/") == 0, "no name");
    CHECK(last->depth == 2 && last->id == 2, "counted");
    stop(&a, &f);
}

TEST(fact_kinds_have_names)
{
    for (int k = 0; k < FACT_KINDS; k++)
        CHECK(strlen(fact_kind_name((enum fact_kind)k)) > 1, "kind %d", k);
    CHECK(strcmp(fact_kind_name(FACT_KINDS), "?") == 0, "out of range");
}
