/* Which text an interpreter runs, by its first line or its content. See script.h. */
#include "format/text/script.h"

#include <ctype.h>

#include "base/compiler.h"

#define HEAD 4096 /* what the guess by content looks at */

/* The interpreter that a "#!" line names, without its folder; env and its options are skipped. */
struct span script_interpreter(struct span in)
{
    struct span line, word = SPAN_EMPTY;

    if (!span_starts(in, SPAN_LITERAL("#!")))
        return SPAN_EMPTY;
    (void)skip(&in, 2);
    line = in;
    (void)take_line(&in, &line);
    while (line.n > 0) {
        size_t n = 0, slash = 0;

        while (line.n > 0 && line.p[0] <= ' ')
            (void)skip(&line, 1);
        for (; n < line.n && line.p[n] > ' '; n++)
            slash = line.p[n] == '/' ? n + 1 : slash;
        (void)take(&line, n, &word);
        (void)skip(&word, slash);
        if (word.n > 0 && word.p[0] != '-' && !span_is(word, "env") && !memchr(word.p, '=', word.n))
            break;
    }
    return word.n ? word : SPAN_LITERAL("script");
}

/* A line of Python that no prose starts with: "import os", "from os import system". */
static bool is_import(struct span line)
{
    static const struct span from = { (const uint8_t *)"from ", 5 },
                             import = { (const uint8_t *)"import ", 7 };
    size_t n = 0;

    if (!span_starts(line, from) && !span_starts(line, import))
        return false;
    if (span_starts(line, from))
        return span_find(line, 0, SPAN_LITERAL(" import ")) != SIZE_MAX;
    (void)skip(&line, import.n);
    while (n < line.n && (isalnum(line.p[n]) || line.p[n] == '_' || line.p[n] == '.'))
        n++;
    line = span_from(line, n);
    return n > 0 && (line.n == 0 || line.p[0] == '\r' || line.p[0] == ',' || line.p[0] == ';' ||
                     span_starts(line, SPAN_LITERAL(" as ")));
}

/* PEP 263: a comment in the first two lines that names the encoding. */
static bool is_coding_cookie(struct span line)
{
    size_t at = span_find(line, 0, SPAN_LITERAL("coding"));
    uint8_t next;

    if (line.n == 0 || line.p[0] != '#' || at == SIZE_MAX)
        return false;
    line = span_from(line, at + 6);
    return take_u8(&line, &next) && (next == ':' || next == '=');
}

bool script_looks_like_python(struct span in)
{
    struct span head = in, line;

    (void)take(&in, HEAD, &head);
    if (head.n == 0)
        head = in;
    for (unsigned n = 0; head.n > 0; n++) {
        if (!take_line(&head, &line)) {
            line = head;
            head = SPAN_EMPTY;
        }
        if ((n < 2 && is_coding_cookie(line)) || is_import(line))
            return true;
    }
    return false;
}

/* "python", "python3.11", "pypy3-nightly": a name of an interpreter, and what follows it. */
static bool is_interpreter(struct span word, const char *name)
{
    struct span head = span_text(name), rest;

    if (!span_starts(word, head))
        return false;
    rest = span_from(word, head.n);
    return rest.n == 0 || isdigit(rest.p[0]) || memchr(".-w", rest.p[0], 3);
}

bool script_runs_python(struct span interpreter)
{
    static const char *const names[] = { "python",  "pypy",   "micropython", "circuitpython",
                                         "ipython", "jython", "graalpy",     "bpython",
                                         "xpython", "uv",     "uvx",         "pipx" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (is_interpreter(interpreter, names[i]))
            return true;
    return false;
}

bool script_starts_python(struct span in)
{
    struct span line;

    return take_line(&in, &line) &&
           (span_starts(in, SPAN_LITERAL("'''exec'")) ||
            span_starts(in, SPAN_LITERAL("\"exec\" ")) ||
            span_starts(in, SPAN_LITERAL("\"\"\":\"")) || span_starts(in, SPAN_LITERAL("''':'")));
}
