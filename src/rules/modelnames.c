/* See modelnames.h. */
#include "rules/modelnames.h"

#include "rules/names.h"

static const char *const packages[] = {
#define PACKAGE(prefix) prefix,
#include "rules/model_packages.def"
#undef PACKAGE
};

bool modelnames_has(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(packages); i++) {
        struct span package = span_text(packages[i]);

        if (span_starts(name, package) && (name.n == package.n || name.p[package.n] == '.'))
            return true;
    }
    return false;
}

bool modelnames_is_class(struct span name)
{
    struct span last = name_last(name);

    while (last.n > 0 && last.p[0] == '_')
        (void)skip(&last, 1);
    return last.n > 0 && last.p[0] >= 'A' && last.p[0] <= 'Z';
}
