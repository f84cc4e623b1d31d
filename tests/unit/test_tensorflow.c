/* src/format/tensorflow, src/format/flatbuffer: tables, sweeps over small files, and a large graph.
 */
#include "format/tensorflow/tensorflow.h"

#include "base/budget.h"
#include "format/flatbuffer/flatbuffer.h"
#include "format/tensorflow/crc32c.h"
#include "format/tensorflow/flex.h"
#include "format/tensorflow/ops.h"
#include "format/tensorflow/table.h"
#include "model.h"

/* ---- operators ---- */

static const struct {
    const char *name;
    enum fact_kind fact;
} operators[] = {
    { "WriteFile", FACT_TF_WRITES },   { "ReadFile", FACT_TF_READS },
    { "EagerPyFunc", FACT_TF_PYTHON }, { "Abs", FACT_KINDS },
    { "ZipDataset", FACT_KINDS },      { "__MklDummyConv2DWithBias", FACT_KINDS },
    { "writefile", FACT_TF_FOREIGN },  { "WriteFile ", FACT_TF_FOREIGN },
    { "", FACT_TF_FOREIGN },           { "TFText>X", FACT_TF_ADDON },
    { "SaveV2", FACT_KINDS },          { "IO>KafkaReadable", FACT_TF_FOREIGN },
};

TEST(tensorflow_operators)
{
    struct tf_ops ops;
    struct bench b;

    bench_init(&b);
    tf_ops_init(&ops, &b.scan);
    for (unsigned round = 0; round < 2; round++)
        for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
            const struct tf_seen *seen = tf_ops_look_up(&ops, span_text(operators[i].name));

            CHECK(seen && seen->op->fact == operators[i].fact, "'%s'", operators[i].name);
        }
    CHECK(ops.n == ARRAY_LEN(operators), "each is there once: %zu", ops.n);
    tf_ops_free(&ops);
    bench_free(&b);
}

/* Searched by halves: the order of bytes, and nothing twice. */
TEST(tensorflow_own_order)
{
    static const char *const own[] = {
#define OWN(name) name,
#include "format/tensorflow/own.def"
#undef OWN
    };

    for (size_t i = 1; i < ARRAY_LEN(own); i++)
        CHECK(strcmp(own[i - 1], own[i]) < 0, "%s before %s", own[i - 1], own[i]);
}

/* ---- checksums and snappy ---- */

TEST(tensorflow_crc32c)
{
    uint8_t zeroes[32] = { 0 };

    /* RFC 3720, B.4 */
    CHECK(crc32c(0, span_of(zeroes, 32)) == 0x8A9136AAu, "32 zeroes");
    CHECK(crc32c(0, SPAN_LITERAL("123456789")) == 0xE3069283u, "the check value");
    CHECK(crc32c(crc32c(0, SPAN_LITERAL("1234")), SPAN_LITERAL("56789")) == 0xE3069283u,
          "in parts");
}

static const struct {
    const char *what;
    struct span in;
    const char *want; /* NULL: it is none */
} squeezed[] = {
    { "empty", { (const uint8_t *)"\0", 1 }, "" },
    { "a literal", { (const uint8_t *)"\3\10abc", 5 }, "abc" },
    { "a literal with a length of its own", { (const uint8_t *)"\3\360\2abc", 6 }, "abc" },
    { "a copy that overlaps", { (const uint8_t *)"\6\4ab\1\2", 6 }, "ababab" },
    { "a copy with two bytes", { (const uint8_t *)"\4\4ab\6\2\0", 7 }, "abab" },
    { "a copy from before the beginning", { (const uint8_t *)"\6\4ab\1\3", 6 }, NULL },
    { "a copy of no distance", { (const uint8_t *)"\6\4ab\1\0", 6 }, NULL },
    { "shorter than it says", { (const uint8_t *)"\4\10abc", 5 }, NULL },
    { "longer than it says", { (const uint8_t *)"\2\10abc", 5 }, NULL },
    { "a literal cut short", { (const uint8_t *)"\3\10ab", 4 }, NULL },
};

TEST(tensorflow_snappy)
{
    for (size_t i = 0; i < ARRAY_LEN(squeezed); i++) {
        struct span in = squeezed[i].in;
        uint8_t out[16];
        uint64_t n;
        bool good = snappy_length(&in, &n) && n <= sizeof out && snappy_decode(in, out, (size_t)n);

        CHECK(good == (squeezed[i].want != NULL), "%s", squeezed[i].what);
        if (good && squeezed[i].want)
            CHECK(span_is(span_of(out, (size_t)n), squeezed[i].want), "%s", squeezed[i].what);
    }
}

/* ---- flatbuffers ---- */

/* A root with one number (field 0 = 7) and one text (field 2 = "hi"). */
static const uint8_t flat[] = {
    20, 0, 0,  0, 'T', 'E', 'S', 'T', /* the root's offset, an identifier */
    10, 0, 12, 0, 4,   0,   0,   0,
    8,  0, 0,  0, /* vtable: 10 bytes, table of 12; fields at 4, -, 8 */
    12, 0, 0,  0, 7,   0,   0,   0,
    4,  0, 0,  0,                   /* table at 20 */
    2,  0, 0,  0, 'h', 'i', 0,   0, /* text at 32 */
};

TEST(flatbuffer_fields)
{
    struct fb fb;
    struct fb_table t = fb_open(&fb, span_of(flat, sizeof flat));

    CHECK(fb_looks_like(span_of(flat, sizeof flat), "TEST"), "its identifier");
    CHECK(fb_number(&fb, &t, 0, 4, 9) == 7 && fb_signed(&fb, &t, 0, 1, 9) == 7, "a number");
    CHECK(fb_number(&fb, &t, 1, 4, 9) == 9 && !fb_has(&fb, &t, 1), "an absent number");
    CHECK(fb_number(&fb, &t, 77, 8, 5) == 5, "a field past the vtable");
    CHECK(span_is(fb_string(&fb, &t, 2), "hi"), "a text");
    CHECK(fb_ok(&fb), "no fault: %s", fb.wrong ? fb.wrong : "");
    CHECK(fb_number(&fb, &t, 2, 8, 0) == 0 && !fb_ok(&fb), "a field longer than its table");
    CHECK(fb_number(&fb, &t, 0, 4, 9) == 9, "after a fault all is absent");
}

/* Each byte changed to each of a few values: nothing outside of the block is read (ASan). */
TEST(flatbuffer_sweep)
{
    static const uint8_t values[] = { 0, 1, 3, 127, 128, 255 };

    for (size_t i = 0; i < sizeof flat; i++)
        for (size_t k = 0; k < sizeof values; k++) {
            uint8_t *copy = malloc(sizeof flat);
            struct fb_table t;
            struct fb fb;

            memcpy(copy, flat, sizeof flat);
            copy[i] = values[k];
            t = fb_open(&fb, span_of(copy, sizeof flat));
            for (unsigned field = 0; field < 4; field++) {
                (void)fb_number(&fb, &t, field, 8, 0);
                (void)fb_string(&fb, &t, field);
                (void)fb_table(&fb, &t, field);
            }
            free(copy);
        }
}

/* One table in many places: opened as often as the file could hold tables, and no more. */
TEST(flatbuffer_shared)
{
    uint8_t bytes[4096] = { 0 };
    struct fb fb;
    uint64_t n = 0;

    memcpy(bytes, flat, sizeof flat);
    (void)fb_open(&fb, span_of(bytes, sizeof bytes));
    for (; fb_ok(&fb) && n < 100000; n++) {
        struct fb_vector v = { .at = 64, .n = 1 };

        memcpy(bytes + 64, "\x10\0\0\0", 4); /* to 80, whose vtable is at 8 */
        memcpy(bytes + 80, "\x48\0\0\0", 4);
        (void)fb_table_at(&fb, &v, 0);
    }
    CHECK(n < sizeof bytes / 2, "%llu times", (unsigned long long)n);
}

/* A body that many parts share: looked into a few times, and no more. */
TEST(flatbuffer_shared_body)
{
    struct span in = span_of(flat, sizeof flat);
    struct fb fb;
    unsigned n = 0;

    (void)fb_open(&fb, in);
    CHECK(fb_look(&fb, SPAN_EMPTY) && fb_look(&fb, span_from(in, 8)), "once");
    while (n < 100 && fb_look(&fb, span_from(in, 8)))
        n++;
    CHECK(n < 10 && !fb_ok(&fb) && !fb_look(&fb, SPAN_EMPTY), "%u times more", n);
}

TEST(flexbuffer_texts)
{
    /* "ab", "c"; a vector of both with widths of one byte */
    static const uint8_t in[] = { 2, 'a', 'b', 0, 1, 'c', 0, 2, 7, 4, 20, 20, 4, 40, 1 };
    struct span text;

    CHECK(flex_text(span_of(in, sizeof in), 0, &text) && span_is(text, "ab"), "the first");
    CHECK(flex_text(span_of(in, sizeof in), 1, &text) && span_is(text, "c"), "the second");
    CHECK(!flex_text(span_of(in, sizeof in), 2, &text) && text.n == 0, "no third");
    for (size_t n = 0; n < sizeof in; n++)
        (void)flex_text(span_of(in, n), 0, &text);
}

/* ---- whole files ---- */

static const struct {
    const char *file;
    const struct format *format;
} small[] = {
    { "tests/golden/MDL160/fire.pb", &format_tensorflow },
    { "tests/golden/MDL173/fire.pb", &format_tensorflow },
    { "tests/golden/MDL170/fire.tflite", &format_tflite },
    { "tests/golden/MDL172/fire.index", &format_tf_checkpoint },
    { "tests/golden/MDL174/fire", &format_tf_checkpoint },
    { "tests/fixtures/tensorflow/examples.tfrecord", &format_tf_records },
};

TEST(tensorflow_sweep)
{
    for (size_t i = 0; i < ARRAY_LEN(small); i++) {
        struct span in;

        CHECK(bench_load(small[i].file, &in), "%s", small[i].file);
        if (in.n == 0)
            continue;
        bench_sweep(small[i].format, in, small[i].file);
        free((void *)(uintptr_t)in.p);
    }
}

static size_t put_field(uint8_t *out, uint8_t number, const char *text, size_t n)
{
    out[0] = (uint8_t)(number << 3 | 2);
    out[1] = (uint8_t)n;
    memcpy(out + 2, text, n);
    return n + 2;
}

/* A hundred thousand nodes, each with an input and two attributes; the last one writes a file. */
TEST(tensorflow_large_graph)
{
    enum { NODES = 100000 };
    static const char attr[] = "\12\1T\22\2\60\1"; /* key "T", value { type: DT_FLOAT } */
    uint8_t *graph = malloc((size_t)NODES * 128);
    size_t n = 0;
    uint64_t started, spent;
    struct bench b;

    for (unsigned i = 0; graph && i < NODES; i++) {
        char name[64], node[128];
        size_t m = 0;

        (void)snprintf(name, sizeof name, "model/layer_%u/dense/MatMul", i);
        m += put_field((uint8_t *)node + m, 1, name, strlen(name));
        m += put_field((uint8_t *)node + m, 2, i + 1 < NODES ? "MatMul" : "WriteFile",
                       i + 1 < NODES ? 6 : 9);
        m += put_field((uint8_t *)node + m, 3, name, strlen(name));
        m += put_field((uint8_t *)node + m, 5, attr, sizeof attr - 1);
        m += put_field((uint8_t *)node + m, 5, attr, sizeof attr - 1);
        n += put_field(graph + n, 1, node, m);
    }
    started = budget_now_us();
    bench_run(&b, &format_tensorflow, span_of(graph, n), "large");
    spent = budget_now_us() - started;
    CHECK(b.status == PRATIQUE_OK && bench_count(&b, FACT_TF_WRITES) == 1, "read, and told");
    CHECK(spent < 3000000, "%llu us", (unsigned long long)spent);
    bench_free(&b);
    free(graph);
}
