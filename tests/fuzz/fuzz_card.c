/* The front matter of model cards: what is told lies in the input. */
#include "format/text/card.h"
#include "harness.h"

static bool always(struct span in)
{
    (void)in;
    return true;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct text t = { .s = s, .in = in, .exact = true };

    (void)text_card(&t);
    return PRATIQUE_OK;
}

static const struct format card = { .name = "card", .looks_like = always, .scan = scan };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&card, data, n);
    return 0;
}
