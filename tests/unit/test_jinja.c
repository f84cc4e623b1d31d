/* src/format/jinja */
#include "base/compiler.h"
#include "format/jinja/jinja.h"

#include "model.h"

static bool is_any(struct span in)
{
    (void)in;
    return true;
}

static enum pratique_status scan_template(struct scan *s, struct span in)
{
    const struct jinja_place place = { .line = 1, .column = 1, .name = "template" };

    return jinja_tell(s, in, &place);
}

static const struct format template = { .name = "template",
                                        .looks_like = is_any,
                                        .scan = scan_template };

/* The one fact that is told of text, at line and column; FACT_READ: none. */
struct row {
    const char *text;
    enum fact_kind fact;
    const char *subject;
    uint32_t line, column;
};

static void check(const struct row *row)
{
    struct bench b;

    bench_run(&b, &template, span_text(row->text), row->text);
    CHECK(b.status == PRATIQUE_OK, "%s: status %d", row->text, b.status);
    CHECK(b.facts.n == (row->fact != FACT_READ), "%s: %zu facts", row->text, b.facts.n);
    if (b.facts.n > 0) {
        const struct fact *f = &b.facts.list[0];

        CHECK(f->kind == row->fact, "%s: %s", row->text, fact_kind_name(f->kind));
        CHECK(span_is(f->subject, row->subject), "%s: %.*s", row->text, (int)f->subject.n,
              (const char *)f->subject.p);
        CHECK(row->line == 0 || (f->line == row->line && f->column == row->column), "%s: at %u:%u",
              row->text, f->line, f->column);
    }
    bench_free(&b);
}

TEST(jinja_facts)
{
    static const struct row rows[] = {
        { "", FACT_READ, "", 0, 0 },
        { "__class__ {# {{ x.__class__ }} #}", FACT_READ, "", 0, 0 },
        { "{{ '__class__' }}", FACT_READ, "", 0, 0 },
        { "a\n  {{ x.__class__ }}", FACT_TEMPLATE_INTERNALS, "__class__", 2, 8 },
        { "{{ x.__class__.__init__ }}", FACT_TEMPLATE_INTERNALS, "__class__", 1, 6 },
        { "{{ x.__class__.__name__ }}", FACT_TEMPLATE_CLASS_NAME, "__class__", 0, 0 },
        { "{{ x['\\x5f_cla' ~ 'ss__'] }}", FACT_TEMPLATE_INTERNALS, "__class__", 0, 0 },
        { "{% set a %}__cla{% endset %}{{ x|attr(a ~ 'ss__') }}", FACT_TEMPLATE_INTERNALS,
          "__class__", 0, 0 },
        { "{{ x[k] }}", FACT_READ, "", 0, 0 },
        { "{{ x|attr(k) }}", FACT_TEMPLATE_COMPUTED, "", 0, 0 },
        { "{{ x[a](b) }}", FACT_TEMPLATE_COMPUTED, "", 0, 0 },
        { "{{ self._TemplateReference__context }}", FACT_TEMPLATE_GADGET,
          "_TemplateReference__context", 0, 0 },
        { "{% include 'b' %}", FACT_TEMPLATE_IMPORT, "b", 0, 0 },
        { "{{ range(10**9) }}", FACT_TEMPLATE_COSTLY, "a range", 0, 0 },
        { "{{ range(1000) }}", FACT_READ, "", 0, 0 },
        { "{{ x ", FACT_TEMPLATE_BROKEN, "template", 0, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check(&rows[i]);
}

/* What jinja2 parses, and what it does not. */
TEST(jinja_grammar)
{
    static const struct {
        const char *text;
        bool parses;
    } rows[] = {
        { "{{ a if b else c if d else e }}", true },
        { "{{ a if b }}", true },
        { "{{ a, b }}", true },
        { "{{ () }}", true },
        { "{{ }}", false },
        { "{{ [1, 2,] }}{{ {'a': 1,} }}", true },
        { "{{ [,] }}", false },
        { "{{ x[1:2:3] }}{{ x[:] }}{{ x[::-1] }}{{ x[1, 2] }}", true },
        { "{{ x.0.1 }}", true },
        { "{{ x. }}", false },
        { "{{ f(a, *b, **c) }}{{ f(a=1,) }}", true },
        { "{{ f(a=1, b) }}", false },
        { "{{ 'a' 'b' }}", true },
        { "{{ not a in b }}{{ a not in b }}", true },
        { "{{ a is b is c }}", false },
        { "{{ a is divisibleby 3 }}{{ a is not none }}", true },
        { "{{ a is defined and b }}", true },
        { "{{ -a|abs ** 2 }}", true },
        { "{{ 1_000 + 0x1F + 1.5e3 }}", true },
        { "{{ a && b }}", false },
        { "{{ {'a': {'b': 1}}}}", true },
        { "{% for a, b in c if d recursive %}{% else %}{% endfor %}", true },
        { "{% for a.b in c %}{% endfor %}", false },
        { "{% if a %}{% elif b %}{% else %}{% endif %}", true },
        { "{% if a %}", false },
        { "{% endif %}", false },
        { "{% set a, b = c %}{% set a.b = c %}{% set a | upper %}x{% endset %}", true },
        { "{% set true = 1 %}", false },
        { "{% macro m(a, b=1) %}{% endmacro %}", true },
        { "{% macro m(a=1, b) %}{% endmacro %}", false },
        { "{% call(a) m() %}{% endcall %}{% call m %}{% endcall %}", false },
        { "{% raw %}{% if %}{{{% endraw %}", true },
        { "{%- raw -%}{%- endraw -%}", true },
        { "{% raw %}", false },
        { "{# a", false },
        { "{% with a = 1, b = 2 %}{% endwith %}{% do a %}{% break %}", true },
        { "{% block a scoped %}{% endblock a %}{% filter upper|e %}{% endfilter %}", true },
        { "{% from 'a' import b as c, d with context %}", true },
        { "{% import 'a' %}", false },
        { "{%+ if a +%}{% endif -%}", true },
        { "{% generation %}{% endgeneration %}", true },
        { "{% nothing %}", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench b;

        bench_run(&b, &template, span_text(rows[i].text), rows[i].text);
        CHECK((bench_count(&b, FACT_TEMPLATE_BROKEN) == 0) == rows[i].parses, "%s", rows[i].text);
        bench_free(&b);
    }
}

/* A chain of any length costs a bounded stack, and what is too deep is told. */
TEST(jinja_depth)
{
    static const char *const parts[][3] = {
        { "{{ x", ".a", " }}" },
        { "{{ x", "|e", " }}" },
        { "{{ ", "(", " }}" },
        { "{{ x", " + 1", " }}" },
        { "{{ ", "not ", "x }}" },
        { "{{ ", "-", "x }}" },
        { "{{ x", " if y else z", "}}" },
        { "", "{% if x %}", "" },
        { "{{ ", "[", " }}" },
        { "", "{% macro m() %}{{ m() }}{{ m() }}", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        static char text[200000];
        size_t n = strlen(strcpy(text, parts[i][0]));
        struct bench b;

        for (unsigned k = 0; k < 5000; k++)
            n += strlen(strcpy(text + n, parts[i][1]));
        strcpy(text + n, parts[i][2]);
        bench_run(&b, &template, span_text(text), parts[i][1]);
        CHECK(b.status == PRATIQUE_OK, "%s: status %d", parts[i][1], b.status);
        CHECK(bench_count(&b, FACT_TEMPLATE_BROKEN) == 1, "%s: told", parts[i][1]);
        bench_free(&b);
    }
}
