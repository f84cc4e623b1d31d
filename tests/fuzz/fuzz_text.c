/* Text under every kind of name: the first byte picks the name. Only text is called text. */
#include <stdlib.h>

#include "format/text/text.h"
#include "harness.h"

static const char *const names[] = { "data",    "a.json",   "a.yaml",  "a.html", "a.py", "a.md",
                                     "a.jinja", "METADATA", "a.ipynb", "a.pth",  "a.js", "a.R" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    enum pratique_status st;
    struct harness h;
    uint8_t pick;
    size_t bad;

    if (!take_u8(&in, &pick))
        return 0;
    harness_run(&format_text, data, n);
    harness_init(&h);
    h.scan.name = span_text(names[pick % (sizeof names / sizeof *names)]);
    st = format_text.scan(&h.scan, in);
    if (st == PRATIQUE_OK && in.n > 0 && text_sniff(in, &bad) == TEXT_NONE)
        abort(); /* read as text what is none */
    for (size_t i = 0; i < h.facts.n; i++)
        if (h.facts.list[i].offset != PRATIQUE_NO_OFFSET && h.facts.list[i].offset > in.n)
            abort();
    harness_free(&h);
    return 0;
}
