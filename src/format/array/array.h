/* Containers of arrays, trees and indexes: one file for each format. */
#ifndef PRATIQUE_FORMAT_ARRAY_ARRAY_H
#define PRATIQUE_FORMAT_ARRAY_ARRAY_H

#include "format/doc/doc.h"
#include "format/format.h"

extern const struct doc_reader array_zarr_reader;

extern const struct format format_msgpack, format_xgboost, format_xgboost_ubj, format_lightgbm,
    format_catboost, format_mxnet, format_rdata, format_faiss, format_fasttext, format_word2vec,
    format_hnswlib, format_executorch, format_torch_mobile, format_ocdbt, format_annoy;

/*
 * Whether bytes in the place of a plain value begin like something that a loader would run or
 * open: a pickle, an archive, a program, another document. Then they are handed on.
 */
bool array_is_embedded(struct span bytes);

/*
 * Hands such bytes on as a file called name; nothing otherwise. As scan_nested().
 */
enum pratique_status array_embedded(struct scan *s, struct span bytes,
                                    struct span name) NONNULL MUST_CHECK;

/*
 * Tells of a program in a file that is named as a model: FACT_PROGRAM_AS_MODEL, with what it is.
 * Nothing for other names. what: "ELF".
 */
void array_tell_program(struct scan *s, struct span what) NONNULL;

/*
 * Whether the artifact's path is that of a chunk in a store of arrays, as zarr, TensorStore and
 * Orbax name them: ".../c/0/1", ".../0.1" in a folder, ".../d/" and 32 hexadecimal digits. Such a
 * file is numbers, in a codec that the array's own description names.
 */
bool array_is_chunk(const struct scan *s) NONNULL;

/* Bytes of one element of the numpy type of that name ("float32", "<f4"); 0: not known. */
unsigned array_item_size(struct span dtype);

/* Whether that type holds Python objects: "object", "|O", "O8". */
bool array_is_object(struct span dtype);

#endif
