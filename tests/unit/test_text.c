/* src/format/text */
#include "format/text/text.h"

#include "format/text/names.h"
#include "model.h"

TEST(text_encodings)
{
    static const struct {
        const char *what;
        struct span in;
        enum text_encoding want;
        size_t bad;
    } rows[] = {
        { "ascii", SPAN_LITERAL("hello\tworld\r\n\f"), TEXT_ASCII, 14 },
        { "utf-8", SPAN_LITERAL("gr\xc3\xbc\xc3\x9f"), TEXT_UTF8, 6 },
        { "utf-8 with a mark", SPAN_LITERAL("\xef\xbb\xbfx"), TEXT_UTF8, 4 },
        { "latin-1", SPAN_LITERAL("na\xefve, mostly plain"), TEXT_LATIN1, 2 },
        { "too many high bytes", SPAN_LITERAL("\xe9\xe8\xe7 ab"), TEXT_NONE, 0 },
        { "utf-16",
          SPAN_LITERAL("\xff\xfe"
                       "a\0\n\0"),
          TEXT_UTF16LE, 6 },
        { "utf-16, big", SPAN_LITERAL("\xfe\xff\0a\0\n"), TEXT_UTF16BE, 6 },
        { "utf-16, a pair", SPAN_LITERAL("\xff\xfe\x3d\xd8\0\xde"), TEXT_UTF16LE, 6 },
        { "utf-16, half a pair",
          SPAN_LITERAL("\xff\xfe\x3d\xd8"
                       "a\0"),
          TEXT_NONE, 4 },
        { "utf-16, a low one first", SPAN_LITERAL("\xff\xfe\0\xde"), TEXT_NONE, 2 },
        { "utf-16, odd",
          SPAN_LITERAL("\xff\xfe"
                       "a"),
          TEXT_NONE, 2 },
        { "utf-16, a control character", SPAN_LITERAL("\xff\xfe\1\0"), TEXT_NONE, 2 },
        { "a NUL", SPAN_LITERAL("a\0b"), TEXT_NONE, 1 },
        { "a bell", SPAN_LITERAL("ab\x07"), TEXT_NONE, 2 },
        { "DEL", SPAN_LITERAL("\x7f"), TEXT_NONE, 0 },
        { "a pickle's first byte",
          SPAN_LITERAL("\x80"
                       "abcdefg"),
          TEXT_NONE, 0 },
        { "nothing", { (const uint8_t *)"", 0 }, TEXT_NONE, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bad;
        enum text_encoding got = text_sniff(rows[i].in, &bad);

        CHECK(got == rows[i].want, "%s: %s", rows[i].what, text_encoding_name(got));
        CHECK(got == TEXT_LATIN1 || bad == rows[i].bad, "%s: at %zu", rows[i].what, bad);
    }
}

/* One byte that is not text, anywhere: the blocks of the fast path have no blind spot. */
TEST(text_sees_every_byte)
{
    uint8_t file[300];
    size_t bad;

    for (size_t at = 0; at < sizeof file; at++)
        for (unsigned c = 0; c < 0x20; c++) {
            bool text = c >= 9 && c <= 13;

            memset(file, 'a', sizeof file);
            file[at] = (uint8_t)c;
            CHECK((text_sniff(span_of(file, sizeof file), &bad) == TEXT_ASCII) == text &&
                      (text || bad == at),
                  "0x%02x at %zu", c, at);
        }
}

TEST(text_names)
{
    static const struct {
        const char *name;
        size_t n;
        enum text_class class;
        const char *language;
    } rows[] = {
        { "a.py", 4, CLASS_PYTHON, NULL },
        { "x/y\\A.PY", 8, CLASS_PYTHON, NULL },
        { "a.py ", 5, CLASS_PYTHON, NULL },
        { "a.py.", 5, CLASS_PYTHON, NULL },
        { "a.py\0.txt", 9, CLASS_PYTHON, NULL },
        { "SConstruct", 10, CLASS_PYTHON, NULL },
        { "a.pyx", 5, CLASS_SOURCE, "Cython" },
        { "a.ipynb", 7, CLASS_NOTEBOOK, NULL },
        { "a.mjs", 5, CLASS_SCRIPT, NULL },
        { "a.txt\0.py", 9, CLASS_PROSE, NULL },
        { "Makefile", 8, CLASS_SOURCE, "make" },
        { "d/CMakeLists.txt", 16, CLASS_SOURCE, "CMake" },
        { "a.pyi", 5, CLASS_PYTHON, NULL },
        { "py.typed", 8, CLASS_PROSE, NULL },
        { "x.dist-info/METADATA", 20, CLASS_METADATA, NULL },
        { "METADATA.txt", 12, CLASS_PROSE, NULL },
        { "LICENSE.MIT", 11, CLASS_PROSE, NULL },
        { "config.json", 11, CLASS_CONFIG, NULL },
        { "x.pth", 5, CLASS_PTH, NULL },
        { "py", 2, CLASS_UNKNOWN, NULL },
        { "", 0, CLASS_UNKNOWN, NULL },
        { "a.py/data", 9, CLASS_UNKNOWN, NULL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text_name got = text_name_of(span_of(rows[i].name, rows[i].n));

        CHECK(got.class == rows[i].class, "%s: class %d", rows[i].name, got.class);
        CHECK(!rows[i].language == !got.language &&
                  (!got.language || strcmp(got.language, rows[i].language) == 0),
              "%s: %s", rows[i].name, got.language ? got.language : "none");
    }
}

TEST(text_facts)
{
    static const struct {
        const char *name, *in;
        enum fact_kind want; /* FACT_READ: nothing against it */
        uint32_t line, column;
    } rows[] = {
        { "a.yaml", "x: 1\ny: !!python/name:os.system\n", FACT_TEXT_YAML_OBJECT, 2, 4 },
        { "a", "[?!!python/name:os.system ]", FACT_TEXT_YAML_OBJECT, 1, 3 },
        { "a.yml", "{\"a\":!!python/name:os.system }", FACT_TEXT_YAML_OBJECT, 1, 6 },
        { "a.yml", "a:\xe2\x80\xa8!!python/name:os.system\n", FACT_TEXT_YAML_OBJECT, 1, 6 },
        { "a.md", "x: !!python/name:os.system\n", FACT_READ, 0, 0 },
        { "a.yaml", "x: !!python/none ''\n", FACT_READ, 0, 0 },
        { "a.yaml", "x: !!python/tuples []\n", FACT_TEXT_YAML_OBJECT, 1, 4 },
        { "a.json", "{\"a\": 1, \"_target_\" : \"os.system\"}", FACT_MODEL_CODE, 1, 24 },
        { "a.json", "{\"\\u005ftarget_\": \"x\"}", FACT_MODEL_CODE, 1, 20 },
        { "a.json", "{'_target_': 'x'}", FACT_MODEL_CODE, 1, 15 },
        { "a.cfg", "{\"\\u005ftarget_\": 1", FACT_TEXT_NAMES_CODE, 1, 3 },
        { "a.yaml", "\"\\x5ftarget_\": os.system\n", FACT_MODEL_CODE, 1, 16 },
        { "a.yaml", "\"\\U0000005ftarget_\": os.system\n", FACT_MODEL_CODE, 1, 22 },
        { "a.yaml", "\"\\U0000105ftarget_\": os.system\n", FACT_READ, 0, 0 },
        { "a.json", "{\"\\u 05ftarget_\": 1}", FACT_READ, 0, 0 },
        { "a.json", "{\"a\\\\u005ftarget_\": 1}", FACT_READ, 0, 0 },
        { "a.html", "<p>\n<SCRIPT>", FACT_TEXT_MARKUP_SCRIPT, 2, 1 },
        { "METADATA", "Use _target_: x or !!python/name:y\n", FACT_READ, 0, 0 },
        { "data", "import os\n", FACT_PY_SOURCE, 0, 0 },
        { "data", "important things\n", FACT_READ, 0, 0 },
        { "data", "from here on, all is well\n", FACT_READ, 0, 0 },
        { "a.txt", "#!/usr/bin/env perl\n", FACT_TEXT_SOURCE, 0, 0 },
        { "a.txt", "  %PDF-1.4 all of it text\n", FACT_KNOWN_DOCUMENT, 0, 0 },
        { "a.cfg", "# vim: set fileencoding=utf-8\n", FACT_READ, 0, 0 },
        { "a", "# vim: set fileencoding=utf-8\n", FACT_PY_SOURCE, 0, 0 },
        { "a.txt", "#!/usr/bin/python3.11 -I\n1\n", FACT_PY_SOURCE, 0, 0 },
        { "a", "#!/usr/bin/env -S uv run --script\n1\n", FACT_PY_SOURCE, 0, 0 },
        { "a", "#!/opt/pypy3\n1\n", FACT_PY_SOURCE, 0, 0 },
        { "a.txt", "#!/usr/bin/env pythonic\n", FACT_TEXT_SOURCE, 0, 0 },
        { "a.js", "let a = 1;\n", FACT_READ, 0, 0 },
        { "a.js", "let a = 1;\n eval(a);\n", FACT_TEXT_NAME, 2, 2 },
        { "a.md", "# A\n\n    import socket\n", FACT_TEXT_NAME, 3, 5 },
        { "METADATA", "    import socket\n", FACT_READ, 0, 0 },
        { "a.pth", "/usr/lib\n# import os\nimports\n", FACT_READ, 0, 0 },
        { "a.pth", "x\n#\fimport os\n", FACT_PY_SOURCE, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f;
        struct bench b;

        bench_run(&b, &format_text, span_text(rows[i].in), rows[i].name);
        f = bench_fact(&b, rows[i].want);
        CHECK(b.status == PRATIQUE_OK && f, "%s: %s", rows[i].name, rows[i].in);
        CHECK(rows[i].want == FACT_PY_SOURCE || b.facts.n - bench_count(&b, FACT_CONFIG_BROKEN) ==
                                                    1u + (rows[i].want != FACT_READ),
              "%s: %s: %zu facts", rows[i].name, rows[i].in, b.facts.n);
        CHECK(!f || (f->line == rows[i].line && f->column == rows[i].column), "%s: %s: at %u:%u",
              rows[i].name, rows[i].in, f->line, f->column);
        bench_free(&b);
    }
}

TEST(text_member_that_is_none)
{
    struct bench b;

    bench_init(&b);
    b.scan.role = ROLE_TEXT;
    CHECK(format_text.scan(&b.scan, SPAN_LITERAL("ab\0c")) == PRATIQUE_OK, "inspected as it is");
    CHECK(bench_count(&b, FACT_TEXT_NOT_TEXT) == 1 && b.nested == 1, "told, and handed on");
    bench_free(&b);
    bench_run(&b, &format_text, SPAN_LITERAL("ab\0c"), "a.txt");
    CHECK(b.status == PRATIQUE_E_FORMAT && b.scan.error.offset == 2, "elsewhere a fault");
    bench_free(&b);
}

TEST(text_sweep)
{
    static const char *const files[] = { "i_yaml", "i_yaml_utf16", "i_config_escaped.json",
                                         "y_utf8.txt", "i_python.py" };
    struct span in;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, "tests/fuzz/corpus/text/%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_sweep(&format_text, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}
