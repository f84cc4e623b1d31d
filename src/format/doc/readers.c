/* What documents can be: a new kind is one row. See doc.h. */
#include "base/compiler.h"
#include "format/doc/doc.h"
#include "format/keras/keras.h"

static const struct doc_reader *const readers[] = {
    &keras_reader,
    NULL,
};

enum pratique_status doc_tell(const struct doc *d, const char **name)
{
    if (name)
        *name = NULL;
    for (size_t i = 0; readers[i]; i++) {
        enum pratique_status st;

        if (!readers[i]->matches(d))
            continue;
        if (name && !*name)
            *name = readers[i]->name;
        st = readers[i]->tell(d);
        if (st != PRATIQUE_OK)
            return st;
    }
    return PRATIQUE_OK;
}
