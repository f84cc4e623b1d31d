/*
 * Python source: decoded as CPython decodes it, parsed to a tree, and told in facts. What
 * does not parse is told with its place, and its text searched for the names instead.
 *
 * Spec: The Python Language Reference, 3.8 to 3.14; PEP 263. Left out: what only the run
 * would show. Names are resolved without regard to the order of execution.
 */
#include "format/python/python.h"

#include "fact/python.h"
#include "format/package/package.h"
#include "format/python/analysis.h"
#include "format/python/excuse.h"
#include "format/python/hidden.h"
#include "format/python/source.h"
#include "format/text/deny.h"
#include "format/text/text.h"

/* One file: its bytes, its text, its tree. */
struct file {
    struct scan *s;
    struct span in;
    uint32_t line; /* of its first line */
    bool guess;    /* only its content says that it is Python */
    bool other;    /* ... and it is not */
    struct py_source source;
    struct py_tree tree;
};

static void add_fault(struct file *f, enum fact_kind kind, struct span subject,
                      const struct py_fault *fault)
{
    facts_add(f->s->facts,
              &(struct fact){ .kind = kind,
                              .where = f->s->where,
                              .offset = fault->offset,
                              .line = fault->line ? fault->line + f->line - 1 : 0,
                              .column = fault->column,
                              .subject = subject,
                              .detail = kind == FACT_PY_ENCODING ? span_text(fault->reason)
                                                                 : SPAN_EMPTY });
}

static enum pratique_status inspect(struct file *f)
{
    struct analysis an = { .s = f->s,
                           .tree = &f->tree,
                           .known = py_known(),
                           .line = f->line,
                           .offset = f->source.same ? f->source.skipped : PRATIQUE_NO_OFFSET };

    report_excuses(f->s, &f->tree, f->line);
    an.module = package_source(f->s, f->source.text);
    return an.known ? analyse(&an) : scan_fail(f->s, PRATIQUE_E_NOMEM, 0, "the table of names");
}

/* What is refused is told with its place, and searched for names. */
static enum pratique_status refuse(struct file *f, enum fact_kind kind, struct py_fault *fault)
{
    if (!f->source.same)
        fault->offset = PRATIQUE_NO_OFFSET;
    else if (fault->offset != PRATIQUE_NO_OFFSET)
        fault->offset += f->source.skipped;
    add_fault(f, kind, span_text(kind == FACT_PY_ENCODING ? f->source.encoding : fault->reason),
              fault);
    return text_names(f->s, f->source.text, f->line);
}

static enum pratique_status parse(struct file *f, struct py_fault *fault)
{
    enum pratique_status st = py_parse(f->s, f->source.text, PY_FILE, &f->tree, fault);

    if (st == PRATIQUE_E_FORMAT && f->guess) {
        f->other = true;
        st = PRATIQUE_OK;
    } else if (st == PRATIQUE_E_FORMAT) {
        st = refuse(f, FACT_PY_SYNTAX, fault);
    } else if (st == PRATIQUE_OK) {
        st = py_source_check(&f->source, &f->tree, fault);
        st = st == PRATIQUE_OK ? inspect(f) : refuse(f, FACT_PY_ENCODING, fault);
    }
    py_tree_close(&f->tree);
    return st;
}

static enum pratique_status scan_file(struct file *f)
{
    struct scan *s = f->s;
    struct py_fault fault;
    enum pratique_status st = py_source_open(&f->source, s, f->in, &fault);

    s->budget->work_done += f->in.n;
    if (st == PRATIQUE_OK) {
        st = parse(f, &fault);
    } else if (st == PRATIQUE_E_FORMAT) {
        add_fault(f, FACT_PY_ENCODING, span_text(f->source.encoding), &fault);
        st = text_names(s, f->in, f->line);
    }
    if (!f->other) {
        hidden_tell(s, f->source.text, f->line,
                    f->source.same ? f->source.skipped : PRATIQUE_NO_OFFSET);
        scan_fact(s, FACT_PY_SOURCE, PRATIQUE_NO_OFFSET, SPAN_LITERAL("python"), SPAN_EMPTY);
        scan_read(s, "python", f->in.n, "%s", f->source.encoding);
    }
    py_source_close(&f->source, s);
    return st;
}

enum pratique_status python_scan(struct scan *s, struct span in, uint32_t line)
{
    struct file f = { .s = s, .in = in, .line = line };

    return scan_file(&f);
}

enum pratique_status python_guess(struct scan *s, struct span in, bool *python)
{
    struct file f = { .s = s, .in = in, .line = 1, .guess = true };
    enum pratique_status st = scan_file(&f);

    *python = !f.other;
    return st;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    if (!s->package && s->depth == 0)
        package_begin_source(s);
    return python_scan(s, in, 1);
}

/* Content alone tells no Python: its name does (named), or what text.c makes of it. */
static bool looks_like(struct span in)
{
    (void)in;
    return false;
}

const struct format format_python = {
    .name = "python",
    .spec = "The Python Language Reference, 3.8 to 3.14; PEP 263",
    .looks_like = looks_like,
    .scan = scan,
    .named = text_is_python_name,
};
