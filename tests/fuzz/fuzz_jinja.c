/* Jinja templates: the lexer, the parser and what is followed of them. */
#include <stdlib.h>

#include "format/jinja/jinja.h"
#include "harness.h"

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

static const struct format format_template = { .name = "template",
                                               .looks_like = is_any,
                                               .scan = scan_template };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_template, data, n);
    return 0;
}
