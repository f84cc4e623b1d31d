/*
 * SentencePiece models, which are Protocol Buffers without a magic: told by which fields stand at
 * the top, with which wire types, to the last byte of the file.
 *
 * Spec: protobuf.dev/programming-guides/encoding; sentencepiece_model.proto.
 */
#include "format/protobuf/protobuf.h"
#include "format/known/sniff.h"

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
