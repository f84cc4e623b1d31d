/*
 * Jupyter notebooks: JSON whose code cells are Python as IPython takes it. The cells share
 * their names, so those that parse are read as one source, and what is found is told of the
 * cell it stands in; one that does not parse is read by itself.
 *
 * IPython's own syntax is not Python: a line of "!" runs a shell, one of "%" a function of
 * IPython, a cell of "%%" belongs to another language or program. A line is taken so only
 * where Python's parser stops at it: inside a string it is text.
 *
 * Spec: nbformat 3 and 4, nbformat.readthedocs.io; IPython 8, core/inputtransformer2.py.
 * Left out: outputs, and what is attached.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <strings.h>

#include "base/compiler.h"
#include "fact/python.h"
#include "format/python/parse.h"
#include "format/python/python.h"
#include "format/text/cells.h"
#include "format/text/deny.h"

#define JSON_BYTES_MAX ((size_t)64 << 20)
#define JSON_MEMORY    24  /* bytes of tree for a byte of text, at the worst */
#define MAGICS_MAX     200 /* lines of one cell: the parser is asked again for each, */
#define AGAIN          8   /* ... as long as that is no more than so many times the notebook, */
#define AGAIN_MIN      ((size_t)1 << 20) /* ... or this much */

/* One code cell in the common source. */
struct cell {
    uint32_t number;     /* in the notebook, from 1 */
    uint32_t first_line; /* in the common source */
};

struct notebook {
    struct scan *s;
    uint8_t *source; /* of all cells that parse */
    size_t source_n, source_size;
    uint32_t lines; /* in it */
    struct cell *cells;
    size_t cells_n, cells_size;
    uint32_t number; /* of the cell that is read */
    size_t again;    /* bytes that may still be parsed once more */
};

static struct span text_of(const json_t *value)
{
    return json_is_string(value) ? span_of(json_string_value(value), json_string_length(value))
                                 : SPAN_EMPTY;
}

static const struct where *cell_where(struct scan *s, uint32_t number)
{
    char name[32];

    (void)snprintf(name, sizeof name, "cell %u", (unsigned)number);
    return facts_where(s->facts, s->where, span_text(name));
}

/* --- IPython's syntax --- */

/* Where line number n starts, from 1. */
static size_t line_start(struct span text, uint32_t n)
{
    struct span rest = text, line;

    while (n-- > 1 && take_line(&rest, &line))
        ;
    return text.n - rest.n;
}

static struct span first_word(struct span s)
{
    size_t n = 0;
    struct span word;

    while (n < s.n && (isalnum(s.p[n]) || s.p[n] == '_' || s.p[n] == '!' || s.p[n] == '.'))
        n++;
    return span_sub(s, 0, n, &word) ? word : SPAN_EMPTY;
}

static bool is_word_of(struct span word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(word, list[i]))
            return true;
    return false;
}

static const char *const shells[] = { "sx",         "sc",         "system", "!",      "bash",
                                      "sh",         "zsh",        "cmd",    "script", "perl",
                                      "ruby",       "powershell", "pip",    "conda",  "mamba",
                                      "micromamba", "uv",         "shell",  "alias",  "edit",
                                      "ed" };
static const char *const pythons[] = { "time",  "timeit", "prun",    "capture", "memit", "mprun",
                                       "lprun", "python", "python3", "debug",   "px",    "mypy" };
static const char *const texts[] = { "html", "HTML", "javascript", "js",   "latex",
                                     "svg",  "SVG",  "markdown",   "file", "writefile" };

/* With a path (empty: none) as the argument. */
static void tell_path(struct notebook *b, const char *subject, uint32_t line, struct span detail,
                      struct span path)
{
    char arg[64];
    struct fact f = { .kind = FACT_PY_NAME,
                      .flags = PY_CALLED | (path.n ? PY_ARG_PREFIX : PY_ARG_UNKNOWN),
                      .where = cell_where(b->s, b->number),
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = line,
                      .column = 1,
                      .subject = span_text(subject),
                      .detail = detail,
                      .refs_n = PY_REFS };

    for (size_t i = 0; i < PY_REFS; i++)
        f.refs[i] = SPAN_EMPTY;
    f.refs[PY_REF_CALL] = detail;
    if (path.n > 0)
        f.refs[PY_REF_ARG] =
            span_of((const uint8_t *)arg,
                    (size_t)snprintf(arg, sizeof arg, "'%.*s", (int)(path.n < 60 ? path.n : 60),
                                     (const char *)path.p));
    if (f.where)
        facts_add(b->s->facts, &f);
    else
        b->s->facts->full = true;
}

static void tell_name(struct notebook *b, const char *subject, uint32_t line, struct span detail)
{
    tell_path(b, subject, line, detail, SPAN_EMPTY);
}

/* Options of a magic: "-n 10 -q". */
static struct span skip_options(struct span s)
{
    s = span_trim(s);
    while (s.n > 0 && s.p[0] == '-') {
        while (s.n > 0 && !isspace(s.p[0]))
            (void)skip(&s, 1);
        s = span_trim(s);
        while (s.n > 0 && isdigit(s.p[0]))
            (void)skip(&s, 1);
        s = span_trim(s);
    }
    return s;
}

static size_t behind_equal(struct span s)
{
    size_t at = span_find(s, 0, SPAN_LITERAL("="));

    return at == SIZE_MAX ? s.n : at + 1;
}

/* A line magic, without its "%"; what of it is Python. */
static struct span line_magic(struct notebook *b, struct span magic, uint32_t line)
{
    struct span word = first_word(magic);

    if (is_word_of(word, shells, ARRAY_LEN(shells)))
        tell_name(b, "IPython.system", line, magic);
    else if (span_is(word, "run"))
        tell_name(b, "runpy.run_path", line, magic);
    else if (span_is(word, "cd"))
        tell_path(b, "os.chdir", line, magic, skip_options(span_from(magic, word.n)));
    else if (span_is(word, "config")) /* what is assigned is evaluated */
        return span_trim(span_from(magic, behind_equal(magic)));
    else if (is_word_of(word, pythons, ARRAY_LEN(pythons)))
        return skip_options(span_from(magic, word.n));
    return SPAN_EMPTY;
}

/* Where IPython's syntax starts in a line: at its start, or what is assigned; SIZE_MAX: nowhere. */
static size_t find_magic(struct span line)
{
    size_t i = 0;

    while (i < line.n && isspace(line.p[i]))
        i++;
    if (i < line.n &&
        (memchr("!%?", line.p[i], 3) || span_ends(span_trim(line), SPAN_LITERAL("?"))))
        return i;
    while (i < line.n && line.p[i] != '=')
        i++;
    for (i++; i < line.n && line.p[i] == ' '; i++)
        ;
    return i < line.n && (line.p[i] == '!' || line.p[i] == '%') ? i : SIZE_MAX;
}

/* The end of the logical line: a backslash continues it. */
static size_t end_of_line(struct span text, size_t off)
{
    while (off < text.n && (text.p[off] != '\n' || (off > 0 && text.p[off - 1] == '\\')))
        off++;
    return off;
}

/* Puts code, a part of the text from p on, in place of all n bytes there; lines stay lines. */
static void replace(uint8_t *p, size_t n, struct span code)
{
    size_t kept = code.n ? code.n : 1;

    if (code.n > 0)
        memmove(p, code.p, code.n);
    else
        p[0] = '0';
    for (size_t i = kept; i < n; i++)
        if (p[i] != '\n')
            p[i] = ' ';
}

/*
 * "%cd {expression}": IPython evaluates what is in braces. It stays, in parentheses;
 * false when there is none.
 */
static bool keep_braces(uint8_t *p, size_t n)
{
    size_t depth = 0;
    bool any = false;

    if (!memchr(p, '{', n) || !memchr(p, '}', n))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '}' && depth > 0 && --depth == 0) {
            p[i] = ')';
        } else if (p[i] == '{' && depth++ == 0) {
            p[i] = '(';
            any = true;
        } else if (depth == 0 && p[i] != '\n') {
            p[i] = ' ';
        }
    }
    if (p[0] == ' ' && p[1] == ' ') /* a statement that begins where the magic did */
        memcpy(p, "0;", 2);
    return any;
}

/* Makes Python of line number n, in place; false when nothing of IPython stands there. */
static bool rewrite_line(struct notebook *b, uint8_t *text, size_t text_n, uint32_t n)
{
    struct span all = span_of(text, text_n), line, magic, code = SPAN_EMPTY;
    size_t start = line_start(all, n), end = end_of_line(all, start), off;

    if (n == 0 || !span_sub(all, start, end - start, &line))
        return false;
    off = find_magic(line);
    if (off == SIZE_MAX)
        return false;
    magic = span_from(line, off + 1);
    if (line.p[off] == '!')
        tell_name(b, "IPython.system", n, line);
    else if (line.p[off] == '%')
        code = line_magic(b, magic, n);
    if (code.n > 0 || line.p[off] != '%' || !keep_braces(text + start + off, line.n - off))
        replace(text + start + off, line.n - off, code);
    return true;
}

/* Parses the cell, line by line without what is IPython's; E_FORMAT: it is no Python either way. */
static enum pratique_status settle_cell(struct notebook *b, uint8_t *text, size_t n)
{
    enum pratique_status st = PRATIQUE_E_FORMAT;

    for (unsigned i = 0; i < MAGICS_MAX && st == PRATIQUE_E_FORMAT; i++) {
        struct py_fault fault = { .line = 0 };
        struct py_tree tree;

        st = py_parse(b->s, span_of(text, n), PY_FILE, &tree, &fault);
        py_tree_close(&tree);
        if (st != PRATIQUE_E_FORMAT || n > b->again || !rewrite_line(b, text, n, fault.line))
            break;
        b->again -= n;
    }
    return st;
}

/* --- Cells --- */

/* Text of the cell that is read; what is found in it is told of the cell. */
static enum pratique_status scan_alone(struct notebook *b, struct span text, bool python)
{
    struct scan *s = b->s;
    const struct where *outer = s->where, *own = cell_where(s, b->number);
    enum pratique_status st;

    if (!own)
        return scan_fail(s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while naming a cell");
    s->where = own;
    st = python ? python_scan(s, text, 1) : text_names(s, text, 1);
    s->where = outer;
    return st;
}

/* "%%html", or "%%writefile PATH". */
static enum pratique_status scan_text_cell(struct notebook *b, struct span word, struct span line,
                                           struct span all)
{
    if (span_is(word, "writefile") || span_is(word, "file"))
        tell_path(b, "builtins.open", 1, line, skip_options(span_from(line, 2 + word.n)));
    return scan_alone(b, all, false);
}

/* A cell of "%%": true when it is no Python, and told as what it is. */
static bool is_cell_magic(struct notebook *b, uint8_t *text, size_t n, enum pratique_status *st)
{
    struct span all = span_of(text, n), body = all, line, word;

    *st = PRATIQUE_OK;
    while (body.n > 0 && isspace(body.p[0]))
        (void)skip(&body, 1);
    if (!span_starts(body, SPAN_LITERAL("%%")))
        return false;
    line = body;
    (void)take_line(&body, &line);
    word = first_word(span_from(line, 2));
    if (is_word_of(word, pythons, ARRAY_LEN(pythons))) {
        replace(text + (line.p - text), line.n,
                span_is(word, "timeit") ? skip_options(span_from(line, 2 + word.n)) : SPAN_EMPTY);
        return false;
    }
    if (is_word_of(word, shells, ARRAY_LEN(shells)))
        tell_name(b, "IPython.system", 1, all);
    else if (is_word_of(word, texts, ARRAY_LEN(texts)))
        *st = scan_text_cell(b, word, line, all);
    else
        scan_fact(b->s, FACT_TEXT_SOURCE, PRATIQUE_NO_OFFSET, line, SPAN_EMPTY);
    return true;
}

static uint32_t count_lines(struct span text)
{
    struct span line;
    uint32_t n = 0;

    while (take_line(&text, &line))
        n++;
    return n;
}

/* Takes the text behind what is kept of the source, n bytes, into it. */
static enum pratique_status read_cell(struct notebook *b, size_t n)
{
    uint8_t *text = b->source + b->source_n;
    enum pratique_status st;

    if (is_cell_magic(b, text, n, &st))
        return st;
    st = settle_cell(b, text, n);
    if (st == PRATIQUE_E_FORMAT)
        return scan_alone(b, span_of(text, n), true);
    if (st != PRATIQUE_OK)
        return st;
    b->cells[b->cells_n++] = (struct cell){ b->number, b->lines + 1 };
    b->lines += count_lines(span_of(text, n));
    b->source_n += n;
    return PRATIQUE_OK;
}

/* Appends a piece of a cell's text; false when there is more than the file could hold. */
static bool append(struct notebook *b, size_t *n, struct span piece)
{
    if (b->source_size - b->source_n - *n <= piece.n)
        return false;
    memcpy(b->source + b->source_n + *n, piece.p, piece.n);
    *n += piece.n;
    return true;
}

/* Copies a cell's text, a string or a list of them, with a line end; false: no room. */
static bool copy_text(struct notebook *b, const json_t *source, size_t *n)
{
    json_t *piece;
    size_t i;

    *n = 0;
    if (!append(b, n, text_of(source)))
        return false;
    json_array_foreach(source, i, piece) if (!append(b, n, text_of(piece))) return false;
    return append(b, n, SPAN_LITERAL("\n"));
}

static enum pratique_status read_cells(struct notebook *b, const json_t *cells)
{
    enum pratique_status st = PRATIQUE_OK;
    json_t *cell;
    size_t i, n;

    json_array_foreach(cells, i, cell)
    {
        const json_t *source = json_object_get(cell, "source");

        b->number++;
        if (!source)
            source = json_object_get(cell, "input"); /* nbformat 3 */
        if (!span_is(text_of(json_object_get(cell, "cell_type")), "code") || st != PRATIQUE_OK)
            continue;
        if (!copy_text(b, source, &n))
            return scan_fail(b->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                             "cells longer than the notebook");
        st = read_cell(b, n);
    }
    return st;
}

/* --- What is found --- */

/* The lines of the statement, counted in the cell. */
static struct span own_lines(struct notebook *b, struct span lines, uint32_t before)
{
    char text[48];
    unsigned first, last;
    const char *copy;

    if (lines.n >= sizeof text)
        return lines;
    memcpy(text, lines.p, lines.n);
    text[lines.n] = 0;
    if (sscanf(text, "%u-%u", &first, &last) != 2)
        return lines;
    (void)snprintf(text, sizeof text, "%u-%u", first - before, last - before);
    copy = arena_copy(b->s->arena, text, strlen(text));
    return copy ? span_text(copy) : lines;
}

/* Tells a fact of the common source of the cell that its line is in. */
static void move_to_cell(struct notebook *b, struct fact *f)
{
    const struct cell *c = b->cells;
    const struct where *own;

    f->offset = PRATIQUE_NO_OFFSET;
    while (c + 1 < b->cells + b->cells_n && c[1].first_line <= f->line)
        c++;
    own = f->line ? cell_where(b->s, c->number) : NULL;
    if (!own)
        return;
    f->where = own;
    f->line -= c->first_line - 1;
    if (f->kind == FACT_PY_EXCUSE && f->number >= c->first_line)
        f->number -= c->first_line - 1;
    if (f->kind == FACT_PY_NAME || f->kind == FACT_PY_MEMBER || f->kind == FACT_PY_UNRESOLVED)
        f->refs[PY_REF_SPAN] = own_lines(b, f->refs[PY_REF_SPAN], c->first_line - 1);
}

static enum pratique_status scan_together(struct notebook *b)
{
    struct facts *facts = b->s->facts;
    size_t before = facts->n;
    enum pratique_status st;

    if (b->cells_n == 0)
        return PRATIQUE_OK;
    st = python_scan(b->s, span_of(b->source, b->source_n), 1);
    for (size_t i = before; i < facts->n; i++)
        if (facts->list[i].where == b->s->where)
            move_to_cell(b, &facts->list[i]);
    return st;
}

static enum pratique_status read_all_cells(struct notebook *b, const json_t *root)
{
    const json_t *sheets = json_object_get(root, "worksheets"); /* nbformat 3 */
    enum pratique_status st = read_cells(b, json_object_get(root, "cells"));
    json_t *sheet;
    size_t i;

    json_array_foreach(sheets, i, sheet) if (st == PRATIQUE_OK) st =
        read_cells(b, json_object_get(sheet, "cells"));
    return st == PRATIQUE_OK ? scan_together(b) : st;
}

/* The language that the notebook says it is in, when that is another. */
static struct span other_language(const json_t *root)
{
    const json_t *about = json_object_get(root, "metadata");
    struct span name = text_of(json_object_get(json_object_get(about, "kernelspec"), "language"));

    if (name.n == 0)
        name = text_of(json_object_get(json_object_get(about, "language_info"), "name"));
    if (name.n == 0 || (name.n >= 6 && strncasecmp((const char *)name.p, "python", 6) == 0) ||
        span_is(name, "ipython"))
        return SPAN_EMPTY;
    return name;
}

static enum pratique_status read_notebook(struct scan *s, const json_t *root, size_t bytes)
{
    struct notebook b = { .s = s,
                          .source_size = bytes,
                          .cells_size = bytes / 8 + 1,
                          .again = bytes * AGAIN > AGAIN_MIN ? bytes * AGAIN : AGAIN_MIN };
    struct span language = other_language(root);
    enum pratique_status st = PRATIQUE_OK;

    if (language.n > 0) {
        scan_fact(s, FACT_TEXT_SOURCE, PRATIQUE_NO_OFFSET, language, SPAN_EMPTY);
        return PRATIQUE_OK;
    }
    b.source = scan_map(s, b.source_size);
    b.cells = scan_map(s, b.cells_size * sizeof *b.cells);
    if (b.source && b.cells)
        st = read_all_cells(&b, root);
    else
        st = scan_fail_budget(s, 0);
    scan_unmap(s, b.cells, b.cells_size * sizeof *b.cells);
    scan_unmap(s, b.source, b.source_size);
    return st;
}

/* What is no JSON is searched for names, as any text; and it stays unread. */
static enum pratique_status not_json(const struct text *t, const json_error_t *e)
{
    enum pratique_status st = text_deny(t);

    if (st != PRATIQUE_OK)
        return st;
    if (json_error_code(e) == json_error_out_of_memory)
        return scan_fail(t->s, PRATIQUE_E_NOMEM, 0, "notebook: %s", e->text);
    return scan_fail(t->s, PRATIQUE_E_FORMAT,
                     e->position >= 0 ? (uint64_t)e->position : PRATIQUE_NO_OFFSET, "notebook: %s",
                     e->text);
}

enum pratique_status text_notebook(const struct text *t)
{
    struct span text = t->in;
    uint64_t memory = (uint64_t)text.n * JSON_MEMORY;
    enum pratique_status st;
    json_error_t e;
    json_t *root;

    if (span_starts(text, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&text, 3);
    if (text.n > JSON_BYTES_MAX || !budget_memory(t->s->budget, memory))
        return scan_fail(t->s, PRATIQUE_E_LIMIT, 0, "notebook: %zu bytes of JSON", text.n);
    root = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
    st = root ? read_notebook(t->s, root, text.n) : not_json(t, &e);
    json_decref(root);
    budget_memory_return(t->s->budget, memory);
    return st;
}
