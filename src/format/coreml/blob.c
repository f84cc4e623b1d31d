/*
 * The weights of Core ML programs (weights/weight.bin): records, each of a head and a body, one
 * behind the other. Bodies are measured, not read.
 *
 * Spec: coremltools/mlmodel/src/MILBlob/Blob/StorageFormat.hpp (version 2).
 */
#include <inttypes.h>

#include "format/coreml/coreml.h"
#include "format/model/model.h"
#include "format/rest.h"

#define ALIGN    UINT64_C(64) /* heads and bodies start at multiples of it */
#define SENTINEL 0xDEADBEEF

/* The head of a record: false when none stands there, or its body is not in the file. */
static bool take_record(struct span in, uint64_t at, uint64_t *end)
{
    struct span rest = span_from(in, at), body;
    uint32_t sentinel, type;
    uint64_t n, offset;

    if (!take_u32le(&rest, &sentinel) || sentinel != SENTINEL || !take_u32le(&rest, &type) ||
        !take_u64le(&rest, &n) || !take_u64le(&rest, &offset))
        return false;
    if (type > 255 || offset != at + ALIGN || !span_sub(in, offset, n, &body))
        return false;
    *end = offset + n;
    return true;
}

static bool take_head(struct span in, uint32_t *count)
{
    uint32_t version;

    if (!take_u32le(&in, count) || !take_u32le(&in, &version) || version != 2)
        return false;
    for (size_t i = 0; i < ALIGN - 8; i++)
        if (i >= in.n || in.p[i] != 0)
            return false;
    return true;
}

static bool looks_like(struct span in)
{
    struct span rest = span_from(in, ALIGN);
    uint32_t count, sentinel;

    return take_head(in, &count) && take_u32le(&rest, &sentinel) && sentinel == SENTINEL;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    uint64_t at = ALIGN, end = ALIGN;
    uint32_t count = 0;

    if (!take_head(in, &count))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "no head of a file of weights");
    for (uint32_t i = 0; i < count; i++) {
        if (!take_record(in, at, &end))
            return scan_fail(s, PRATIQUE_E_FORMAT, at, "record %" PRIu32 " of %" PRIu32 " is none",
                             i + 1, count);
        at = (end + ALIGN - 1) / ALIGN * ALIGN;
        if ((i & 0xFFF) == 0 && !budget_time(s->budget))
            return scan_fail_budget(s, at);
        s->budget->work_done += ALIGN;
    }
    model_sayf(s, "tensors", "%" PRIu32, count);
    scan_read(s, "Core ML weights", end, "%" PRIu32 " records", count);
    return scan_rest(s, "Core ML weights", at, span_from(in, at));
}

const struct format format_core_ml_weights = {
    .name = "Core ML weights",
    .spec = "MILBlob, StorageFormat.hpp, version 2, https://github.com/apple/coremltools",
    .looks_like = looks_like,
    .scan = scan,
};
