/*
 * Files of records (TFRecord), and among them logs for TensorBoard. Lengths are followed to the
 * end, each with its checksum; the first record is checked, and what records begin like is looked
 * at, so that a file of pickles is not taken for one of numbers.
 *
 * Spec: tensorflow.org/tutorials/load_data/tfrecord (TFRecords format details);
 * tensorflow/core/util/event.proto.
 */
#include <inttypes.h>

#include "format/tensorflow/crc32c.h"
#include "format/tensorflow/tensorflow.h"
#include "format/tensorflow/wire.h"

#define FRAME_N    12 /* a length and its checksum */
#define LOOKED_MAX 1000

/* Cuts the length off, if its checksum is right. */
static bool take_frame(struct span *in, uint64_t *n)
{
    struct span at = *in, bytes = SPAN_EMPTY;
    uint32_t sum;

    *n = 0;
    if (!span_sub(*in, 0, 8, &bytes) || !take_u64le(&at, n) || !take_u32le(&at, &sum) ||
        crc32c_masked(crc32c(0, bytes)) != sum)
        return false;
    *in = at;
    return true;
}

static bool looks_like(struct span in)
{
    uint64_t n;

    return in.n > FRAME_N && take_frame(&in, &n);
}

/* Event: wall_time (1, a double), step (2), file_version (3), ... */
static bool is_event(struct span body)
{
    struct pb_field f;

    return pb_take(&body, &f) && f.number == 1 && f.wire == PB_FIXED64;
}

/* Cuts a record off, with its checksum when that is asked for. */
static const char *take_record(struct span *in, bool check, struct span *body)
{
    uint64_t n;
    uint32_t sum;

    *body = SPAN_EMPTY;
    if (!take_frame(in, &n))
        return "a length whose checksum is wrong, or bytes behind the last record";
    if (!take(in, n, body) || !take_u32le(in, &sum))
        return "a record longer than the file";
    if (check && crc32c_masked(crc32c(0, *body)) != sum)
        return "a record whose checksum is wrong";
    return NULL;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct tf_wire w = { .s = s, .whole = in, .what = "records" };
    struct span rest = in, body;
    bool events = false;
    uint64_t n = 0;

    s->recognised = "TensorFlow records";
    for (; rest.n > 0 && w.st == PRATIQUE_OK; n++) {
        uint64_t offset = in.n - rest.n;
        const char *why = take_record(&rest, n == 0, &body);

        if (why)
            return scan_fail(s, PRATIQUE_E_FORMAT, offset, "records: %s", why);
        if (n == 0)
            events = is_event(body);
        if (n < LOOKED_MAX)
            tf_content(&w, body, SPAN_LITERAL("record"));
        s->budget->work_done += FRAME_N;
        if (n % 4096 == 0 && !budget_time(s->budget))
            return scan_fail_budget(s, offset);
    }
    if (w.st == PRATIQUE_OK)
        scan_read(s, "TensorFlow records", in.n, "%" PRIu64 " %s", n,
                  events ? "events for TensorBoard" : "records");
    return w.st;
}

const struct format format_tf_records = {
    .name = "tfrecord",
    .spec = "TFRecord: lengths and records with CRC-32C; events of TensorBoard",
    .looks_like = looks_like,
    .scan = scan,
};
