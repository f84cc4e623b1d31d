/*
 * What configurations of models say: readers of documents (format/doc), each a kind of file or a
 * way of naming code. See the .c of each.
 */
#ifndef PRATIQUE_FORMAT_CONFIG_CONFIG_H
#define PRATIQUE_FORMAT_CONFIG_CONFIG_H

#include "format/doc/doc.h"
#include "format/model/model.h"

extern const struct doc_reader config_tags;       /* YAML's tags */
extern const struct doc_reader config_names;      /* keys that name code, in any document */
extern const struct doc_reader config_hub;        /* config.json and kin of Hugging Face */
extern const struct doc_reader config_pipeline;   /* diffusers' model_index.json */
extern const struct doc_reader config_modules;    /* modules.json of sentence-transformers */
extern const struct doc_reader config_tokenizer;  /* tokenizer.json */
extern const struct doc_reader config_vocabulary; /* vocab.json, added_tokens.json */
extern const struct doc_reader config_mlflow;     /* MLmodel */
extern const struct doc_reader config_mar;        /* MANIFEST.json of a TorchServe archive */
extern const struct doc_reader config_conda;      /* conda.yaml, environment.yml */

/*
 * Whether a tag of YAML's standard space ("python/name:os.system", behind "tag:yaml.org,2002:")
 * builds more than plain data.
 */
bool config_tag_builds(struct span name);

/* Lists of requirements: pip's and conda's. Text that is none is told nothing of. */
bool config_is_requirements(struct span name);
void config_requirements(struct scan *s, struct span text);
/* One requirement, as pip takes it; offset, line: of its first byte. */
void config_requirement(struct scan *s, struct span line, uint64_t offset, uint32_t number);

/* Ollama's Modelfile. */
bool config_is_modelfile(struct span name);
void config_modelfile(struct scan *s, struct span text);

/* Triton's config.pbtxt. */
bool config_is_triton(struct span name);
void config_triton(struct scan *s, struct span text);

/* model_code() with the value's place. */
void config_code(const struct doc *d, doc_id id, struct span name, const char *how, unsigned flags);

/* A template for Jinja, when the value is a string. */
enum pratique_status config_template(const struct doc *d, doc_id id, const char *name) MUST_CHECK;

/*
 * Any other string: told of only where it is a template that starts something. placed: with its
 * line, which costs a walk to it.
 */
enum pratique_status config_text(const struct doc *d, doc_id id, bool placed) MUST_CHECK;

/* Tells of an added token of a tokenizer, {"content": ...}, that is no word. */
void config_added_token(const struct doc *d, doc_id token) NONNULL;

/* "a.b", "a.b:C": identifiers and dots, one dot at least. */
bool config_is_dotted(struct span name);

/* Texts seen before: told once. Of scan_map(); past its room, or without memory, all are new. */
struct config_seen {
    struct scan *s;
    uint64_t *slots;
    size_t n;
};

void config_seen_free(struct config_seen *seen) NONNULL;
bool config_is_new(struct config_seen *seen, struct span text, uint64_t kind) NONNULL;

/*
 * What config_names tells of serialised objects (jsonpickle, LangChain) and hidden pickles alone;
 * each name once for all documents that share seen.
 */
enum pratique_status config_objects(const struct doc *d,
                                    struct config_seen *seen) NONNULL MUST_CHECK;

#endif
