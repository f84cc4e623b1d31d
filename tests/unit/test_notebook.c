/* src/format/text/notebook.c and pth.c: Python in other files, told where it stands. */
#include "format/text/text.h"

#include "model.h"

#define CELL(text) "{\"cell_type\": \"code\", \"source\": " text "}"

/* The n-th fact of a kind. */
static const struct fact *nth(const struct bench *b, enum fact_kind kind, size_t n)
{
    for (size_t i = 0; i < b->facts.n; i++)
        if (b->facts.list[i].kind == kind && n-- == 0)
            return &b->facts.list[i];
    return NULL;
}

TEST(notebook_facts)
{
    static const struct {
        const char *in;
        enum fact_kind kind;
        const char *subject, *where;
        uint32_t line;
    } rows[] = {
        { "{\"cells\": [" CELL("\"import os\\nos.system('x')\"") "]}", FACT_PY_NAME, "os.system",
          "cell 1", 2 },
        { "{\"cells\": [" CELL("[\"import os as o\\n\", \"1\"]") ", {\"cell_type\": "
                                                                 "\"markdown\"}, " CELL(
                                                                     "\"\\n\\no.system('x')\"") "]"
                                                                                                "}",
          FACT_PY_NAME, "os.system", "cell 3", 3 },
        { "{\"worksheets\": [{\"cells\": [{\"cell_type\": \"code\", \"input\": \"exec(x)\"}]}]}",
          FACT_PY_NAME, "builtins.exec", "cell 1", 1 },
        { "{\"cells\": [" CELL("\"x = 1\\n  !ls -l\"") "]}", FACT_PY_NAME, "IPython.system",
          "cell 1", 2 },
        { "{\"cells\": [" CELL("\"x = !ls\"") "]}", FACT_PY_NAME, "IPython.system", "cell 1", 1 },
        { "{\"cells\": [" CELL("\"%%bash\\nls\"") "]}", FACT_PY_NAME, "IPython.system", "cell 1",
          1 },
        { "{\"cells\": [" CELL("\"%pip install x\"") "]}", FACT_PY_NAME, "IPython.system", "cell 1",
          1 },
        { "{\"cells\": [" CELL("\"%run x.py\"") "]}", FACT_PY_NAME, "runpy.run_path", "cell 1", 1 },
        { "{\"cells\": [" CELL("\"%timeit -n 10 exec(x)\"") "]}", FACT_PY_NAME, "builtins.exec",
          "cell 1", 1 },
        { "{\"cells\": [" CELL("\"%%time\\nexec(x)\"") "]}", FACT_PY_NAME, "builtins.exec",
          "cell 1", 2 },
        /* a string is no magic, however it looks */
        { "{\"cells\": [" CELL("\"!ls\\nx = '''\\n!'''; exec(x); y = '''\\n'''\"") "]}",
          FACT_PY_NAME, "builtins.exec", "cell 1", 3 },
        { "{\"cells\": [" CELL("\"def f(:\"") ", " CELL("\"exec(x)\"") "]}", FACT_PY_NAME,
          "builtins.exec", "cell 2", 1 },
        { "{\"cells\": [" CELL("\"def f(:\"") ", " CELL("\"1\"") "]}", FACT_PY_SYNTAX, NULL,
          "cell 1", 1 },
        { "{\"cells\": [" CELL("\"%%html\\neval(x)\"") "]}", FACT_TEXT_NAME, "builtins.eval",
          "cell 1", 2 },
        { "{\"cells\": [" CELL("\"%%R\\nx\"") "]}", FACT_TEXT_SOURCE, "%%R", "input", 0 },
        { "{\"cells\": [], \"metadata\": {\"language_info\": {\"name\": \"R\"}}}", FACT_TEXT_SOURCE,
          "R", "input", 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f = NULL;
        struct bench b;
        bool found = false;

        bench_run(&b, &format_text, span_text(rows[i].in), "a.ipynb");
        CHECK(b.status == PRATIQUE_OK, "%s", rows[i].in);
        for (size_t n = 0; !found && (f = nth(&b, rows[i].kind, n)); n++)
            found = (!rows[i].subject || span_is(f->subject, rows[i].subject)) &&
                    strcmp(f->where->name, rows[i].where) == 0 && f->line == rows[i].line;
        CHECK(found, "%s", rows[i].in);
        bench_free(&b);
    }
}

TEST(notebook_without_anything)
{
    static const char *const files[] = {
        "{}",
        "[]",
        "{\"cells\": {}}",
        "{\"cells\": [1, null, {}]}",
        "{\"cells\": [" CELL("1") ", " CELL("[1, \"\"]") "]}",
        "{\"cells\": [" CELL(
            "\"%matplotlib inline\\nx = 1\\nx?\\n?x\\n%time\\ny = %who \\\\\\n z\"") "]}",
        "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"import socket\"}]}",
        "\xef\xbb\xbf{\"cells\": [" CELL("\"'''\\n!ls\\n'''\"") "]}",
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct bench b;

        bench_run(&b, &format_text, span_text(files[i]), "x/A.IPYNB");
        CHECK(b.status == PRATIQUE_OK && !nth(&b, FACT_PY_NAME, 0) && !nth(&b, FACT_PY_SYNTAX, 0) &&
                  !nth(&b, FACT_TEXT_NAME, 0),
              "%s", files[i]);
        bench_free(&b);
    }
}

TEST(notebook_that_is_broken)
{
    struct bench b;

    bench_run(&b, &format_text, SPAN_LITERAL("{\"cells\": [" CELL("\"os.system(x)\"")), "a.ipynb");
    CHECK(b.status == PRATIQUE_E_FORMAT && nth(&b, FACT_TEXT_NAME, 0), "searched, and a fault");
    bench_free(&b);
    bench_run(&b, &format_text, SPAN_LITERAL("{\"cells\": [], \"cells\": []}"), "a.ipynb");
    CHECK(b.status == PRATIQUE_E_FORMAT, "two readings");
    bench_free(&b);
}

TEST(notebook_sweep)
{
    static const char file[] = "{\"cells\": [" CELL("[\"%%time\\n\", \"!ls\\nexec(x)\"]") ", " CELL(
        "\"y = !ls \\\\\\n -l\\n%run a\\ndef f(:\"") "]}";

    bench_sweep(&format_text, SPAN_LITERAL(file), "a.ipynb");
}

TEST(pth_lines)
{
    static const struct {
        const char *in;
        uint32_t line; /* of os.system; 0: nothing is run */
    } rows[] = {
        { "import os; os.system('x')", 1 },
        { "/a\n\nimport os; os.system('x')\n", 3 },
        { "/a\r\nimport\tos; os.system('x')\r\n/b", 2 },
        { "\xef\xbb\xbfimport os; os.system('x')\n", 1 },
        { "a\fimport os; os.system('x')\n", 2 },
        { "a\xe2\x80\xa8import os; os.system('x')\n", 2 },
        { "import os\n/a\nimport sys; os.system('x')\n", 3 },
        { "# import os; os.system('x')\n", 0 },
        { " import os; os.system('x')\n", 0 },
        { "os.system('x')\n", 0 },
        { "imports\n", 0 },
        { "../lib\n", 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f;
        struct bench b;

        bench_run(&b, &format_text, span_text(rows[i].in), "a.pth");
        f = nth(&b, FACT_PY_NAME, 0);
        CHECK(b.status == PRATIQUE_OK && !nth(&b, FACT_PY_SYNTAX, 0) &&
                  (rows[i].line ? f && f->line == rows[i].line : !f),
              "%s: line %u", rows[i].in, f ? f->line : 0);
        bench_free(&b);
    }
}
