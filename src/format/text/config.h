/* What text says that a loader would act on. Private to text/. */
#ifndef PRATIQUE_FORMAT_TEXT_CONFIG_H
#define PRATIQUE_FORMAT_TEXT_CONFIG_H

#include "format/format.h"
#include "format/text/names.h"

struct text {
    struct scan *s;
    struct span in; /* ASCII characters as they are, escapes of them resolved */
    bool exact;     /* in is the file itself: offsets in it are the file's */
};

/* A fact about the character at off of t->in, with its line and column. */
void text_fact(const struct text *t, enum fact_kind kind, size_t off, struct span subject,
               struct span detail) NONNULL;

void text_yaml(const struct text *t) NONNULL;   /* tags that build objects */
void text_config(const struct text *t) NONNULL; /* keys that name code; model descriptions */
void text_markup(const struct text *t) NONNULL; /* script in HTML, XML and SVG */

/* A file that is a Jinja template. */
enum pratique_status text_template(const struct text *t) NONNULL MUST_CHECK;
bool text_may_be_template(const struct text *t) NONNULL; /* by its name, of some language */

/* Descriptions of models that no reader of documents knows: Keras, MXNet. */
void text_models(const struct text *t) NONNULL;

/*
 * Where a field of a message stands, as text or as JSON: its name as a word of its own, then a
 * colon or a brace. SIZE_MAX: nowhere.
 */
size_t text_find_field(struct span in, const char *name) NONNULL MUST_CHECK;

/*
 * Reads file, of which t->in is a view, as a document. *parsed: it is one, and was told of; *format
 * is then its kind where it has a name. E_FORMAT: a file that its loader would not read either.
 */
enum pratique_status text_document(const struct text *t, struct span file, enum text_class class,
                                   const char **format, bool *parsed) NONNULL MUST_CHECK;

/* Names of dangerous calls and modules, wherever they stand (deny.h). */
enum pratique_status text_deny(const struct text *t) NONNULL MUST_CHECK;

/* A configuration of git, by its name and first section: format/config/git.c. */
bool config_is_git(struct span name, struct span text);
void config_git(const struct text *t) NONNULL;

#endif
