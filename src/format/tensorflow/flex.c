/* See flex.h. Offsets point backwards; every one is checked against where it stands. */
#include "format/tensorflow/flex.h"

enum { FLEX_STRING = 5, FLEX_VECTOR = 10, FLEX_BLOB = 25 };

static bool number_at(struct span in, uint64_t at, uint64_t width, uint64_t *value)
{
    struct span s;

    *value = 0;
    if ((width != 1 && width != 2 && width != 4 && width != 8) || !span_sub(in, at, width, &s))
        return false;
    for (size_t i = s.n; i-- > 0;)
        *value = *value << 8 | s.p[i];
    return true;
}

/* Where the offset at this place points to. */
static bool follow(struct span in, uint64_t at, uint64_t width, uint64_t *target)
{
    uint64_t back;

    if (!number_at(in, at, width, &back) || back == 0 || back > at)
        return false;
    *target = at - back;
    return true;
}

/* What lies at a place, its length in front of it. */
static bool text_at(struct span in, uint64_t at, unsigned packed, struct span *text)
{
    uint64_t width = UINT64_C(1) << (packed & 3), n;

    if (packed >> 2 != FLEX_STRING && packed >> 2 != FLEX_BLOB)
        return false;
    return at >= width && number_at(in, at - width, width, &n) && span_sub(in, at, n, text);
}

bool flex_text(struct span in, uint64_t i, struct span *text)
{
    uint64_t root, width, packed, vector, n, type, at;

    *text = SPAN_EMPTY;
    if (in.n < 3 || !number_at(in, in.n - 1, 1, &width) || !number_at(in, in.n - 2, 1, &packed) ||
        width > in.n - 2 || packed >> 2 != FLEX_VECTOR)
        return false;
    root = in.n - 2 - width;
    if (!follow(in, root, width, &vector))
        return false;
    width = UINT64_C(1) << (packed & 3);
    if (vector < width || !number_at(in, vector - width, width, &n) || i >= n || n > in.n)
        return false;
    return number_at(in, vector + n * width + i, 1, &type) &&
           follow(in, vector + i * width, width, &at) && text_at(in, at, (unsigned)type, text);
}
