/* Templates for Jinja inside documents. See config.h and format/jinja. */
#include "base/compiler.h"
#include "format/config/config.h"

enum pratique_status config_template(const struct doc *d, doc_id id, const char *name)
{
    static const char *const internals[] = { "__globals__", "__subclasses__", "__builtins__",
                                             "__import__",  "__mro__",        "__getattribute__",
                                             "__class__",   "__init__",       "__base__" };
    struct span text = doc_text(d, id);

    (void)name;
    if (doc_kind(d, id) != DOC_STRING)
        return PRATIQUE_OK;
    for (size_t i = 0; i < ARRAY_LEN(internals); i++) {
        size_t off = span_find(text, 0, span_text(internals[i]));

        if (off == SIZE_MAX)
            continue;
        doc_fact(d, FACT_TEXT_TEMPLATE, id, span_text(internals[i]),
                 span_of(text.p + off, text.n - off < 80 ? text.n - off : 80));
        return PRATIQUE_OK;
    }
    return PRATIQUE_OK;
}
