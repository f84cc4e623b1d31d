/* Jobs, frames, hellos and answers: there and back, cut short, and bent. */
#include "test.h"

#include <stdlib.h>

#include "scan/engine.h"
#include "scan/wire.h"

struct sink {
    struct arena arena;
    struct facts facts;
    struct wire_end end;
    const char *why;
};

static void sink_init(struct sink *s)
{
    arena_init(&s->arena, 64u << 20);
    facts_init(&s->facts, &s->arena);
}

static void sink_free(struct sink *s)
{
    facts_free(&s->facts);
    arena_reset(&s->arena);
}

static enum pratique_status sink_take(struct sink *s, const void *p, size_t n)
{
    sink_init(s);
    return wire_take_answer(span_of(p, n), SPAN_LITERAL("the path"), &s->facts, &s->end, &s->why);
}

static const struct wire_end sample_end = { .flags = WIRE_END_SHA256,
                                            .work = 1234,
                                            .time_us = 99,
                                            .sha256 = { 1, 2, 3 },
                                            .format = "zip (torch)" };

/* Three facts in two nested files. */
static void fill_sample(struct sink *s)
{
    const struct where *root, *zip, *pkl;
    struct fact f;

    sink_init(s);
    root = facts_where(&s->facts, NULL, SPAN_LITERAL("some/path.pt"));
    zip = facts_where(&s->facts, root, SPAN_LITERAL("inner.zip"));
    (void)!facts_where(&s->facts, root, SPAN_LITERAL("nothing is said of this one"));
    pkl = facts_where(&s->facts, zip, SPAN_LITERAL("data.pkl"));
    f = (struct fact){ .kind = FACT_READ,
                       .where = pkl,
                       .offset = PRATIQUE_NO_OFFSET,
                       .number = 77,
                       .subject = SPAN_LITERAL("pickle"),
                       .detail = SPAN_LITERAL("protocol 4") };
    facts_add(&s->facts, &f);
    f = (struct fact){ .kind = FACT_BROKEN,
                       .flags = 5,
                       .where = root,
                       .offset = 1ull << 40,
                       .line = 3,
                       .column = 9,
                       .count = 6,
                       .subject = SPAN_LITERAL("zip"),
                       .detail = SPAN_EMPTY };
    facts_add(&s->facts, &f);
    f = (struct fact){ .kind = FACT_POLYGLOT,
                       .where = zip,
                       .subject = SPAN_EMPTY,
                       .detail = SPAN_EMPTY,
                       .refs = { SPAN_LITERAL("a.b"), SPAN_LITERAL("c.d") },
                       .refs_n = 2 };
    facts_add(&s->facts, &f);
    s->facts.reads_omitted = 8;
}

static void make_sample(struct buf *out)
{
    struct sink s;

    fill_sample(&s);
    buf_init(out, WIRE_ANSWER_MAX);
    CHECK(wire_put_answer(out, &s.facts, &sample_end), "the sample is written");
    sink_free(&s);
}

static void check_fact(const struct fact *f, const char *path, enum fact_kind kind)
{
    struct arena a;
    const char *got;

    arena_init(&a, 1u << 20);
    got = where_path(&a, f->where);
    CHECK(f->kind == kind && got && strcmp(got, path) == 0, "kind %d in %s", f->kind, got);
    arena_reset(&a);
}

TEST(wire_answer_there_and_back)
{
    struct buf out;
    struct sink s;
    const struct fact *f;

    make_sample(&out);
    CHECK(sink_take(&s, out.p, out.n) == PRATIQUE_OK, "%s", s.why);
    CHECK(s.facts.n == 3 && !s.facts.full && s.facts.reads_omitted == 8, "%zu facts", s.facts.n);
    if (s.facts.n == 3) {
        f = s.facts.list;
        check_fact(&f[0], "the path!/inner.zip!/data.pkl", FACT_READ);
        check_fact(&f[1], "the path", FACT_BROKEN);
        check_fact(&f[2], "the path!/inner.zip", FACT_POLYGLOT);
        CHECK(f[0].number == 77 && f[0].offset == PRATIQUE_NO_OFFSET, "numbers of the first");
        CHECK(span_is(f[0].subject, "pickle") && span_is(f[0].detail, "protocol 4"), "texts");
        CHECK(f[1].flags == 5 && f[1].offset == 1ull << 40 && f[1].line == 3 && f[1].column == 9 &&
                  f[1].count == 6,
              "numbers of the second");
        CHECK(f[2].refs_n == 2 && span_is(f[2].refs[1], "c.d"), "refs");
    }
    CHECK(s.end.work == 1234 && s.end.time_us == 99 && s.end.sha256[2] == 3, "the end");
    CHECK(s.end.flags & WIRE_END_SHA256 && strcmp(s.end.format, "zip (torch)") == 0, "format");
    sink_free(&s);
    buf_free(&out);
}

TEST(wire_answer_cut_anywhere_is_nonsense)
{
    struct buf out;
    struct sink s;

    make_sample(&out);
    for (size_t n = 0; n < out.n; n++) {
        char *part = malloc(n ? n : 1); /* of its exact size, for the sanitizer */

        if (!part)
            break;
        memcpy(part, out.p, n);
        CHECK(sink_take(&s, part, n) == PRATIQUE_E_FORMAT && s.why[0], "cut at %zu", n);
        sink_free(&s);
        free(part);
    }
    CHECK(buf_putc(&out, 'x'), "one more");
    CHECK(sink_take(&s, out.p, out.n) == PRATIQUE_E_FORMAT, "a byte too many");
    sink_free(&s);
    buf_free(&out);
}

TEST(wire_answer_bent_anywhere_is_safe)
{
    struct buf out;
    struct sink s;

    make_sample(&out);
    for (size_t i = 0; i < out.n; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            out.p[i] = (char)(out.p[i] ^ 1 << bit);
            if (sink_take(&s, out.p, out.n) == PRATIQUE_OK)
                for (size_t k = 0; k < s.facts.n; k++)
                    CHECK(s.facts.list[k].kind < FACT_KINDS && s.facts.list[k].where,
                          "byte %zu bit %u", i, bit);
            sink_free(&s);
            out.p[i] = (char)(out.p[i] ^ 1 << bit);
        }
    buf_free(&out);
}

#define W(parent, name) "W" parent "\0\0\0" name
#define ROOT            W("\0", "\1\0p")
#define FACT_OF(kind, w)                                                                           \
    "F" kind "\0\0\0\0" w "\0\0\0"                                                                 \
    "\0\0\0\0\0\0\0\0"                                                                             \
    "\0\0\0\0"                                                                                     \
    "\0\0\0\0"                                                                                     \
    "\0\0\0\0\0\0\0\0"                                                                             \
    "\0\0\0\0\0\0\0\0"                                                                             \
    "\0\0"                                                                                         \
    "\0\0"                                                                                         \
    "\0\0\0\0"
#define ZERO8      "\0\0\0\0\0\0\0\0"
#define ZERO32     ZERO8 ZERO8 ZERO8 ZERO8
#define END(flags) "E" flags "\0\0\0" ZERO8 ZERO8 ZERO8 ZERO32 "\0\0"
#define ROW(s)     s, sizeof(s) - 1

static const struct {
    const char *what, *answer;
    size_t n;
    enum pratique_status want;
} rows[] = {
    { "a fact and an end", ROW(ROOT FACT_OF("\0\0", "\1") END("\0")), PRATIQUE_OK },
    { "facts were lost", ROW(END("\1")), PRATIQUE_OK },
    { "nothing", ROW(""), PRATIQUE_E_FORMAT },
    { "an end without facts", ROW(END("\0")), PRATIQUE_E_FORMAT },
    { "a place without facts", ROW(ROOT END("\0")), PRATIQUE_E_FORMAT },
    { "a fact without a place", ROW(FACT_OF("\0\0", "\0") END("\0")), PRATIQUE_E_FORMAT },
    { "a fact in a place to come", ROW(ROOT FACT_OF("\0\0", "\2") END("\0")), PRATIQUE_E_FORMAT },
    { "a kind that is none", ROW(ROOT FACT_OF("\xff\xff", "\1") END("\0")), PRATIQUE_E_FORMAT },
    { "two outermost files", ROW(ROOT ROOT FACT_OF("\0\0", "\1") END("\0")), PRATIQUE_E_FORMAT },
    { "a place inside itself", ROW(W("\1", "\1\0p") FACT_OF("\0\0", "\1") END("\0")),
      PRATIQUE_E_FORMAT },
    { "a parent to come", ROW(ROOT W("\3", "\1\0q") FACT_OF("\0\0", "\1") END("\0")),
      PRATIQUE_E_FORMAT },
    { "a name that is longer than all", ROW("W\0\0\0\0\xff\xffp"), PRATIQUE_E_FORMAT },
    { "flags of no meaning", ROW(ROOT FACT_OF("\0\0", "\1") END("\x40")), PRATIQUE_E_FORMAT },
    { "a record of no kind", ROW(ROOT "Q"), PRATIQUE_E_FORMAT },
    { "more after the end", ROW(ROOT FACT_OF("\0\0", "\1") END("\0") ROOT), PRATIQUE_E_FORMAT },
};

TEST(wire_answer_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sink s;
        enum pratique_status st = sink_take(&s, rows[i].answer, rows[i].n);

        CHECK(st == rows[i].want, "%s: %s (%s)", rows[i].what, pratique_status_name(st), s.why);
        sink_free(&s);
    }
}

/* A chain of places deeper than any engine goes. */
TEST(wire_answer_depth_is_bounded)
{
    struct buf b;
    struct sink s;

    buf_init(&b, 1u << 20);
    (void)buf_add(&b, "W\0\0\0\0\1\0p", 8);
    for (unsigned char i = 1; i <= ENGINE_DEPTH_MAX + 8; i++) {
        char w[] = "W\0\0\0\0\1\0p";

        w[1] = (char)i;
        (void)buf_add(&b, w, 8);
    }
    CHECK(sink_take(&s, b.p, b.n) == PRATIQUE_E_FORMAT && strstr(s.why, "deep"), "%s", s.why);
    sink_free(&s);
    buf_free(&b);
}

TEST(wire_answer_hostile_text_is_made_printable)
{
    static const char answer[] = ROOT W("\1", "\4\0a\x1b\n\xff") FACT_OF("\0\0", "\2") END("\0");
    struct sink s;

    CHECK(sink_take(&s, answer, sizeof answer - 1) == PRATIQUE_OK, "%s", s.why);
    if (s.facts.n == 1)
        check_fact(&s.facts.list[0], "the path!/a\\x1b\\n\\xff", FACT_READ);
    sink_free(&s);
}

TEST(wire_answer_that_does_not_fit_is_told)
{
    struct sink full, s;
    struct buf out;

    fill_sample(&full);
    for (size_t ceiling = 1024 + 100; ceiling < 1024 + 400; ceiling += 7) {
        buf_init(&out, ceiling);
        CHECK(wire_put_answer(&out, &full.facts, &sample_end), "ceiling %zu", ceiling);
        CHECK(sink_take(&s, out.p, out.n) == PRATIQUE_OK, "ceiling %zu: %s", ceiling, s.why);
        CHECK(s.facts.full == (s.facts.n < 3), "ceiling %zu: %zu facts", ceiling, s.facts.n);
        sink_free(&s);
        buf_free(&out);
    }
    sink_free(&full);
}

TEST(wire_job_there_and_back)
{
    struct wire_job job = { 7, WIRE_JOB_SHA256, 1ull << 41, 12 }, got;
    uint8_t head[WIRE_JOB_HEAD];

    wire_put_job(head, &job);
    CHECK(wire_take_job(span_of(head, sizeof head), &got), "a job");
    CHECK(got.id == 7 && got.flags == 1 && got.size == 1ull << 41 && got.name_n == 12, "numbers");
    for (size_t n = 0; n < sizeof head; n++)
        CHECK(!wire_take_job(span_of(head, n), &got), "cut at %zu", n);
    head[0] ^= 1;
    CHECK(!wire_take_job(span_of(head, sizeof head), &got), "no magic");
    job.name_n = WIRE_NAME_MAX + 1;
    wire_put_job(head, &job);
    CHECK(!wire_take_job(span_of(head, sizeof head), &got), "a name too long");
}

TEST(wire_frame_and_hello_there_and_back)
{
    struct sandbox_layer in[SANDBOX_LAYERS] = { { true, "one" }, { false, "two" } };
    struct sandbox_layer got[SANDBOX_LAYERS];
    struct span all, head;
    struct buf out;
    uint32_t id = 0, n = 0;

    buf_init(&out, 1u << 16);
    wire_frame(&out, WIRE_HELLO);
    wire_put_hello(&out, in);
    wire_seal(&out);
    all = span_of(out.p, out.n);
    CHECK(take(&all, WIRE_FRAME_HEAD, &head) && wire_take_frame(head, &id, &n), "a frame");
    CHECK(id == WIRE_HELLO && n == all.n, "%u bytes", n);
    CHECK(wire_take_hello(all, got) && got[0].active && !got[1].active, "layers");
    CHECK(strcmp(got[1].detail, "two") == 0, "detail");
    CHECK(!wire_take_hello(span_from(all, 1), got), "a byte less");
    out.p[WIRE_FRAME_HEAD] = 2;
    CHECK(!wire_take_hello(all, got), "neither active nor not");
    memset(out.p + 8, 0xff, 4);
    CHECK(!wire_take_frame(head, &id, &n), "a frame too long");
    buf_free(&out);
}
