/*
 * Text, all through: ASCII, UTF-8, UTF-16 with a byte order mark, or an
 * eight-bit encoding without control characters.
 *
 * Python is told apart by name, first line or content and read as such, in notebooks
 * and .pth files too; other source code is left unread with that reason. Data and prose
 * are read as far as their loaders would act on them: YAML tags, keys that name code,
 * script in pages; and they are searched for names (deny.c), as JavaScript is. Model
 * formats that are text are told by how they start. Left out: the grammar of any other
 * of these languages.
 */
#include "format/text/text.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/config/config.h"
#include "format/path.h"
#include "format/python/python.h"
#include "format/text/card.h"
#include "format/text/cells.h"
#include "format/text/config.h"
#include "format/text/deny.h"
#include "format/text/names.h"
#include "format/text/script.h"
#include "format/text/vocabulary.h"
#include "format/xml/xml.h"

#define CONFIG_MAX ((size_t)256 << 20)

/* Formats that are text and known by their start. */
static const struct {
    const char *head;
    enum fact_kind kind; /* FACT_READ: data, admitted under this name */
    const char *name, *what;
} heads[] = {
    { "<?php", FACT_TEXT_SOURCE, "PHP", "" },
    { "%!PS", FACT_TEXT_SOURCE, "PostScript", "" },
    { "%PDF-", FACT_KNOWN_DOCUMENT, "PDF", "it can carry scripts and files" },
    { "{\\rtf", FACT_KNOWN_DOCUMENT, "RTF", "it can carry objects of other programs" },
    { "!<arch>\n", FACT_KNOWN_PACKAGE, "ar archive", "" },
};

struct view {
    struct text text;
    void *copy; /* owned, copy_n bytes of the scan's memory; NULL when text.in is the file */
    size_t copy_n;
};

/* Whether an escape of a printable ASCII character stands at i: \x41, \u0041, \U00000041, \/. */
static uint8_t escaped_ascii(struct span in, size_t i, size_t *len)
{
    uint8_t kind = i + 1 < in.n ? in.p[i + 1] : 0;
    char digits[9] = { 0 };
    unsigned long v;
    char *end;

    *len = 2;
    if (kind == '/')
        return kind;
    *len = kind == 'x' ? 4 : kind == 'u' ? 6 : 10;
    if ((kind != 'x' && kind != 'u' && kind != 'U') || in.n - i < *len)
        return 0;
    memcpy(digits, in.p + i + 2, *len - 2);
    if (!isxdigit((unsigned char)digits[0])) /* strtoul() would take space and signs */
        return 0;
    v = strtoul(digits, &end, 16);
    return *end == 0 && v > 0x20 && v < 0x7F && v != '"' && v != '\\' ? (uint8_t)v : 0;
}

/* Copies in with escapes of plain characters resolved; returns the length. */
static size_t unescape(struct span in, uint8_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.n;) {
        size_t len = 1;
        uint8_t c = in.p[i] == '\\' ? escaped_ascii(in, i, &len) : in.p[i];

        if (in.p[i] == '\\' && c == 0) { /* another escape: both its characters as they are */
            out[n++] = in.p[i++];
            if (i < in.n)
                out[n++] = in.p[i++];
            continue;
        }
        out[n++] = c;
        i += len;
    }
    return n;
}

static size_t narrow(struct span in, bool big, uint8_t *out)
{
    size_t n = 0;

    for (size_t i = 2; i + 1 < in.n; i += 2)
        out[n++] = in.p[big ? i : i + 1] ? '?' : in.p[big ? i + 1 : i];
    return n;
}

static bool has_escapes(struct span in)
{
    return in.n > 0 && memchr(in.p, '\\', in.n) && /* most have none: that is told at once */
           (span_find(in, 0, SPAN_LITERAL("\\u00")) != SIZE_MAX ||
            span_find(in, 0, SPAN_LITERAL("\\U000000")) != SIZE_MAX ||
            span_find(in, 0, SPAN_LITERAL("\\/")) != SIZE_MAX ||
            span_find(in, 0, SPAN_LITERAL("\\x")) != SIZE_MAX);
}

/* UTF-16 becomes ASCII with '?' for the rest; escapes are resolved where a loader does it. */
static enum pratique_status view_open(struct view *v, struct scan *s, struct span in,
                                      enum text_encoding encoding, bool resolve)
{
    bool wide = encoding == TEXT_UTF16LE || encoding == TEXT_UTF16BE;
    size_t n;

    *v = (struct view){ .text = { s, in, true } };
    if (!wide && !(resolve && has_escapes(in)))
        return PRATIQUE_OK;
    v->copy_n = in.n;
    v->copy = scan_map(s, in.n);
    if (!v->copy)
        return scan_fail_budget(s, 0);
    n = wide ? narrow(in, encoding == TEXT_UTF16BE, v->copy) : unescape(in, v->copy);
    if (wide && resolve)
        n = unescape(span_of(v->copy, n), v->copy); /* never longer than what it reads */
    v->text.in = span_of(v->copy, n);
    v->text.exact = false;
    return PRATIQUE_OK;
}

static void view_close(struct view *v)
{
    scan_unmap(v->text.s, v->copy, v->copy_n);
}

/* The row of heads that in starts with, white space and a byte order mark skipped; or -1. */
static int head_of(struct span in)
{
    if (span_starts(in, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&in, 3);
    while (in.n > 0 && isspace(in.p[0]))
        (void)skip(&in, 1);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (span_starts(in, span_text(heads[i].head)))
            return (int)i;
    return -1;
}

/* XML by its elements: what evaluates it does more than show it. */
static enum pratique_status tell_xml(const struct text *t, const char **format)
{
    bool pmml;
    enum pratique_status st = pmml_tell(t->s, t->in, t->exact, &pmml);

    if (pmml)
        *format = t->s->recognised = "PMML";
    else if (span_find(t->in, 0, SPAN_LITERAL("<net ")) != SIZE_MAX &&
             span_find(t->in, 0, SPAN_LITERAL("<layers")) != SIZE_MAX)
        scan_fact(t->s, FACT_KNOWN_MODEL, 0, SPAN_LITERAL("OpenVINO model"),
                  SPAN_LITERAL("its layers may name libraries to load"));
    return st;
}

/* HTML need not be XML: it is shown, and only searched. */
static enum pratique_status read_markup(const struct text *t, const char **format)
{
    struct span ext = path_extension(path_base(t->s->name));

    text_markup(t);
    return span_is(ext, "html") || span_is(ext, "htm") ? PRATIQUE_OK : tell_xml(t, format);
}

static bool is_markup(struct span in)
{
    while (in.n > 0 && (isspace(in.p[0]) || in.p[0] >= 0x80))
        (void)skip(&in, 1);
    return in.n > 1 && in.p[0] == '<' && (isalpha(in.p[1]) || in.p[1] == '!' || in.p[1] == '?');
}

/* Whether it is Python, by name or first line. */
static bool is_python(struct span in, enum text_class class)
{
    struct span interpreter = script_interpreter(in);

    return class == CLASS_PYTHON || script_runs_python(interpreter) ||
           (interpreter.n > 0 && script_starts_python(in));
}

/* Whether it may be, by its content. */
static bool may_be_python(struct span in, enum text_class class)
{
    return class == CLASS_UNKNOWN && script_interpreter(in).n == 0 && script_looks_like_python(in);
}

/* Triton's config.pbtxt, which has the extension of graphs: those are made of nodes. */
static bool is_server_config(const struct text *t)
{
    return config_is_triton(t->s->name) && span_find(t->in, 0, SPAN_LITERAL("node")) == SIZE_MAX;
}

/* A list of classes, "item { id: 1 }", by the extension of graphs: it has neither nodes nor layers.
 */
static bool is_label_map(const struct text *t)
{
    struct span in = t->in, line;

    while (in.n > 0 && (isspace(in.p[0]) || in.p[0] == '#'))
        if (in.p[0] != '#' ? !skip(&in, 1) : !take_line(&in, &line))
            return false;
    return span_starts(in, SPAN_LITERAL("item")) && text_find_field(t->in, "node") == SIZE_MAX &&
           text_find_field(t->in, "layer") == SIZE_MAX &&
           text_find_field(t->in, "layers") == SIZE_MAX &&
           span_find(t->in, 0, SPAN_LITERAL("\\")) == SIZE_MAX;
}

/* Tells the language of what is source code and not read; false when it is none. */
static bool tell_source(const struct text *t, const struct text_name *name)
{
    struct span interpreter = script_interpreter(t->in), language = SPAN_EMPTY;

    if (name->class == CLASS_SOURCE)
        language = span_text(name->language);
    else if (name->class != CLASS_SCRIPT && !script_runs_python(interpreter))
        language = interpreter;
    if (language.n > 0)
        scan_fact(t->s, FACT_TEXT_SOURCE, PRATIQUE_NO_OFFSET, language, SPAN_EMPTY);
    return language.n > 0;
}

/* Files of requirements and of servers, by name. */
static void tell_by_name(const struct text *t)
{
    if (config_is_requirements(t->s->name))
        config_requirements(t->s, t->in);
    else if (config_is_modelfile(t->s->name))
        config_modelfile(t->s, t->in);
    else if (config_is_triton(t->s->name))
        config_triton(t->s, t->in);
    else if (config_is_git(t->s->name, t->in))
        config_git(t);
}

/* A view with escapes resolved, for a search. */
static enum pratique_status resolved_open(struct view *v, const struct text *t)
{
    *v = (struct view){ .text = *t };
    if (!has_escapes(t->in))
        return PRATIQUE_OK;
    v->copy_n = t->in.n;
    v->copy = scan_map(t->s, v->copy_n);
    if (!v->copy)
        return scan_fail_budget(t->s, 0);
    v->text.in = span_of(v->copy, unescape(t->in, v->copy));
    v->text.exact = false;
    return PRATIQUE_OK;
}

/* What the parser made nothing of, or what no reader has a name for, is searched. */
static enum pratique_status search_config(const struct text *t, bool parsed)
{
    struct view v;
    enum pratique_status st = resolved_open(&v, t);

    if (st != PRATIQUE_OK)
        return st;
    if (!parsed) {
        text_yaml(&v.text);
        text_config(&v.text);
    }
    text_models(&v.text);
    st = text_deny(&v.text);
    view_close(&v);
    return st;
}

static enum pratique_status read_config(const struct text *t, struct span file,
                                        enum text_class class, const char **format)
{
    enum pratique_status st, searched;
    const char *name = NULL;
    bool parsed;
    struct pratique_error why;

    if (t->in.n > CONFIG_MAX)
        return scan_fail(t->s, PRATIQUE_E_LIMIT, CONFIG_MAX,
                         "a configuration of more than 256 MiB");
    st = text_document(t, file, class, &name, &parsed);
    if (st != PRATIQUE_OK && (parsed || st != PRATIQUE_E_FORMAT))
        return st;
    if (name && st == PRATIQUE_OK) {
        *format = t->s->recognised = name;
        return text_deny(t);
    }
    why = t->s->error;
    searched = search_config(t, parsed);
    if (st != PRATIQUE_OK)
        t->s->error = why;
    return searched != PRATIQUE_OK ? searched : st;
}

/* What a loader of such data acts on. */
static enum pratique_status read_data(const struct text *t, struct span file, enum text_class class,
                                      const char **format)
{
    enum pratique_status st = PRATIQUE_OK;
    bool config = class == CLASS_CONFIG || class == CLASS_UNKNOWN;

    tell_by_name(t);
    if (config)
        st = read_config(t, file, class, format);
    if (st != PRATIQUE_OK)
        return st;
    if (class == CLASS_MARKUP || (class == CLASS_UNKNOWN && is_markup(t->in)))
        st = read_markup(t, format);
    if (st != PRATIQUE_OK)
        return st;
    return config || class == CLASS_METADATA ? PRATIQUE_OK : text_deny(t);
}

/* Reads it as what it is; file: its bytes, of which t->in may be a view. */
static enum pratique_status read_text(const struct text *t, struct span file,
                                      const struct text_name *name, const char **format)
{
    int head = head_of(t->in);
    bool told;

    if (head >= 0 && heads[head].kind != FACT_READ) {
        scan_fact(t->s, heads[head].kind, 0, span_text(heads[head].name),
                  span_text(heads[head].what));
        return PRATIQUE_OK;
    }
    if (head >= 0)
        *format = heads[head].name;
    array_tell_script(t->s, t->in, script_interpreter(t->in));
    if (name->class == CLASS_TEMPLATE) {
        *format = "Jinja template";
        return text_template(t);
    }
    told = !is_server_config(t) && !is_label_map(t) && tell_source(t, name);
    if (is_python(t->in, name->class))
        return python_scan(t->s, file, 1);
    if (may_be_python(t->in, name->class)) {
        bool python = false;
        enum pratique_status st = python_guess(t->s, file, &python);

        if (python)
            array_tell_program(t->s, SPAN_LITERAL("Python"));
        if (st != PRATIQUE_OK || python)
            return st;
    }
    if (told)
        return PRATIQUE_OK;
    if (text_may_be_template(t)) {
        enum pratique_status st = text_template(t);

        if (st != PRATIQUE_OK)
            return st;
    }
    switch (name->class) {
    case CLASS_NOTEBOOK:
        return text_notebook(t);
    case CLASS_PTH:
        return text_pth(t);
    default:
        return read_data(t, file, name->class, format);
    }
}

/*
 * Where a container says that only text belongs, anything else is inspected as
 * what it is. Elsewhere this is a text so long that nobody looked at all of it before.
 */
static enum pratique_status not_text(struct scan *s, struct span in, size_t bad)
{
    enum pratique_status st;

    if (in.n == 0)
        return PRATIQUE_OK;
    if (s->role == ROLE_TEXT) {
        scan_fact(s, FACT_TEXT_NOT_TEXT, bad, SPAN_EMPTY, SPAN_EMPTY);
        return scan_nested(s, in, SPAN_LITERAL("(content)"), ROLE_ANY);
    }
    st = scan_nested(s, span_from(in, bad), SPAN_LITERAL("(bytes after the text)"), ROLE_ANY);
    if (st != PRATIQUE_OK)
        return st;
    return scan_fail(s, PRATIQUE_E_FORMAT, bad, "byte 0x%02x belongs to no text", in.p[bad]);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    size_t bad;
    enum text_encoding encoding = text_sniff(in, &bad);
    struct text_name name = text_name_of(s->name);
    bool resolve;
    const char *format = "text";
    struct view v;
    enum pratique_status st;

    if (encoding == TEXT_NONE)
        return not_text(s, in, bad);
    if (s->role == ROLE_TEXT && name.class == CLASS_UNKNOWN)
        name.class = CLASS_PROSE;
    resolve = name.class == CLASS_SCRIPT;
    s->budget->work_done += in.n;
    st = view_open(&v, s, in, encoding, resolve);
    if (st != PRATIQUE_OK)
        return st;
    st = read_text(&v.text, in, &name, &format);
    if (st == PRATIQUE_OK && text_is_card(s->name) && text_card(&v.text))
        format = s->recognised = "model card";
    if (st == PRATIQUE_OK && text_is_vocabulary(s->name, v.text.in))
        format = s->recognised = "vocabulary";
    if (st == PRATIQUE_OK)
        scan_read(s, format, in.n, "%s", text_encoding_name(encoding));
    view_close(&v);
    return st;
}

const struct format format_text = {
    .name = "text",
    .spec = "UTF-8 (RFC 3629), UTF-16 (RFC 2781), eight-bit encodings; PEP 263; YAML 1.2.2, 6.8.2 "
            "(tags)",
    .looks_like = text_looks_like,
    .scan = scan,
};
