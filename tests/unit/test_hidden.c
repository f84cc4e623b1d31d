/* src/format/python/hidden.c */
#include "format/python/hidden.h"

#include "fact/package.h"
#include "model.h"

#define B10  "          "
#define B100 B10 B10 B10 B10 B10 B10 B10 B10 B10 B10

/* "SUBJECT! LINE:COLUMN" of the first fact; "!": sure. */
static void print(const struct facts *facts, char *out, size_t size)
{
    const struct fact *f = facts->list;

    *out = 0;
    if (facts->n)
        (void)snprintf(out, size, "%.*s%s %u:%u", (int)f->subject.n, (const char *)f->subject.p,
                       f->flags & PKG_SURE ? "!" : "", f->line, f->column);
}

static void run(struct bench *b, struct span text)
{
    bench_init(b);
    hidden_tell(&b->scan, text, 1, 0);
}

static void drop(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

TEST(hidden_told)
{
    static const struct {
        const char *what, *text, *want;
    } rows[] = {
        { "nothing", "x = 1\012", "" },
        { "a docstring that ends the function",
          "def f(a):\012    ''' Su"
          "btract then\342\201\247''' ;ret"
          "urn\012    x = 1\012",
          "bidirectional control! 2:22" },
        { "a string that shows a comment",
          "if a != 'user\342\200\256 \342\201\246# ad"
          "min\342\201\251 \342\201\246':\012    pass\012",
          "bidirectional control! 1:14" },
        { "a comment turned round",
          "# \342\200\256\342\201\246 if admin \342\201\251\342\201\246 onl"
          "y\012x = 1\012",
          "bidirectional control! 1:3" },
        { "one override in a comment", "# U+202E: \342\200\256\012x = 1\012",
          "bidirectional control 1:11" },
        { "Hebrew in its embedding", "x = '\342\200\253\327\220\327\221\327\222\342\200\254'\012",
          "" },
        { "Hebrew in isolates", "x = f'\342\201\250\327\220\327\221\342\201\251: {y}'\012", "" },
        { "a table of controls", "T = {'\342\200\252': 'LRE'}\012", "bidirectional control 1:7" },
        { "a spoofed file name in a test",
          "f('photo\342\200\256gpj.exe', 1"
          ")\012",
          "bidirectional control 1:9" },
        { "marks are no controls", "x = '\342\200\216-\342\200\217'\012", "" },
        { "selectors as bytes",
          "x = "
          "'a\363\240\204\200\363\240\204\201\363\240\204\202\363\240\204\203\363\240\204\204\363"
          "\240\204\205\363\240\204\206\363\240\204\207\363\240\204\210\363\240\204\211\363\240\204"
          "\212\363\240\204\213\363\240\204\214\363\240\204\215"
          "\363\240\204\216\363\240\204\217\363\240\204\220\363\240\204\221\363\240\204\222\363\240"
          "\204\223\363\240\204\224\363\240\204\225\363\240\204\226\363\240\204\227\363\240\204\230"
          "\363\240\204\231\363\240\204\232\363\240\204\233\363\240\204\234\363\240\204\235\363\240"
          "\204\236\363\240\204\237\363\240\204\240\363\240\204\241"
          "\363\240\204\242\363\240\204\243\363\240\204\244\363\240\204\245\363\240\204\246\363\240"
          "\204\247\363\240\204\250\363\240\204\251\363\240\204\252\363\240\204\253\363\240\204\254"
          "\363\240\204\255\363\240\204\256\363\240\204\257\363\240\204\260\363\240\204\261\363\240"
          "\204\262\363\240\204\263\363\240\204\264\363\240\204\265"
          "\363\240\204\266\363\240\204\267\363\240\204\270\363\240\204\271\363\240\204\272\363\240"
          "\204\273\363\240\204\274\363\240\204\275\363\240\204\276\363\240\204\277\363\240\205\200"
          "\363\240\205\201\363\240\205\202\363\240\205\203\363\240\205\204\363\240\205\205\363\240"
          "\205\206\363\240\205\207\363\240\205\210\363\240\205\211"
          "\363\240\205\212\363\240\205\213\363\240\205\214\363\240\205\215\363\240\205\216\363\240"
          "\205\217'\012",
          "invisible characters! 1:7" },
        { "tags in a comment",
          "# "
          "\363\240\200\240\363\240\200\241\363\240\200\242\363\240\200\243\363\240\200\244\363\240"
          "\200\245\363\240\200\246\363\240\200\247\363\240\200\250\363\240\200\251\363\240\200\252"
          "\363\240\200\253\363\240\200\254\363\240\200\255\363\240\200\256\363\240\200\257\363\240"
          "\200\260\363\240\200\261"
          "\363\240\200\262\363\240\200\263\363\240\200\264\363\240\200\265\363\240\200\266\363\240"
          "\200\267\363\240\200\270\363\240\200\271\363\240\200\272\363\240\200\273\363\240\200\274"
          "\363\240\200\275\363\240\200\276\363\240\200\277\363\240\201\200\363\240\201\201\363\240"
          "\201\202\363\240\201\203\363\240\201\204\363\240\201\205"
          "\363\240\201\206\363\240\201\207\363\240\201\210\363\240\201\211\363\240\201\212\363\240"
          "\201\213\363\240\201\214\363\240\201\215\363\240\201\216\363\240\201\217\363\240\201\220"
          "\363\240\201\221\363\240\201\222\363\240\201\223\363\240\201\224\363\240\201\225\363\240"
          "\201\226\363\240\201\227\363\240\201\230\363\240\201\231"
          "\363\240\201\232\363\240\201\233\363\240\201\234\363\240\201\235\363\240\201\236\363\240"
          "\201\237\363\240\201\240\363\240\201\241\363\240\201\242\363\240\201\243\363\240\201\244"
          "\363\240\201\245\012",
          "invisible characters! 1:3" },
        { "twenty of them",
          "x = "
          "'\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213"
          "\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213\342"
          "\200\213"
          "\342\200\213\342\200\213\342\200\213\342\200\213\342\200\213'\012",
          "invisible characters 1:6" },
        { "a flag and a family",
          "x = "
          "'\360\237\217\264\363\240\201\247\363\240\201\242\363\240\201\245\363\240\201\256\363"
          "\240\201\247\363\240\201\277 "
          "\360\237\221\250\342\200\215\360\237\221\251\342\200\215\360\237\221\247 \342\232\240"
          "\357\270\217'\012",
          "" },
        { "a word that is cut", "x = 'adm\342\200\213in'\012", "invisible characters 1:9" },
        { "a mark in a docstring", "'''adm\342\200\213in'''\012", "" },
        { "a name that is not seen", "\343\205\244 = 1\012", "invisible characters! 1:1" },
        { "a name with a selector", "x\357\270\200 = 1\012", "invisible characters 1:1" },
        { "exec with a Cyrillic letter", "\320\265xec('1')\012",
          "a name of look-alike letters! 1:1" },
        { "exec in bold",
          "\360\235\220\236\360\235\220\261\360\235\220\236\360\235\220\234('1')\012",
          "a name of look-alike letters! 1:1" },
        { "a name with a Cyrillic letter", "s\321\201ope = 1\012",
          "a name of look-alike letters 1:1" },
        { "a Russian name",
          "\321\201\320\272\320\276\321\200\320\276\321\201\321\202\321\214_x = 1\012", "" },
        { "Greek as in physics", "\316\224t = \316\274_r + \317\2010 + x\316\261\012", "" },
        { "words of several languages", "na\303\257ve = \345\217\230\351\207\217\012", "" },
        { "far right", "x = 1" B100 B100 "; import os\012", "far to the right! 1:206" },
        { "far right behind tabs",
          "x = 1;\011\011\011\011\011\011\011\011\011\011\011\011\011\011"
          "\011\011\011\011\011\011\011\011\011\011\011import os"
          "\012",
          "far to the right! 1:32" },
        { "far right below", "if x:\012" B100 B100 B10 B10 "import os\012",
          "far to the right! 2:221" },
        { "far right behind a docstring", "\"\"\"doc\"\"\"" B100 B100 "; import os\012",
          "far to the right! 1:210" },
        { "far right in a call", "f(1," B100 B100 "g())\012", "far to the right 1:205" },
        { "far right in an expression", "x = 1" B100 B100 "if y else 2\012",
          "far to the right 1:206" },
        { "not far enough",
          "x = 1" B10 B10 B10 B10 B10 B10 B10 B10 B10 "         "
          "; import os\012",
          "" },
        { "a comment far right", "x = 1" B100 B100 "# import os\012", "" },
        { "blanks in a string", "x = '" B100 B100 "import os'\012", "" },
        { "blanks in a docstring", "\"\"\"a" B100 B100 "b\012\"\"\"\012", "" },
        { "a wide call goes on",
          "x = f(aaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaaaaaaaaaaaaaaaa"
          "aaaaaa,\012" B100 B10 B10 B10 B10 B10 "b)\012",
          "" },
        { "a long line",
          "x = [1, 1, 1, 1, 1, "
          "1, 1, 1, 1, 1, 1, 1,"
          " 1, 1, 1, 1, 1, 1, 1"
          ", 1, 1, 1, 1, 1, 1, "
          "1, 1, 1, 1, 1, 1, 1,"
          " 1, 1, 1, 1, 1, 1, 1"
          ", 1, 1, 1, 1, 1, 1, "
          "1, 1, 1, 1, 1, 1, 1,"
          " 1, 1, 1, 1, 1, 1, 1"
          ", 1, 1, 1, 1, 1, 1, "
          "1, 1, 1, 1, 1, 1, 1,"
          " 1, 1, 1, 1, 1, 1, 1"
          ", 1, 1, 1, 1, 1, 1, "
          "1, 1, 1, 1, 1, 1, 1,"
          " 1, 1, 1, 1, 1, 1, 1"
          ", 1, ]\012",
          "" },
        { "blocks in blocks",
          "if x:\012          if x"
          ":\012                  "
          "  if x:\012            "
          "                  if"
          " x:\012                "
          "                    "
          "    if x:\012          "
          "                    "
          "                    "
          "if x:\012              "
          "                    "
          "                    "
          "      if x:\012        "
          "                    "
          "                    "
          "                    "
          "  if x:\012" B10 B10 B10 B10 B10 B10 B10 B10
          "if x:\012" B10 B10 B10 B10 B10 B10 B10 B10 B10 "if x:\012" B100 "if x:\012" B100 B10
          "if x:\012" B100 B10 B10 "if x:\012" B100 B10 B10 B10 "if x:\012" B100 B10 B10 B10 B10
          "if x:\012" B100 B10 B10 B10 B10 B10 "if x:\012" B100 B10 B10 B10 B10 B10 B10
          "if x:\012" B100 B10 B10 B10 B10 B10 B10 B10
          "if x:\012" B100 B10 B10 B10 B10 B10 B10 B10 B10 "y\012",
          "" },
        { "a bracket far right", "x = f(1" B100 B100 ")\012", "" },
        { "a backslash far right",
          "x = 1 +" B100 B100 " "
          "\\\012    2\012",
          "" },
        { "a lone return",
          "# comment\015import os\012"
          "x = 1\012",
          "carriage return within a line 1:10" },
        { "returns alone", "x = 1\015y = 2\015", "" },
        { "CRLF", "x = 1\015\012y = 2\015\012", "" },
        { "CR CRLF", "x = 1\015\015\012y = 2\015\015\012", "" },
        { "a form feed", "x = 1;\014import os\012", "form feed within a line 1:8" },
        { "form feeds between",
          "x = 1\012\014\012y = 2\012\014z = 3"
          "\012",
          "" },
        { "backspaces", "# import os\010\010\010\010\012", "control character 1:12" },
        { "a terminal is told to erase", "# evil\033[2K\012", "control character 1:7" },
        { "a terminal is told to colour", "x = '\033[1;31m'\012", "" },
        { "icons", "x = '\356\202\260\357\201\273'\012", "" },
        { "private bytes",
          "x = "
          "'\356\200\200\356\200\201\356\200\202\356\200\203\356\200\204\356\200\205\356\200\206"
          "\356\200\207\356\200\210\356\200\211\356\200\212\356\200\213\356\200\214\356\200\215\356"
          "\200\216"
          "\356\200\217\356\200\220\356\200\221\356\200\222\356\200\223\356\200\224\356\200\225\356"
          "\200\226\356\200\227\356\200\230\356\200\231\356\200\232\356\200\233\356\200\234\356\200"
          "\235\356\200\236\356\200\237\356\200\240\356\200\241\356\200\242"
          "\356\200\243\356\200\244\356\200\245\356\200\246\356\200\247\356\200\250\356\200\251\356"
          "\200\252\356\200\253\356\200\254\356\200\255\356\200\256\356\200\257\356\200\260\356\200"
          "\261\356\200\262\356\200\263\356\200\264\356\200\265\356\200\266"
          "\356\200\267\356\200\270\356\200\271\356\200\272\356\200\273\356\200\274\356\200\275\356"
          "\200\276\356\200\277\356\201\200\356\201\201\356\201\202\356\201\203\356\201\204\356\201"
          "\205\356\201\206\356\201\207\356\201\210\356\201\211\356\201\212"
          "\356\201\213\356\201\214\356\201\215\356\201\216\356\201\217'\012",
          "private characters 1:6" },
        { "box drawing",
          "# \342\224\200\342\224\200\342\224\202 \342\224\214 \342\224\224 \342\206\222 "
          "\342\234\223\012",
          "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        char got[128];

        run(&b, span_text(rows[i].text));
        print(&b.facts, got, sizeof got);
        CHECK(strcmp(got, rows[i].want) == 0, "%s: got \"%s\"", rows[i].what, got);
        drop(&b);
    }
}

/* The blanks are counted and not shown; lines and offsets count on from where the text stands. */
TEST(hidden_place)
{
    static const char text[] = "# one\nx = 1" B100 B100 "; import os\n";
    struct bench b;

    bench_init(&b);
    hidden_tell(&b.scan, SPAN_LITERAL(text), 10, 3);
    CHECK(b.facts.n == 1, "%zu", b.facts.n);
    if (b.facts.n == 1) {
        const struct fact *f = &b.facts.list[0];

        CHECK(f->line == 11 && f->column == 206 && f->offset == 3 + 6 + 205, "%u:%u at %llu",
              f->line, f->column, (unsigned long long)f->offset);
        CHECK(span_is(f->detail, "x = 1 [200 blanks] ; import os"), "%.*s", (int)f->detail.n,
              (const char *)f->detail.p);
    }
    drop(&b);
}

/* Many of a sort are not all told, but what is sure is told behind them. */
TEST(hidden_bounded)
{
    static const char odd[] = "x = '\342\200\256'\n", grave[] = "\320\265xec('1')\n";
    size_t n = 1000 * (sizeof odd - 1), all = n + sizeof grave - 1;
    char *text = malloc(all);
    struct bench b;

    for (size_t i = 0; i < 1000; i++)
        memcpy(text + i * (sizeof odd - 1), odd, sizeof odd - 1);
    memcpy(text + n, grave, sizeof grave - 1);
    run(&b, span_of(text, all));
    CHECK(b.facts.n == 5, "%zu", b.facts.n);
    CHECK(b.facts.n && b.facts.list[b.facts.n - 1].flags & PKG_SURE, "the last is sure");
    drop(&b);
    free(text);
}

/* Every piece of a text in which everything is odd, in a block of just its size. */
TEST(hidden_cut)
{
    static const char text[] =
        "'\342\200\256\363\240\204\200' ;\f\320\265xec \\\r# \342\201\246\r\n"
        "\"\"\"";

    for (size_t n = 0; n < sizeof text; n++)
        for (size_t from = 0; from <= n; from++) {
            char *copy = malloc(n - from + 1);
            struct bench b;

            memcpy(copy, text + from, n - from);
            run(&b, span_of(copy, n - from));
            CHECK(b.facts.n < 16, "%zu", b.facts.n);
            drop(&b);
            free(copy);
        }
}
