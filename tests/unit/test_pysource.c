/* src/format/python/source.c, the codecs behind it, and unicode.c. */
#include <stdlib.h>

#include "../fuzz/harness.h"
#include "base/utf8.h"
#include "format/python/codec.h"
#include "format/python/source.h"
#include "format/python/unicode.h"
#include "test.h"

#define IN(s) SPAN_LITERAL(s)

/* A decoded source, and the scan that paid for it. */
struct opened {
    struct harness h;
    struct py_source src;
    struct py_fault fault;
    enum pratique_status st;
    uint64_t memory;
};

static void open_source(struct opened *o, struct span in)
{
    harness_init(&o->h);
    o->memory = o->h.budget.memory_left;
    o->st = py_source_open(&o->src, &o->h.scan, in, &o->fault);
}

static void close_source(struct opened *o, const char *what)
{
    py_source_close(&o->src, &o->h.scan);
    CHECK(o->h.budget.memory_left == o->memory, "%s: memory is given back", what);
    harness_free(&o->h);
}

TEST(sources_decode)
{
    static const struct {
        const char *what;
        struct span in;
        const char *encoding, *text;
        bool same;
    } rows[] = {
        { "nothing", IN(""), "utf-8", "", true },
        { "ASCII", IN("x = 1\r\ny\r"), "utf-8", "x = 1\r\ny\r", true },
        { "UTF-8", IN("x = '\xc3\xa9\xf0\x9f\x98\x80'"), "utf-8", "x = '\xc3\xa9\xf0\x9f\x98\x80'",
          true },
        { "BOM", IN("\xef\xbb\xbfpass"), "utf-8", "pass", true },
        { "BOM and cookie", IN("\xef\xbb\xbf# coding: UTF-8\n"), "utf-8", "# coding: UTF-8\n",
          true },
        { "Latin-1", IN("# coding: latin-1\n\xe9"), "iso8859-1", "# coding: latin-1\n\xc3\xa9",
          false },
        { "Latin-1, of ASCII", IN("# coding: latin-1\nx"), "iso8859-1", "# coding: latin-1\nx",
          true },
        { "Latin-1, with a suffix", IN("# coding: ISO_8859_1-unix\n\xe9"), "iso8859-1",
          "# coding: ISO_8859_1-unix\n\xc3\xa9", false },
        { "emacs", IN("# -*- coding: cp1252 -*-\n\x80"), "cp1252",
          "# -*- coding: cp1252 -*-\n\xe2\x82\xac", false },
        { "vim, second line", IN("#!/bin/sh\n# vim: set fileencoding=cp1251 :\n\xff"), "cp1251",
          "#!/bin/sh\n# vim: set fileencoding=cp1251 :\n\xd1\x8f", false },
        { "second line behind CR", IN("#\r# coding: cp1251\r\xff"), "cp1251",
          "#\r# coding: cp1251\r\xd1\x8f", false },
        { "not in the third line", IN("\n\n# coding: nope\n"), "utf-8", "\n\n# coding: nope\n",
          true },
        { "not behind code", IN("x\n# coding: nope\n"), "utf-8", "x\n# coding: nope\n", true },
        { "no colon", IN("# coding nope\n"), "utf-8", "# coding nope\n", true },
        { "blank before the colon", IN("# coding : nope\n"), "utf-8", "# coding : nope\n", true },
        { "the second try in a line", IN("# coding: (x) coding=cp1251\n\xff"), "cp1251",
          "# coding: (x) coding=cp1251\n\xd1\x8f", false },
        { "a trail byte that is a backslash", IN("# coding: sjis\n'\x83\x5c'"), "shift_jis",
          "# coding: sjis\n'\xe3\x82\xbd'", false },
        { "a trail byte in GBK", IN("# coding: gbk\n'\x81\x5c'"), "gbk",
          "# coding: gbk\n'\xe4\xb9\x97'", false },
        { "Big5", IN("# coding: big5\n'\xa5\x5c'"), "big5", "# coding: big5\n'\xe5\x8a\x9f'",
          false },
        { "EUC-JP, three bytes", IN("# coding: euc-jp\n\x8f\xb0\xa1"), "euc_jp",
          "# coding: euc-jp\n\xe4\xb8\x82", false },
        { "GB 18030, four bytes", IN("# coding: gb18030\n\x90\x30\x81\x30"), "gb18030",
          "# coding: gb18030\n\xf0\x90\x80\x80", false },
        { "UTF-7", IN("# coding: utf-7\n+AGUAdgBhAGw-(1)\n"), "utf-7", "# coding: utf-7\neval(1)\n",
          false },
        { "escapes", IN("# coding: unicode_escape\n#\\x0aprint(1)\n"), "unicode-escape",
          "# coding: unicode_escape\n#\nprint(1)\n", false },
        { "raw escapes", IN("# coding: raw_unicode_escape\n\\u0065\\U00000078\n"),
          "raw-unicode-escape", "# coding: raw_unicode_escape\nex\n", false },
        { "ISO-2022-JP", IN("# coding: iso-2022-jp\n'\x1b$B0!\x1b(B'\n"), "iso2022_jp",
          "# coding: iso-2022-jp\n'\xe4\xba\x9c'\n", false },
        { "HZ", IN("# coding: hz\n'~{VP~}~~'\n"), "hz", "# coding: hz\n'\xe4\xb8\xad~'\n", false },
        { "EBCDIC, which only a script can read", IN("# coding: cp037\n\x25\x97\x81\xa2\xa2\x25"),
          "cp037", "# coding: cp037\npass\n", false },
        { "a host name's codec", IN("# coding: idna\nx.y\n"), "idna", "# coding: idna\nx.y\n",
          false },
        { "bad bytes on the cookie's line, which a script does not decode",
          IN("# coding: ascii \xff\nx\n"), "ascii", "# coding: ascii ?\nx\n", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct opened o;

        open_source(&o, rows[i].in);
        CHECK(o.st == PRATIQUE_OK, "%s: refused: %s", rows[i].what, o.fault.reason);
        CHECK(span_is(o.src.text, rows[i].text), "%s: \"%.*s\"", rows[i].what, (int)o.src.text.n,
              (const char *)o.src.text.p);
        CHECK(strcmp(o.src.encoding, rows[i].encoding) == 0, "%s: %s", rows[i].what,
              o.src.encoding);
        CHECK(o.src.same == rows[i].same, "%s: same", rows[i].what);
        CHECK(o.src.invalid == SIZE_MAX, "%s: invalid", rows[i].what);
        close_source(&o, rows[i].what);
    }
}

TEST(sources_refused)
{
    static const struct {
        const char *what;
        struct span in;
        uint32_t line, column;
        uint64_t offset;
        const char *reason;
    } rows[] = {
        { "unknown", IN("# coding: xyz\n"), 1, 11, 10, "unknown encoding: xyz" },
        { "Windows' own", IN("#\n# coding: mbcs\n"), 2, 11, 12, "unknown encoding: mbcs" },
        { "no text", IN("# coding: rot13\n"), 1, 11, 10, "'rot13' is not a text encoding" },
        { "undefined", IN("# coding: undefined\n"), 1, 1, 0,
          "'undefined' codec can't decode bytes in position 0-19: undefined encoding" },
        { "BOM and another cookie", IN("\xef\xbb\xbf# coding: latin-1\n"), 1, 11, 13,
          "encoding problem: iso-8859-1 with BOM" },
        { "BOM and UTF-8 by another name", IN("\xef\xbb\xbf# coding: utf8\n"), 1, 11, 13,
          "encoding problem: utf8 with BOM" },
        { "NUL", IN("a\nb\0"), 2, 2, 3, "source code cannot contain null bytes" },
        { "NUL behind a bad byte", IN("\xff\n\0"), 2, 1, 2,
          "source code cannot contain null bytes" },
        { "NUL in Latin-1", IN("# coding: latin-1\n\0"), 2, 1, 18,
          "source code cannot contain null bytes" },
        { "UTF-16", IN("\xff\xfex\0"), 1, 4, 3, "source code cannot contain null bytes" },
        { "NUL made by a codec", IN("# coding: utf-7\n+AAA-\n"), 1, 11, 10,
          "source code cannot contain null bytes, as utf-7 makes here" },
        { "not ASCII", IN("# coding: ascii\nx = '\xe9'\n"), 2, 6, 21,
          "'ascii' codec can't decode byte 0xe9 in position 21: ordinal not in range(128)" },
        { "not UTF-8, by codec", IN("# coding: utf8\n\xc3("), 2, 1, 15,
          "'utf-8' codec can't decode byte 0xc3 in position 15: invalid continuation byte" },
        { "no character", IN("# coding: cp1252\n\x81"), 2, 1, 17,
          "'cp1252' codec can't decode byte 0x81 in position 17: character maps to <undefined>" },
        { "half a character", IN("# coding: shift_jis\n'\x83"), 2, 2, 21,
          "'shift_jis' codec can't decode byte 0x83 in position 21: incomplete multibyte "
          "sequence" },
        { "no character of two", IN("# coding: shift_jis\n'\x83\x20'"), 2, 2, 21,
          "'shift_jis' codec can't decode byte 0x83 in position 21: illegal multibyte sequence" },
        { "half a pair", IN("# coding: utf-7\n+2AA-\n"), 2, 5, 20,
          "'utf-7' codec can't decode byte 0x2d in position 20: surrogates not allowed" },
        { "UTF-16 by cookie", IN("# coding: utf-16\nxxx"), 0, 0, 0, NULL },
        { "code on the cookie's line", IN("# coding: unicode_escape \\nexec(x)\n"), 1, 11, 10,
          "an import and a script read unicode_escape differently here" },
        { "a comment that hides from one",
          IN("# coding: unicode_escape\n#\\x0d'''\nx\n#\\x0d'''\n"), 1, 11, 10,
          "an import and a script read unicode_escape differently here" },
        { "a cookie that only tokenize sees", IN("#\rx\r# coding: utf-7\n"), 1, 1, 0,
          "tokenize.open() reads another encoding, for want of newlines" },
        { "a line that only tokenize does not end", IN("# coding: utf-7\rx\n"), 1, 11, 10,
          "an import and a script read utf-7 differently here" },
        { "a shift that begins on the cookie's line", IN("# coding: hz ~{\n0!~}\n"), 0, 0, 0,
          NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct opened o;

        open_source(&o, rows[i].in);
        CHECK(o.st == PRATIQUE_E_FORMAT, "%s: status %d", rows[i].what, o.st);
        if (rows[i].reason) {
            CHECK(strcmp(o.fault.reason, rows[i].reason) == 0, "%s: %s", rows[i].what,
                  o.fault.reason);
            CHECK(o.fault.line == rows[i].line && o.fault.column == rows[i].column &&
                      o.fault.offset == rows[i].offset,
                  "%s: %u:%u, byte %llu", rows[i].what, o.fault.line, o.fault.column,
                  (unsigned long long)o.fault.offset);
        }
        close_source(&o, rows[i].what);
    }
}

TEST(sources_with_bytes_that_are_not_utf8)
{
    static const struct {
        struct span in;
        size_t invalid;
        uint32_t line, column;
        const char *reason;
    } rows[] = {
        { IN("# \xff\nx"), 2, 1, 3,
          "(unicode error) 'utf-8' codec can't decode byte 0xff in position 2: invalid start "
          "byte" },
        { IN("#\xc3\xa9\n\xe9"), 4, 2, 1,
          "(unicode error) 'utf-8' codec can't decode byte 0xe9 in position 4: unexpected end of "
          "data" },
        { IN("\xef\xbb\xbfx\xed\xa0\x80"), 1, 1, 2,
          "(unicode error) 'utf-8' codec can't decode byte 0xed in position 4: invalid "
          "continuation byte" },
        { IN("\xf0\x9f\x98x"), 0, 1, 1,
          "(unicode error) 'utf-8' codec can't decode bytes in position 0-2: invalid continuation "
          "byte" },
        { IN("\xc0\xaf"), 0, 1, 1,
          "(unicode error) 'utf-8' codec can't decode byte 0xc0 in position 0: invalid start "
          "byte" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct opened o;

        open_source(&o, rows[i].in);
        CHECK(o.st == PRATIQUE_OK && o.src.same, "row %zu: %d", i, o.st);
        CHECK(o.src.invalid == rows[i].invalid, "row %zu: at %zu", i, o.src.invalid);
        CHECK(o.fault.line == rows[i].line && o.fault.column == rows[i].column, "row %zu: %u:%u", i,
              o.fault.line, o.fault.column);
        CHECK(strcmp(o.fault.reason, rows[i].reason) == 0, "row %zu: %s", i, o.fault.reason);
        close_source(&o, "not UTF-8");
    }
}

TEST(sources_with_such_bytes_in_strings)
{
    struct span in = IN("\xef\xbb\xbf# \xff\nx = '\xc3\xa9\xe9'\n");
    struct py_node nodes[] = { { 0 },
                               { .kind = N_NAME, .off = 4, .end = 5 },
                               { .kind = N_STR, .off = 8, .end = 13 } };
    struct py_tree tree = { .nodes = nodes, .n = 2 };
    struct opened o;

    open_source(&o, in);
    tree.text = o.src.text;
    CHECK(o.st == PRATIQUE_OK && o.src.invalid == 2, "decoded");
    CHECK(py_source_check(&o.src, &tree, &o.fault) == PRATIQUE_OK, "in a comment");
    tree.n = 3;
    CHECK(py_source_check(&o.src, &tree, &o.fault) == PRATIQUE_E_FORMAT, "in a string");
    CHECK(o.fault.line == 2 && o.fault.column == 7 && o.fault.offset == 14, "%u:%u, byte %llu",
          o.fault.line, o.fault.column, (unsigned long long)o.fault.offset);
    close_source(&o, "strings");
}

TEST(sources_plain_at_each_length)
{
    uint8_t text[200];

    memset(text, 'x', sizeof text);
    for (size_t n = 0; n <= sizeof text; n++) {
        struct span in = span_of(text, n);
        bool nul;

        CHECK(py_plain(in) == n && py_utf8_valid(in, &nul) == n && !nul, "length %zu", n);
        for (size_t at = 0; at < n; at++) {
            text[at] = at % 2 ? 0 : 0xFF;
            CHECK(py_plain(in) == at, "byte %zu of %zu", at, n);
            CHECK(py_utf8_valid(in, &nul) == (at % 2 ? n : at) && nul == at % 2, "byte %zu of %zu",
                  at, n);
            text[at] = 'x';
        }
    }
}

/* Whatever the bytes: what was decoded is UTF-8, and memory comes back. */
static void check_any(const uint8_t *bytes, size_t n, const char *what)
{
    uint8_t *exact = malloc(n ? n : 1);
    struct opened o;

    if (!exact) {
        CHECK(false, "%s: no memory", what);
        return;
    }
    memcpy(exact, bytes, n);
    open_source(&o, span_of(exact, n));
    CHECK(o.src.invalid != SIZE_MAX || o.src.same || utf8_valid(o.src.text.p, o.src.text.n),
          "%s: UTF-8", what);
    CHECK(o.st != PRATIQUE_E_FORMAT || o.fault.reason[0], "%s: a reason", what);
    close_source(&o, what);
    free(exact);
}

TEST(sources_cut_and_flipped)
{
    static const struct span rows[] = {
        IN("\xef\xbb\xbf# coding: utf-8\nx = '\xe2\x82\xac'\n"),
        IN("# coding: shift_jis\nx = '\x83\x5c\xb1\x82\xa0'\n"),
        IN("# coding: euc_jis_2004\n'\x8f\xa1\xa2\x8e\xb1\xa4\xf7\xb0\xa1'\n"),
        IN("# coding: gb18030\n'\x81\x30\x81\x30\x90\x30\x81\x30\xb0\xa1\xa2\xe3'\n"),
        IN("# coding: euc_kr\n'\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xd4\xb0\xa1'\n"),
        IN("# coding: big5hkscs\n'\x88\x62\x87\x40\xa4\x40'\n"),
        IN("# coding: johab\n'\x88\x61\xd9\x31\xe0\x31'\n"),
        IN("# coding: iso2022_jp_2\n'\x1b$B0!\x1b.A\x1bNi\x1b$(C0!\x1b&@\x1b$B0!\x1b(B\x1b[m'\n"),
        IN("# coding: iso2022_kr\n\x1b$)C'\x0e0!\x0f'\n"),
        IN("# coding: hz\n'~{VP~}~~~\n'\n"),
        IN("# coding: utf-7\n'+2D3eAA-+AGEA-+-'\n"),
        IN("# coding: unicode_escape\n\\x41\\u0041\\U0001F600\\N{SPACE}\\101\\\n\n"),
        IN("# coding: raw_unicode_escape\n\\u0041\\U0001F600\\n\n"),
        IN("# coding: utf-16-le\nxyzabc"),
        IN("# coding: cp037\r\n\x25\x97\x81\xa2\xa2\x25"),
        IN("# coding: punycode\nx = 1-4gbrim-"),
        IN("# coding: idna\nx.xn--y\n"),
    };
    uint8_t bytes[128];
    char what[32];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t n = 0; n <= rows[i].n; n++) {
            snprintf(what, sizeof what, "row %zu cut at %zu", i, n);
            check_any(rows[i].p, n, what);
        }
        memcpy(bytes, rows[i].p, rows[i].n);
        for (size_t at = 0; at < rows[i].n * 8; at++) {
            snprintf(what, sizeof what, "row %zu bit %zu", i, at);
            bytes[at / 8] ^= (uint8_t)(1 << at % 8);
            check_any(bytes, rows[i].n, what);
            bytes[at / 8] ^= (uint8_t)(1 << at % 8);
        }
    }
}

TEST(sources_without_memory)
{
    static const struct span rows[] = { IN("# coding: latin-1\n\xe9"),
                                        IN("# coding: utf-7\n+AGE-\n"),
                                        IN("# coding: cp037\n\x25\x97") };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (uint64_t memory = 0; memory < 200; memory++) {
            struct opened o;

            harness_init(&o.h);
            o.h.budget.memory_left = o.memory = memory;
            o.st = py_source_open(&o.src, &o.h.scan, rows[i], &o.fault);
            CHECK(o.st == PRATIQUE_OK ||
                      (o.st == PRATIQUE_E_LIMIT && o.h.scan.error.status == o.st),
                  "row %zu, %llu bytes: %d", i, (unsigned long long)memory, o.st);
            close_source(&o, "without memory");
        }
}

TEST(codecs_have_names)
{
    static const struct {
        const char *name, *codec;
    } rows[] = {
        { "utf8", "utf_8" },
        { "UTF", "utf_8" },
        { "U8", "utf_8" },
        { "l1", "latin_1" },
        { "latin.1", NULL },
        { "646", "ascii" },
        { "us.ascii", "ascii" },
        { "-cp1252-", "cp1252" },
        { "WINDOWS 1252", "cp1252" },
        { "ms_kanji", "cp932" },
        { "windows-31j", "cp932" },
        { "874", "cp874" },
        { "rot13", "rot_13" },
        { "mbcs", NULL },
        { "oem", NULL },
        { "aliases", NULL },
        { "__init__", NULL },
        { "", NULL },
        { "a.b", NULL },
        { "..", NULL },
        { "cp0037", NULL },
        { "latin--1", "latin_1" },
        { "l\xc3\xa4tin_1", NULL },
    };
    char far[100];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct py_codec *c = py_codec_find(span_text(rows[i].name));

        CHECK(c ? rows[i].codec && strcmp(c->name, rows[i].codec) == 0 : !rows[i].codec, "%s: %s",
              rows[i].name, c ? c->name : "none");
    }
    memset(far, 'a', sizeof far);
    CHECK(!py_codec_find(span_of(far, sizeof far)), "a long name");
    memcpy(far, "ascii", 5);
    memset(far + 5, '-', sizeof far - 5);
    CHECK(py_codec_find(span_of(far, sizeof far)) != NULL, "a long tail of nothing");
}

TEST(identifiers)
{
    static const struct {
        uint32_t c;
        bool start, more;
    } rows[] = {
        { 0xAA, true, true },     { 0xB2, false, false },    { 0xB7, false, true },
        { 0xD7, false, false },   { 0xE9, true, true },      { 0x300, false, true },
        { 0x2000, false, false }, { 0x2118, true, true },    { 0x4E00, true, true },
        { 0xAC00, true, true },   { 0xD800, false, false },  { 0xFF10, false, true },
        { 0xFF45, true, true },   { 0x1F600, false, false }, { 0x1D400, true, true },
        { 0x323B0, true, true },  { 0x10FFFF, true, true },  { 0xE000, false, false },
        { 0x200D, false, true },  { 0x1CCF0, true, true },   { 0xFFFD, false, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK(py_is_id_start(rows[i].c) == rows[i].start, "U+%04X may start", rows[i].c);
        CHECK(py_is_id_continue(rows[i].c) == rows[i].more, "U+%04X may follow", rows[i].c);
    }
}

TEST(nfkc)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        { "", "" },
        { "eval", "eval" },
        { "\xef\xbd\x85\xef\xbd\x96\xef\xbd\x81\xef\xbd\x8c", "eval" }, /* full width */
        { "\xf0\x9d\x94\xa2\xf0\x9d\x94\xb8", "eA" },                   /* mathematical */
        { "e\xcc\x81", "\xc3\xa9" },                                    /* e, acute */
        { "\xef\xac\x81le", "file" },                                   /* a ligature */
        { "o\xc5\xbf", "os" },                                          /* long s */
        { "base\xf0\x9c\xb3\xb6\xf0\x9c\xb3\xb4", "base64" },           /* outlined */
        { "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "\xea\xb0\x81" },     /* Hangul */
        { "\xea\xb0\x80\xe1\x86\xa7", "\xea\xb0\x80\xe1\x86\xa7" },     /* no final */
        { "a\xcc\x95\xcc\x80", "\xc3\xa0\xcc\x95" },                    /* marks in order */
        { "\xcc\x80\xcc\x81", "\xcc\x80\xcc\x81" },                     /* marks alone */
        { "\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc" },                 /* excluded */
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;

        buf_init(&out, 100);
        CHECK(py_nfkc(&out, span_text(rows[i].in)), "row %zu: memory", i);
        CHECK(span_is(span_of(out.p, out.n), rows[i].want), "row %zu: %.*s", i, (int)out.n, out.p);
        buf_free(&out);
    }
}

/* 50,000 marks on one letter: in order, and soon. */
TEST(nfkc_of_many_marks)
{
    struct buf in, out;

    buf_init(&in, 1u << 20);
    buf_init(&out, 1u << 20);
    buf_putc(&in, 'q');
    for (int i = 0; i < 25000; i++)
        buf_puts(&in, "\xcc\x80\xcc\xa3"); /* above, below */
    CHECK(py_nfkc(&out, span_of(in.p, in.n)), "memory");
    CHECK(out.n == in.n && memcmp(out.p + 1, "\xcc\xa3\xcc\xa3", 4) == 0 &&
              memcmp(out.p + out.n - 4, "\xcc\x80\xcc\x80", 4) == 0,
          "marks below come first");
    buf_clear(&out);
    out.ceiling = 10;
    CHECK(!py_nfkc(&out, span_of(in.p, in.n)), "past the ceiling");
    buf_free(&in);
    buf_free(&out);
}

TEST(characters_by_name)
{
    static const struct {
        const char *name;
        int32_t want;
    } rows[] = {
        { "SPACE", ' ' },     { "latin small letter e", 'e' },
        { "FULL STOP", '.' }, { "SP", ' ' },
        { "LF", 10 },         { "Line Feed", 10 },
        { "TILDE", '~' },     { "TILDE ", 0 },
        { "GREEK", 0 },       { "BELL", 0 },
        { "", -1 },           { "a_b", -1 },
        { "a\xc3\xa9", -1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(py_character_by_name(span_text(rows[i].name)) == rows[i].want, "\"%s\"",
              rows[i].name);
}
