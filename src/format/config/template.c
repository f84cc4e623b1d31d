/* Templates for Jinja inside documents. See config.h and format/jinja. */
#include "format/config/config.h"
#include "format/jinja/jinja.h"

enum pratique_status config_template(const struct doc *d, doc_id id, const char *name)
{
    struct jinja_place at = { .offset = PRATIQUE_NO_OFFSET, .name = name };

    if (doc_kind(d, id) != DOC_STRING)
        return PRATIQUE_OK;
    doc_place(d, id, &at.line, &at.column);
    return jinja_tell(d->s, doc_text(d, id), &at);
}
