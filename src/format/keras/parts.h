/* Private to keras/. */
#ifndef PRATIQUE_FORMAT_KERAS_PARTS_H
#define PRATIQUE_FORMAT_KERAS_PARTS_H

#include "format/doc/doc.h"

#define SEEN_SLOTS 1024

/* One configuration that is being read. */
struct keras {
    const struct doc *d;
    struct scan *s;
    const char *where;         /* what holds it */
    uint64_t seen[SEEN_SLOTS]; /* hashes of what was told: the same again is not */
    uint64_t objects, lambdas, customs;
};

/* A fact about a value, once for each kind, subject and detail. */
void keras_fact(struct keras *k, enum fact_kind kind, doc_id id, struct span subject,
                const char *detail) NONNULL;

/* A name of code that loading calls, once. */
void keras_code(struct keras *k, doc_id id, struct span name, const char *how) NONNULL;

/* An object with a class_name: what loading makes of it. object.c */
enum pratique_status keras_object(struct keras *k, doc_id id) NONNULL MUST_CHECK;

/* A Lambda layer, or "__lambda__": config is its configuration. lambda.c */
void keras_lambda(struct keras *k, doc_id id, doc_id config) NONNULL;

/* A text anywhere: code objects, pickles and archives that it is in base64 are handed on. */
enum pratique_status keras_text(struct keras *k, doc_id id) NONNULL MUST_CHECK;

/* Classes that Keras has of its own, by name alone; names of functions in its modules. names.c */
bool keras_has_class(struct span name);
bool keras_is_module(struct span module);
bool keras_is_public(struct span package); /* of a registered name: "keras_hub" */
bool keras_has_function(struct span module, struct span name);
bool keras_has_builtin(struct span name); /* a function of Python that does something */

/* What a function of TensorFlow, or an operator of its graphs, is known for. names.c */
enum keras_reach { REACH_UNKNOWN, REACH_MATHS, REACH_OUTSIDE };
enum keras_reach keras_tf_function(struct span symbol);
enum keras_reach keras_tf_operator(struct span op);

#endif
