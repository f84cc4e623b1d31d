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

/* "{{" or "{%"; behind a dollar sign it is another language's (GitHub's workflows). */
static bool has_template(struct span text)
{
    const uint8_t *hit;

    for (size_t at = 0; text.n - at > 3 && (hit = memchr(text.p + at, '{', text.n - at - 1));
         at = (size_t)(hit - text.p) + 1)
        if ((hit[1] == '{' || hit[1] == '%') && (hit == text.p || hit[-1] != '$'))
            return true;
    return false;
}

enum pratique_status config_text(const struct doc *d, doc_id id, bool placed)
{
    struct jinja_place place = { .name = "text", .general = true, .found = true };
    struct span text = doc_text(d, id);

    if (!has_template(text))
        return PRATIQUE_OK;
    place.offset = doc_flags(d, id) & DOC_ESCAPED ? PRATIQUE_NO_OFFSET : doc_where(d, id);
    if (placed)
        doc_place(d, id, &place.line, &place.column);
    return jinja_tell(d->s, text, &place);
}
