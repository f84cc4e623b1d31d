/*
 * TensorFlow: SavedModel, MetaGraph and GraphDef (wire and text form), what Keras keeps beside a
 * SavedModel, checkpoints, files of records, TensorFlow Lite, and TF.js graph models.
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_TENSORFLOW_H
#define PRATIQUE_FORMAT_TENSORFLOW_TENSORFLOW_H

#include "format/doc/doc.h"
#include "format/format.h"

extern const struct format format_tensorflow;      /* saved_model.pb and its kin */
extern const struct format format_tensorflow_text; /* saved_model.pbtxt and its kin */
extern const struct format format_tf_checkpoint;   /* the index of a checkpoint */
extern const struct format format_tf_shard;        /* its numbers: told by name */
extern const struct format format_tf_records;      /* TFRecord, and logs for TensorBoard */
extern const struct format format_tflite;
extern const struct doc_reader tfjs_reader; /* model.json of a graph model */

/*
 * Reads a message of that kind (tf_message_of()); offsets say nothing when it was made from a
 * text.
 */
enum tf_message {
    TF_NO_MESSAGE,
    TF_SAVED_MODEL,
    TF_META_GRAPH,
    TF_GRAPH,
    TF_KERAS_METADATA,
    TF_FINGERPRINT,
    TF_HUB_MODULE,
};
enum pratique_status tf_read_message(struct scan *s, struct span in, enum tf_message kind,
                                     bool placeless) NONNULL MUST_CHECK;

#endif
