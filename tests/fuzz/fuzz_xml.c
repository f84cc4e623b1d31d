/* XML: events in order, every element that opens is closed, texts lie inside the input. */
#include <stdlib.h>

#include "format/xml/xml.h"
#include "harness.h"

static enum pratique_status scan_events(struct scan *s, struct span in)
{
    struct xml x;
    enum xml_event event;
    size_t depth = 0, events = 0;

    xml_begin(&x, s, in);
    while ((event = xml_next(&x)) != XML_EOF && event != XML_BAD) {
        if (event == XML_OPEN)
            depth++;
        if (event == XML_CLOSE && depth-- == 0)
            abort();
        if (event == XML_TEXT && x.text.n > in.n)
            abort();
        if (++events > 2 * in.n + 2)
            abort();
    }
    if (event == XML_EOF && depth > 0)
        abort();
    xml_end(&x);
    return x.status;
}

static enum pratique_status scan_pmml(struct scan *s, struct span in)
{
    bool pmml;

    return pmml_tell(s, in, true, &pmml);
}

static bool always(struct span in)
{
    (void)in;
    return true;
}

static const struct format events = { .name = "xml", .looks_like = always, .scan = scan_events };
static const struct format pmml = { .name = "pmml", .looks_like = always, .scan = scan_pmml };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&events, data, n);
    harness_run(&pmml, data, n);
    return 0;
}
