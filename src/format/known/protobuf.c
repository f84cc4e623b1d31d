/*
 * Model formats in Protocol Buffers. They have no magic; each is told by which
 * fields stand at the top, with which wire types, to the last byte of the file.
 *
 * Spec: protobuf.dev/programming-guides/encoding; saved_model.proto,
 * meta_graph.proto and graph.proto (TensorFlow), Model.proto (Core ML),
 * caffe.proto, framework.proto (Paddle), CNTK.proto, sentencepiece_model.proto.
 */
#include "format/protobuf/protobuf.h"
#include "base/compiler.h"
#include "format/known/sniff.h"

#define FIELDS_MAX 10000000 /* at the top of one message; more is no model */

/* What stands at the top of a message: how often each low field, by its wire type. */
struct shape {
    uint64_t varints, lengths, others; /* bit n: field n (1 to 63) occurs with that wire type */
    uint64_t fields;
    uint64_t first; /* value of field 1, when it is a varint */
    bool high;      /* a length field from 100 on (Caffe, Core ML) */
};

static bool shape_of(struct span in, struct shape *s)
{
    struct pb_field f;

    *s = (struct shape){ 0 };
    while (in.n > 0) {
        uint64_t bit;

        if (!pb_take(&in, &f) || f.wire == PB_GROUP || f.wire == PB_END || ++s->fields > FIELDS_MAX)
            return false;
        bit = f.number < 64 ? UINT64_C(1) << f.number : 1;
        s->varints |= f.wire == PB_VARINT ? bit : 0;
        s->lengths |= f.wire == PB_BYTES ? bit : 0;
        s->others |= f.wire != PB_VARINT && f.wire != PB_BYTES ? bit : 0;
        s->high |= f.wire == PB_BYTES && f.number >= 100;
        s->first = f.number == 1 && f.wire == PB_VARINT ? f.value : s->first;
    }
    return s->fields > 0;
}

#define BIT(n) (UINT64_C(1) << (n))

/* The first length field of that number in the message. */
static struct span inner(struct span in, uint64_t number)
{
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f))
        if (f.number == number && f.wire == PB_BYTES)
            return f.body;
    return SPAN_EMPTY;
}

static bool is_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
            return false;
    return s.n > 0 && s.n < 512;
}

/* NodeDef: name and op. */
static bool is_graph(struct span in)
{
    struct shape s;
    struct span node = inner(in, 1);

    return shape_of(in, &s) && !(s.varints & ~BIT(3)) && s.others == 0 &&
           !(s.lengths & ~(BIT(1) | BIT(2) | BIT(4) | BIT(5))) && (s.lengths & BIT(1)) &&
           is_word(inner(node, 1)) && is_word(inner(node, 2));
}

static bool is_meta_graph(struct span in)
{
    struct shape s;

    return shape_of(in, &s) && s.varints == 0 && s.others == 0 && !(s.lengths & ~(BIT(8) - 2)) &&
           (s.lengths & BIT(2)) && is_graph(inner(in, 2));
}

static bool is_saved_model(const struct shape *s, struct span in)
{
    return s->varints == BIT(1) && s->lengths == BIT(2) && s->others == 0 && s->first <= 16 &&
           is_meta_graph(inner(in, 2));
}

struct sniffed sniff_protobuf(struct span in)
{
    static const struct sniffed none = { FACT_KINDS, NULL, NULL };
    struct shape s;

    if (in.n < 8 || !shape_of(in, &s))
        return none;
    if (is_saved_model(&s, in))
        return (struct sniffed){ FACT_KNOWN_MODEL, "TensorFlow SavedModel",
                                 "its graph can read and write files" };
    if (is_meta_graph(in))
        return (struct sniffed){ FACT_KNOWN_MODEL, "TensorFlow MetaGraph",
                                 "its graph can read and write files" };
    if (is_graph(in))
        return (struct sniffed){ FACT_KNOWN_MODEL, "TensorFlow graph",
                                 "its graph can read and write files" };
    return none;
}

/* SentencePiece: text, score, type. */
static bool is_piece(struct span in)
{
    struct pb_field f;
    bool text = false;

    while (in.n > 0) {
        if (!pb_take(&in, &f))
            return false;
        text |= f.number == 1;
        if (f.wire != (f.number == 1   ? PB_BYTES
                       : f.number == 2 ? PB_FIXED32
                                       : PB_VARINT) ||
            f.number > 3)
            return false;
    }
    return text;
}

bool is_sentencepiece(struct span in)
{
    struct pb_field f;
    uint64_t pieces = 0;

    while (in.n > 0) {
        if (!pb_take(&in, &f) || f.wire != PB_BYTES || f.number > 5)
            return false;
        if (f.number == 1 && !is_piece(f.body))
            return false;
        pieces += f.number == 1;
    }
    return pieces > 2;
}
