/*
 * Values of ONNX by themselves: the tensors, sequences and optional values that models are tested
 * with (test_data_set_0/input_0.pb). One that names a file beside itself is told as in a model.
 *
 * A value has no magic: it is told by its fields, to the last byte of the file.
 *
 * Spec: onnx/onnx.proto3 (TensorProto), onnx/onnx-data.proto3 (SequenceProto, OptionalProto);
 * github.com/onnx/onnx/blob/main/docs/OnnxBackendTest.md. Left out: maps in sequences.
 */
#include "format/onnx/onnx.h"

#include <inttypes.h>

#include "format/model/model.h"
#include "format/onnx/parts.h"

#define TYPE_MAX   28      /* of a tensor's numbers */
#define FIELDS_MAX 1000000 /* at the top of one value; more is none */

/* ---- what it is ---- */

/* Wire types that a field of a tensor may have: bit n for the wire type n. */
static bool is_tensor_field(const struct pb_field *f)
{
    enum { NUMBER = 1u << PB_VARINT | 1u << PB_BYTES, BODY = 1u << PB_BYTES };
    static const unsigned wires[] = {
        [1] = NUMBER,
        [2] = 1u << PB_VARINT,
        [4] = 1u << PB_FIXED32 | 1u << PB_BYTES,
        [5] = NUMBER,
        [6] = BODY,
        [7] = NUMBER,
        [8] = BODY,
        [9] = BODY,
        [10] = 1u << PB_FIXED64 | 1u << PB_BYTES,
        [11] = NUMBER,
        [12] = BODY,
        [13] = BODY,
        [14] = 1u << PB_VARINT,
        [16] = BODY,
    };

    return f->number < sizeof wires / sizeof *wires && wires[f->number] >> f->wire & 1;
}

/* Of a type that there is, with something in it that only tensors have. */
static bool is_tensor(struct span in)
{
    bool type = false, data = false;
    struct pb_field f;

    for (unsigned n = 0; in.n > 0; n++) {
        if (n == FIELDS_MAX || !pb_take(&in, &f) || !is_tensor_field(&f))
            return false;
        if (f.number == 2 && (f.value == 0 || f.value > TYPE_MAX))
            return false;
        type |= f.number == 2;
        data |= f.number >= 4 && f.number != 8 && f.number != 12;
    }
    return type && data;
}

/* A name, which kind of value, and such values; in an optional one, at most one of them. */
static bool is_sequence(struct span in)
{
    bool tensors = false;
    struct pb_field f;

    for (unsigned n = 0; in.n > 0; n++) {
        if (n == FIELDS_MAX || !pb_take(&in, &f) || f.number > 4 || f.number == 0 ||
            f.wire != (f.number == 2 ? PB_VARINT : PB_BYTES))
            return false;
        if ((f.number == 2 && f.value != 1) || (f.number == 3 && !is_tensor(f.body)))
            return false;
        tensors |= f.number == 3;
    }
    return tensors;
}

static bool looks_like(struct span in)
{
    return in.n >= 4 && (is_tensor(in) || is_sequence(in));
}

/* ---- reading it ---- */

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span body)
{
    return message == ONNX_TENSOR ? onnx_tensor(w->user, w, body) : PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct onnx x = { .s = s };
    struct pb_walk w = { .s = s, .whole = in, .schema = onnx_schema, .enter = enter, .user = &x };
    enum pratique_status st = pb_walk(&w, is_tensor(in) ? ONNX_TENSOR : ONNX_SEQUENCE);

    onnx_tell_ranges(&x);
    s->budget->work_done += w.fields * 8;
    scan_unmap(s, x.ranges, x.ranges_size * sizeof *x.ranges);
    if (st == PRATIQUE_OK)
        scan_read(s, "ONNX tensor", in.n, "%" PRIu64 " %s", x.tensors,
                  x.tensors == 1 ? "tensor" : "tensors");
    return st;
}

const struct format format_onnx_value = {
    .name = "ONNX tensor",
    .spec = "onnx-data.proto3, https://github.com/onnx/onnx",
    .looks_like = looks_like,
    .scan = scan,
};
