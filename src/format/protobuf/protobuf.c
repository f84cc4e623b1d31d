/* See protobuf.h. */
#include "format/protobuf/protobuf.h"

#define NUMBER_MAX UINT64_C(536870911) /* 2^29 - 1 */

bool pb_take_varint(struct span *in, uint64_t *out)
{
    struct span at = *in;
    uint8_t byte = 0x80;

    *out = 0;
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (shift > 63 || !take_u8(&at, &byte))
            return false;
        *out |= (uint64_t)(byte & 0x7F) << shift;
    }
    *in = at;
    return true;
}

/* Most keys and lengths are of one byte. */
static ALWAYS_INLINE bool take_short(struct span *in, uint64_t *out)
{
    struct span at = *in;
    uint8_t byte;

    if (!take_u8(&at, &byte) || byte & 0x80)
        return pb_take_varint(in, out);
    *out = byte;
    *in = at;
    return true;
}

static bool take_content(struct span *in, struct pb_field *f)
{
    uint32_t fixed = 0;
    uint64_t n;
    bool ok;

    switch (f->wire) {
    case PB_VARINT:
        return take_short(in, &f->value);
    case PB_FIXED64:
        return take_u64le(in, &f->value);
    case PB_FIXED32:
        ok = take_u32le(in, &fixed);
        f->value = fixed;
        return ok;
    case PB_BYTES:
        return take_short(in, &n) && take(in, n, &f->body);
    case PB_GROUP:
    case PB_END:
        return true;
    }
    return false;
}

bool pb_take(struct span *in, struct pb_field *f)
{
    struct span at = *in;
    uint64_t key;

    *f = (struct pb_field){ .body = SPAN_EMPTY };
    if (!take_short(&at, &key) || key >> 3 == 0 || key >> 3 > NUMBER_MAX)
        return false;
    f->number = key >> 3;
    f->wire = (enum pb_wire)(key & 7);
    if (!take_content(&at, f))
        return false;
    *in = at;
    return true;
}

bool pb_is_message(struct span in, uint64_t *n)
{
    struct pb_field f;
    uint64_t count = 0;

    while (in.n > 0) {
        if (!pb_take(&in, &f) || f.wire == PB_GROUP || f.wire == PB_END)
            return false;
        count++;
    }
    if (n)
        *n = count;
    return true;
}

struct span pb_body(struct span in, uint64_t number)
{
    struct span found = SPAN_EMPTY;
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f))
        if (f.number == number && f.wire == PB_BYTES)
            found = f.body;
    return found;
}

uint64_t pb_value(struct span in, uint64_t number)
{
    uint64_t found = 0;
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f))
        if (f.number == number && f.wire != PB_BYTES)
            found = f.value;
    return found;
}
