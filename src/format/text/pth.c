/*
 * .pth files, which Python's site module reads as the interpreter starts: a line that
 * begins with "import" and a blank is run, another names a folder to look for modules in.
 *
 * Spec: CPython 3.14, Lib/site.py, addpackage(); lines are those of str.splitlines().
 */
#include "format/python/python.h"
#include "format/text/cells.h"

/* How many bytes the end of a line at off takes; 0 when none is there. */
static size_t line_end(struct span in, size_t off)
{
    static const struct span wide[] = { { (const uint8_t *)"\r\n", 2 },
                                        { (const uint8_t *)"\xC2\x85", 2 },
                                        { (const uint8_t *)"\xE2\x80\xA8", 3 },
                                        { (const uint8_t *)"\xE2\x80\xA9", 3 } };
    struct span rest = span_from(in, off);

    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (span_starts(rest, wide[i]))
            return wide[i].n;
    return rest.n > 0 && memchr("\n\r\v\f\x1c\x1d\x1e", rest.p[0], 7) ? 1 : 0;
}

static bool is_run(struct span line)
{
    return span_starts(line, SPAN_LITERAL("import ")) ||
           span_starts(line, SPAN_LITERAL("import\t"));
}

/*
 * Copies what is run, each line where it was: the rest becomes blank. Returns how many lines
 * are run. site runs them one by one, in one namespace.
 */
static size_t keep_imports(struct span in, uint8_t *out)
{
    size_t start = span_starts(in, SPAN_LITERAL("\xEF\xBB\xBF")) ? 3 : 0, run = 0;

    memset(out, ' ', in.n);
    memset(out, '\f', start); /* which indents nothing */
    while (start < in.n) {
        size_t end = start, mark;
        struct span line;

        while (end < in.n && line_end(in, end) == 0)
            end++;
        if (span_sub(in, start, end - start, &line) && is_run(line)) {
            memcpy(out + start, line.p, line.n);
            run++;
        }
        mark = line_end(in, end);
        if (mark > 0)
            out[end + mark - 1] = '\n';
        start = end + mark;
    }
    return run;
}

enum pratique_status text_pth(const struct text *t)
{
    struct scan *s = t->s;
    size_t before = s->facts->n;
    uint8_t *kept = scan_map(s, t->in.n);
    enum pratique_status st = PRATIQUE_OK;

    if (!kept)
        return scan_fail_budget(s, 0);
    if (keep_imports(t->in, kept) > 0)
        st = python_scan(s, span_of(kept, t->in.n), 1);
    for (size_t i = before; !t->exact && i < s->facts->n; i++)
        s->facts->list[i].offset = PRATIQUE_NO_OFFSET; /* it is one of the view */
    scan_unmap(s, kept, t->in.n);
    return st;
}
