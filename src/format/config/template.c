/* Templates for Jinja inside documents. See config.h and format/jinja. */
#include "format/config/config.h"
#include "format/jinja/jinja.h"

enum pratique_status config_template(const struct doc *d, doc_id id, const char *name)
{
    struct jinja_place place = { .name = name };

    if (doc_kind(d, id) != DOC_STRING)
        return PRATIQUE_OK;
    place.offset = doc_flags(d, id) & DOC_ESCAPED ? PRATIQUE_NO_OFFSET : doc_where(d, id);
    doc_place(d, id, &place.line, &place.column);
    return jinja_tell(d->s, doc_text(d, id), &place);
}
