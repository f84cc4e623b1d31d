/* The .npy header reader by tables, whole arrays as numpy writes them, sweeps. */
#include "format/numpy/npy.h"

#include "model.h"

#define HEADER(descr, shape) "{'descr': " descr ", 'fortran_order': False, 'shape': " shape ", }"

static const struct {
    const char *what, *header;
    uint64_t bytes; /* of the body */
    bool objects;
} good[] = {
    { "plain", HEADER("'<f8'", "(2, 3)"), 48, false },
    { "newline at the end", HEADER("'<f8'", "(2,)") "   \n", 16, false },
    { "no comma at the end", "{'descr': '<f8', 'fortran_order': True, 'shape': (2,)}", 16, false },
    { "another order", "{'shape': (2,), 'descr': '|b1', 'fortran_order': False}", 2, false },
    { "double quotes", "{\"descr\": \"<f8\", \"fortran_order\": False, \"shape\": ()}", 8, false },
    { "unicode keys of Python 2", "{u'descr': u'<f8', 'fortran_order': False, 'shape': (1L,)}", 8,
      false },
    { "spread over lines", "{'descr':\n'<f8',\n'fortran_order': False, 'shape': (1,)}", 8, false },
    { "scalar", HEADER("'<f4'", "()"), 4, false },
    { "empty", HEADER("'<f8'", "(0, 5)"), 0, false },
    { "empty, with a product that overflows", HEADER("'<f8'", "(9223372036854775807, 3, 0)"), 0,
      false },
    { "characters", HEADER("'<U5'", "(2,)"), 40, false },
    { "no width", HEADER("'|S0'", "(7,)"), 0, false },
    { "date", HEADER("'<M8[25ns]'", "(2,)"), 16, false },
    { "date without unit", HEADER("'<m8'", "(2,)"), 16, false },
    { "alias", HEADER("'float32'", "(2,)"), 8, false },
    { "letter", HEADER("'d'", "(2,)"), 16, false },
    { "fields", HEADER("[('a', '<f4'), ('b', '|u1')]", "(2,)"), 10, false },
    { "field with a shape", HEADER("[('a', '<f4', (2, 2)), ('b', '|u1', 3)]", "(1,)"), 19, false },
    { "title", HEADER("[(('t', 'a'), '<f4')]", "(1,)"), 4, false },
    { "padding", HEADER("[('a', '|u1'), ('', '|V7'), ('b', '<f8')]", "(1,)"), 16, false },
    { "nested", HEADER("[('a', [('b', '<f4'), ('c', [('d', '<i2')])])]", "(1,)"), 6, false },
    { "sub-array in a field", HEADER("[('a', ('<f4', (2, 3)))]", "(1,)"), 24, false },
    { "a quote in a name", HEADER("[(\"it's\", '<f4'), ('a\\'b', '<f4')]", "(1,)"), 8, false },
    { "a bracket in a name", HEADER("[(')}],', '<f4')]", "(1,)"), 4, false },
    { "no fields", HEADER("[]", "(4,)"), 0, false },
    { "objects", HEADER("'|O'", "(4,)"), 0, true },
    { "objects with a size", HEADER("'|O8'", "(4,)"), 0, true },
    { "objects by name", HEADER("'object'", "(4,)"), 0, true },
    { "objects by the scalar's name", HEADER("'object_'", "(4,)"), 0, true },
    { "objects in a list of codes", HEADER("'f8,O'", "(4,)"), 0, true },
    { "objects in a repeated code", HEADER("'(2,)O'", "(4,)"), 0, true },
    { "objects in the other order", HEADER("'>O'", "(4,)"), 0, true },
    { "strings that numpy keeps as objects", HEADER("'T'", "(4,)"), 0, true },
    { "objects in a field", HEADER("[('a', '<f4'), ('b', '|O')]", "(4,)"), 0, true },
    { "objects deep inside", HEADER("[('a', [('b', ('|O', (2,)))])]", "(4,)"), 0, true },
    { "objects in a sub-array", HEADER("('|O', (2,))", "(4,)"), 0, true },
};

static const struct {
    const char *what, *header;
} bad[] = {
    { "nothing", "" },
    { "not a dictionary", "['descr']" },
    { "empty dictionary", "{}" },
    { "a key missing", "{'descr': '<f8', 'shape': (2,)}" },
    { "a key twice", "{'descr': '<f8', 'descr': '|O', 'fortran_order': False, 'shape': (2,)}" },
    { "a key too many", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1}" },
    { "an escape in a key", "{'de\\x73cr': '|O', 'fortran_order': False, 'shape': (2,)}" },
    { "an escape in a dtype", HEADER("'\\x4f'", "(2,)") },
    { "joined strings", HEADER("'<f' '8'", "(2,)") },
    { "triple quotes", HEADER("'''<f8'''", "(2,)") },
    { "bytes", HEADER("b'<f8'", "(2,)") },
    { "raw string", HEADER("r'<f8'", "(2,)") },
    { "a comment", "{'descr': '<f8', # no\n'fortran_order': False, 'shape': (2,)}" },
    { "text after it", HEADER("'<f8'", "(2,)") " + 1" },
    { "a call", "dict(descr='<f8', fortran_order=False, shape=(2,))" },
    { "shape is a list", HEADER("'<f8'", "[2]") },
    { "shape is a number", HEADER("'<f8'", "2") },
    { "shape is a number in parentheses", HEADER("'<f8'", "(2)") },
    { "negative", HEADER("'<f8'", "(-1,)") },
    { "hexadecimal", HEADER("'<f8'", "(0x10,)") },
    { "underscore", HEADER("'<f8'", "(1_0,)") },
    { "leading zero", HEADER("'<f8'", "(01,)") },
    { "float", HEADER("'<f8'", "(2.0,)") },
    { "bool", HEADER("'<f8'", "(True,)") },
    { "past 63 bits", HEADER("'<f8'", "(9223372036854775808,)") },
    { "past 64 bits", HEADER("'<f8'", "(99999999999999999999999,)") },
    { "product overflows", HEADER("'<f8'", "(4294967296, 4294967296, 2)") },
    { "bytes overflow", HEADER("'<f8'", "(2305843009213693952,)") },
    { "fortran_order is a number", "{'descr': '<f8', 'fortran_order': 1, 'shape': (2,)}" },
    { "descr is None", HEADER("None", "(2,)") },
    { "descr is a dictionary", HEADER("{'names': ['a'], 'formats': ['O']}", "(2,)") },
    { "a type that is none", HEADER("'<f3'", "(2,)") },
    { "a list of codes", HEADER("'f8,i4'", "(2,)") },
    { "a field that is a string", HEADER("['xO']", "(2,)") },
    { "a field that is a list", HEADER("[['x', '|O']]", "(2,)") },
    { "a sub-array at the top", HEADER("('<f4', (2, 3))", "(1,)") },
    { "a size where a shape should be", HEADER("[('a', '|S0', 5)]", "(2,)") },
    { "a type over a type", HEADER("('<i8', '|O')", "(2,)") },
    { "a field without name that is no padding", HEADER("[('', '<f4')]", "(2,)") },
    { "a field of four", HEADER("[('a', '<f4', (1,), 0)]", "(2,)") },
    { "a field without type", HEADER("[('a',)]", "(2,)") },
    { "a string without end", "{'descr': '<f8" },
    { "a backslash at the end", "{'descr': '<f8\\" },
    { "a dictionary without end", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)" },
    { "too large a dtype", HEADER("('<f8', (2305843009213693952,))", "(1,)") },
    { "deep",
      HEADER("[('a', [('a', [('a', [('a', [('a', [('a', [('a', [('a', [('a', [('a', [('a', "
             "[('a', [('a', [('a', [('a', [('a', [('a', '<f4')])])])])])])])])])])])])])])])"
             "])]",
             "(1,)") },
};

TEST(npy_headers_good)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct npy_header h;
        const char *why = npy_header_read(span_text(good[i].header), true, &h);

        CHECK(!why, "%s: %s", good[i].what, why ? why : "");
        CHECK(why || h.bytes == good[i].bytes, "%s: bytes", good[i].what);
        CHECK(why || h.objects == good[i].objects, "%s: objects", good[i].what);
    }
}

TEST(npy_headers_bad)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct npy_header h;

        CHECK(npy_header_read(span_text(bad[i].header), true, &h), "%s", bad[i].what);
    }
}

TEST(npy_header_zero_byte)
{
    struct npy_header h;

    CHECK(npy_header_read(SPAN_LITERAL("{'descr': [('a\0', '<f8')], 'fortran_order': False, "
                                       "'shape': (2,)}"),
                          false, &h),
          "a zero byte in a name");
    CHECK(npy_header_read(SPAN_LITERAL(HEADER("'<f8'", "(2L,)")), false, &h), "2L in Python 3");
}

/* Every prefix of a header: no reader past its end, and none accepted. */
TEST(npy_header_cut)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct span whole = span_text(good[i].header);

        for (size_t n = 0; n < whole.n; n++) {
            uint8_t *copy = malloc(n ? n : 1);
            struct npy_header h;
            const char *why;

            if (!copy)
                return;
            memcpy(copy, whole.p, n);
            why = npy_header_read(span_of(copy, n), true, &h);
            CHECK(why || memchr(copy, '}', n), "%s, cut at %zu", good[i].what, n);
            free(copy);
        }
    }
}

static const struct {
    const char *file;
    enum pratique_status want;
    size_t objects, long_headers;
} files[] = {
    { "every_type.npy", PRATIQUE_OK, 0, 0 },     { "plain.npy", PRATIQUE_OK, 0, 0 },
    { "fortran.npy", PRATIQUE_OK, 0, 0 },        { "scalar.npy", PRATIQUE_OK, 0, 0 },
    { "empty.npy", PRATIQUE_OK, 0, 0 },          { "structured.npy", PRATIQUE_OK, 0, 0 },
    { "padded.npy", PRATIQUE_OK, 0, 0 },         { "objects.npy", PRATIQUE_OK, 1, 0 },
    { "objects_inside.npy", PRATIQUE_OK, 1, 0 }, { "version2.npy", PRATIQUE_OK, 0, 0 },
    { "version3.npy", PRATIQUE_OK, 0, 0 },       { "python2.npy", PRATIQUE_OK, 0, 0 },
    { "long_header.npy", PRATIQUE_OK, 0, 1 },
};

TEST(npy_files)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];
        struct bench b;
        struct span in;

        (void)snprintf(path, sizeof path, "tests/fixtures/numpy/%s", files[i].file);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_run(&b, &format_npy, in, files[i].file);
        CHECK(b.status == files[i].want, "%s: %s", files[i].file, b.scan.error.msg);
        CHECK(bench_count(&b, FACT_NPY_OBJECTS) == files[i].objects, "%s: objects", files[i].file);
        CHECK(bench_count(&b, FACT_NPY_HEADER_LONG) == files[i].long_headers, "%s: long",
              files[i].file);
        CHECK(b.nested == 0 && bench_count(&b, FACT_TRAILING) == 0, "%s: nothing left over",
              files[i].file);
        bench_free(&b);
        if (in.n < 1000)
            bench_sweep(&format_npy, in, files[i].file);
        free((void *)(uintptr_t)in.p);
    }
}

#define V1   "\x93NUMPY\x01\x00"
#define TEXT HEADER("'|u1'", "(2,)")

static const struct {
    const char *what;
    struct span in;
    enum pratique_status want;
    uint64_t nested_bytes;
    size_t trailing;
} bodies[] = {
    { "whole", SPAN_LITERAL(V1 "\x39\0" TEXT "ab"), PRATIQUE_OK, 0, 0 },
    { "one byte short", SPAN_LITERAL(V1 "\x39\0" TEXT "a"), PRATIQUE_E_FORMAT, 0, 0 },
    { "bytes behind it", SPAN_LITERAL(V1 "\x39\0" TEXT "abXYZ"), PRATIQUE_OK, 3, 1 },
    { "another array behind it", SPAN_LITERAL(V1 "\x39\0" TEXT "ab" V1 "\x39\0" TEXT "cd"),
      PRATIQUE_OK, 0, 0 },
    { "a broken array behind it", SPAN_LITERAL(V1 "\x39\0" TEXT "ab" V1 "\x39\0{ab"),
      PRATIQUE_E_FORMAT, 3, 0 },
    { "version 4", SPAN_LITERAL("\x93NUMPY\x04\0\x39\0\0\0" TEXT "ab"), PRATIQUE_E_FORMAT, 63, 0 },
    { "version 1.1", SPAN_LITERAL("\x93NUMPY\x01\x01\x39\0" TEXT "ab"), PRATIQUE_E_FORMAT, 61, 0 },
    { "magic alone", SPAN_LITERAL("\x93NUMPY"), PRATIQUE_E_FORMAT, 0, 0 },
    { "a header nobody can read, a body", SPAN_LITERAL(V1 "\x02\0{}body"), PRATIQUE_E_FORMAT, 4,
      0 },
    { "version 3, broken UTF-8",
      SPAN_LITERAL("\x93NUMPY\x03\0\x3e\0\0\0{'descr': [('\xff', '|u1')], 'fortran_order': False, "
                   "'shape': ()}a"),
      PRATIQUE_E_FORMAT, 1, 0 },
};

TEST(npy_bodies)
{
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct bench b;

        bench_run(&b, &format_npy, bodies[i].in, bodies[i].what);
        CHECK(b.status == bodies[i].want, "%s: status %d, %s", bodies[i].what, b.status,
              b.scan.error.msg);
        CHECK(b.nested_bytes == bodies[i].nested_bytes, "%s: %d bytes nested", bodies[i].what,
              (int)b.nested_bytes);
        CHECK(bench_count(&b, FACT_TRAILING) == bodies[i].trailing, "%s: trailing", bodies[i].what);
        bench_free(&b);
    }
}
