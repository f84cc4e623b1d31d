/* Marshalled values: what is read, what is not, and where reading stops. */
#include "format/marshal/marshal.h"
#include "format/marshal/reader.h"

#include "model.h"

#define BYTES(s)                                                                                   \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

#define S(n, text) "s" n "\0\0\0" text
#define COUNTS(n)  "\1\0\0\0\1\0\0\0\1\0\0\0" n
#define LAST       "\103\0\0\0"
/* code, constants, names; then what a layout has */
#define START                                                                                      \
    S("\2", "S\0")                                                                                 \
    ")\1N"                                                                                         \
    ")\2z\2osz\6system"
#define CODE_38                                                                                    \
    "\343" COUNTS("\1\0\0\0\1\0\0\0") LAST START ")\0)\0)\0z\4f.pyz\2fn\1\0\0\0" S("\0", "")
#define CODE_30 "c" COUNTS("\1\0\0\0") LAST START ")\0)\0)\0z\4f.pyz\2fn\1\0\0\0" S("\0", "")
#define CODE_27 "c" COUNTS("") LAST START ")\0)\0)\0z\4f.pyz\2fn\1\0\0\0" S("\0", "")
#define CODE_311                                                                                   \
    "\343" COUNTS("\1\0\0\0") LAST START ")\0" S("\0", "") "z\4f.pyz\2fnz\2fn\1\0\0\0" S("\0", "") \
        S("\0", "")

static const struct {
    const char *what;
    struct span in;
    enum marshal_layout layout;
    bool fits;
    size_t codes, rest; /* rest: bytes behind it */
} rows[] = {
    { "None", BYTES("N"), MARSHAL_27, true, 0, 0 },
    { "a short tuple", BYTES(")\2TF"), MARSHAL_27, true, 0, 0 },
    { "a list of numbers", BYTES("[\2\0\0\0i\1\0\0\0g\0\0\0\0\0\0\0\0"), MARSHAL_27, true, 0, 0 },
    { "a long of two digits", BYTES("l\xfe\xff\xff\xff\1\0\1\0"), MARSHAL_27, true, 0, 0 },
    { "numbers as text", BYTES(")\2f\0031.5x\0011\0012"), MARSHAL_27, true, 0, 0 },
    { "a dict", BYTES("{z\1aN0"), MARSHAL_27, true, 0, 0 },
    { "a dict in a tuple", BYTES(")\2{z\1aN0T"), MARSHAL_27, true, 0, 0 },
    { "a slice", BYTES(":NNN"), MARSHAL_311, true, 0, 0 },
    { "a reference", BYTES(")\2\372\1ar\0\0\0\0"), MARSHAL_311, true, 0, 0 },
    { "an interned string", BYTES("(\2\0\0\0t\1\0\0\0aR\0\0\0\0"), MARSHAL_27, true, 0, 0 },
    { "what follows", BYTES("Nxyz"), MARSHAL_27, true, 0, 3 },
    { "code of 2.7", BYTES(CODE_27), MARSHAL_27, true, 1, 0 },
    { "code of 3.4", BYTES(CODE_30), MARSHAL_30, true, 1, 0 },
    { "code of 3.8", BYTES(CODE_38), MARSHAL_38, true, 1, 0 },
    { "code of 3.12", BYTES(CODE_311), MARSHAL_311, true, 1, 0 },
    { "code of 3.12 as of 3.4", BYTES(CODE_311), MARSHAL_30, false, 0, 0 },
    { "code of 3.4 as of 3.12", BYTES(CODE_30), MARSHAL_311, false, 0, 0 },
    { "nothing", BYTES(""), MARSHAL_27, false, 0, 0 },
    { "a type that is none", BYTES("q"), MARSHAL_27, false, 0, 0 },
    { "a NULL", BYTES("0"), MARSHAL_27, false, 0, 0 },
    { "a NULL for a value", BYTES("{N0"), MARSHAL_27, false, 0, 0 },
    { "a string that lies", BYTES("s\xff\xff\xff\x7f"), MARSHAL_27, false, 0, 0 },
    { "a tuple that lies", BYTES("(\xff\xff\xff\x7fN"), MARSHAL_27, false, 0, 0 },
    { "a size below zero", BYTES("(\xff\xff\xff\xffN"), MARSHAL_27, false, 0, 0 },
    { "a long below everything", BYTES("l\0\0\0\x80"), MARSHAL_27, false, 0, 0 },
    { "a reference to nothing", BYTES("r\0\0\0\0"), MARSHAL_27, false, 0, 0 },
    { "a reference ahead", BYTES(")\2r\0\0\0\0\372\1a"), MARSHAL_27, false, 0, 0 },
};

TEST(marshal_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum pratique_status st;
        struct marshal m;
        struct bench b;

        bench_init(&b);
        st = marshal_read(&m, &b.scan, rows[i].in, rows[i].layout);
        CHECK((st == PRATIQUE_OK) == rows[i].fits, "%s: status %d, %s", rows[i].what, st,
              m.why ? m.why : "");
        if (st == PRATIQUE_OK) {
            CHECK(m.codes == rows[i].codes, "%s: %u codes", rows[i].what, m.codes);
            CHECK(m.rest.n == rows[i].rest, "%s: %zu left", rows[i].what, m.rest.n);
        }
        if (st == PRATIQUE_OK && m.codes)
            CHECK(span_is(marshal_code_name(&m, 0), "fn"), "%s: its name", rows[i].what);
        marshal_free(&m);
        bench_free(&b);
    }
}

TEST(marshal_names)
{
    static const uint8_t code[] = CODE_38;
    struct bench b;

    bench_init(&b);
    CHECK(marshal_tell(&b.scan, span_of(code, sizeof code - 1), "a test") == PRATIQUE_OK, "told");
    CHECK(bench_count(&b, FACT_MARSHAL_CODE) == 1, "one code object");
    CHECK(bench_count(&b, FACT_MARSHAL_NAMES) == 1, "its names");
    CHECK(span_is(bench_fact(&b, FACT_MARSHAL_NAMES)->detail, "os system"), "both of them");
    bench_free(&b);
}

/* A list in a list in a list: 1000 deep is read, one more is not. */
TEST(marshal_depth)
{
    uint8_t bytes[1001 * 2 + 1];

    for (unsigned depth = 1000; depth <= 1001; depth++) {
        struct span in = span_of(bytes + 2 * (1001 - depth), (size_t)depth * 2 + 1);
        enum pratique_status st;
        struct marshal m;
        struct bench b;

        for (size_t i = 0; i < 1001; i++)
            bytes[2 * i] = ')', bytes[2 * i + 1] = 1;
        bytes[2002] = 'N';
        bench_init(&b);
        st = marshal_read(&m, &b.scan, in, MARSHAL_27);
        CHECK((st == PRATIQUE_OK) == (depth == 1000), "%u deep: %d", depth, st);
        marshal_free(&m);
        bench_free(&b);
    }
}

/* Whatever is cut off, it is told where. */
TEST(marshal_cut)
{
    static const uint8_t code[] = CODE_311;

    for (size_t n = 0; n + 1 < sizeof code - 1; n++) {
        struct bench b;
        enum pratique_status st;

        bench_init(&b);
        st = marshal_tell(&b.scan, span_of(code, n), "a test");
        CHECK(st == PRATIQUE_E_FORMAT && b.scan.error.offset <= n, "cut at %zu: %d", n, st);
        bench_free(&b);
    }
}
