/*
 * Outgoing bytes. Whole or one by one, the same is found of what is not compressed; and a
 * secret behind them is always found.
 */
#include <stdlib.h>

#include "harness.h"
#include "watch/bait.h"

static const struct bait_secret secrets[] = { { "a", "tQ7zK2pL9vXw4RmN8cJy5HbG3fDs6A" },
                                              { "b", "0123456789abcdef0123456789abcdef" } };
static const struct bait bait = { .secrets = secrets, .secrets_n = ARRAY_LEN(secrets) };

struct hits {
    unsigned n;     /* of what is not compressed */
    unsigned plain; /* the first secret, as it is */
};

static void hit(void *user, const struct bait_secret *secret, const char *how)
{
    struct hits *h = user;

    h->n += strstr(how, "compressed") == NULL;
    h->plain += secret == secrets && strcmp(how, "plain") == 0;
}

static struct hits search(const struct bait_search *s, struct span in, size_t step, bool deflated)
{
    struct bait_stream *stream = bait_stream_new(s);
    struct hits h = { 0, 0 };
    struct span piece;

    if (!stream)
        abort();
    if (deflated)
        bait_stream_deflated(stream);
    while (in.n) {
        (void)take(&in, step < in.n ? step : in.n, &piece);
        bait_stream_feed(stream, piece, hit, &h);
    }
    bait_stream_feed(stream, span_text(secrets[0].value), hit, &h);
    bait_stream_free(stream);
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct bait_search *s;
    struct hits whole, bytes;

    if (!s && !(s = bait_search_new(&bait)))
        abort();
    whole = search(s, span_of(data, n), n + 1, n % 2);
    bytes = search(s, span_of(data, n), 1, n % 2);
    if (whole.n != bytes.n || whole.plain != 1 || bytes.plain != 1)
        abort();
    return 0;
}
