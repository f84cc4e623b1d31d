/*
 * Keras configurations: what model.to_json(), a .keras archive's config.json and an HDF5 file's
 * model_config say is to be built. Keras 1, 2 and 3.
 *
 * Spec: keras/src/saving/serialization_lib.py (3.x), keras/saving/legacy/serialization.py (2.x),
 * keras/src/legacy/saving/json_utils.py.
 */
#ifndef PRATIQUE_FORMAT_KERAS_KERAS_H
#define PRATIQUE_FORMAT_KERAS_KERAS_H

#include "format/doc/doc.h"
#include "format/format.h"

/*
 * Reads json as the configuration of a model, and tells what loading it builds, imports, calls and
 * opens. where says what holds it ("the attribute model_config"). E_FORMAT when it is no JSON.
 */
enum pratique_status keras_config(struct scan *s, struct span json,
                                  const char *where) NONNULL MUST_CHECK;

/* Documents that are such a configuration, and TF.js layers models. */
extern const struct doc_reader keras_reader;

/* config.json and metadata.json of a .keras archive, whatever is in them. */
extern const struct format format_keras_config;

#endif
