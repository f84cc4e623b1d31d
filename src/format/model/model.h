/*
 * What readers of models tell, each thing in one way: names of code that a loader would call,
 * paths of other files, addresses, and what the model says of itself. See fact/model.h for the
 * flags, rules/model_code.def and verdict/model.c for what is thought of them.
 */
#ifndef PRATIQUE_FORMAT_MODEL_MODEL_H
#define PRATIQUE_FORMAT_MODEL_MODEL_H

#include "fact/model.h"
#include "format/format.h"

/*
 * A dotted name that loading imports, instantiates or calls: "torch.optim.Adam", "builtins.eval",
 * "my_layers:Attention". how says what names it ("_target_", "loader_module"); flags: enum
 * model_code_flag. line and column are 0 where there are none.
 */
void model_code(struct scan *s, uint64_t offset, uint32_t line, uint32_t column, struct span name,
                const char *how, unsigned flags) NONNULL;

/*
 * The path of another file that the loader opens, as it stands in this one (external data, shards,
 * a blob). What is wrong with it (absolute, "..", NUL, a drive, a backslash, an address) becomes
 * FACT_MODEL_PATH with flags; a plain relative path FACT_MODEL_NEEDS, so that the folder around it
 * can be checked. what: "external data of a tensor".
 */
void model_path(struct scan *s, uint64_t offset, struct span path, const char *what) NONNULL;

/* What a path is, without telling: 0 for a plain relative one. enum model_path_flag. */
unsigned model_path_flags(struct span path);

/* An address that the loader fetches from: FACT_MODEL_FETCH. */
void model_fetch(struct scan *s, uint64_t offset, struct span url, const char *what) NONNULL;

/*
 * What the model says of itself, for the report on its folder and the bill of materials: key is
 * one of "architecture", "type", "name", "author", "license", "base model", "library", "version",
 * "tensors", "parameters", "dataset", "task", "quantization". Empty values are left out.
 */
void model_says(struct scan *s, const char *key, struct span value) NONNULL;
void model_sayf(struct scan *s, const char *key, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);

/*
 * Bytes that a model's format says are something of their own (a pickle in an attribute, a code
 * object): handed on as a file called name inside this one, whatever they are. n = 0: nothing.
 */
enum pratique_status model_embedded(struct scan *s, struct span bytes,
                                    struct span name) NONNULL MUST_CHECK;

/*
 * A value that a program may decode and then unpickle: a text of base64 or hexadecimal, with zlib
 * or gzip below, or bytes that are a zlib stream. What comes out is handed on as a file called name
 * when it is a pickle; anything else is none. model_may_be_encoded(): whether that is worth the
 * name. Both are cheap for other values.
 */
bool model_may_be_encoded(struct span value);
enum pratique_status model_encoded(struct scan *s, struct span value,
                                   struct span name) NONNULL MUST_CHECK;

#endif
