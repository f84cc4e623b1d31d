/* Configurations of git: what is told lies in the input. */
#include "format/text/config.h"
#include "harness.h"

static bool always(struct span in)
{
    (void)in;
    return true;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct text t = { .s = s, .in = in, .exact = true };

    config_git(&t);
    return PRATIQUE_OK;
}

static const struct format git = { .name = "git", .looks_like = always, .scan = scan };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&git, data, n);
    return 0;
}
