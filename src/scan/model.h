/*
 * Models as a whole: of each file that was reported, what matters for the folder around it is kept
 * (names, sizes, formats, what it needs and says, its verdict: not its facts); when the path that
 * the user named is done, each outermost folder below it that is a model gets a report of its own.
 * model_loaders.def says which folders are models. Linear but for sorting names.
 */
#ifndef PRATIQUE_SCAN_MODEL_H
#define PRATIQUE_SCAN_MODEL_H

#include "scan/report.h"
#include "scan/task.h"

/* A file that another needs: its path as that one has it, and how far it is read (0: not told). */
struct model_need {
    struct span path, what;
    uint64_t end;
};

/* Tensors that an index gives to a shard. */
struct model_shard {
    struct span path, names;
    uint64_t tensors;
};

struct model_say {
    struct span key, value;
};

/* One file below the path that the user named. Texts are in the arena of struct model_set. */
struct model_file {
    struct span path;             /* below the root, printable */
    struct span format, detail;   /* of its outermost component */
    struct span link;             /* where a symbolic link leads; empty: it is none */
    struct span names;            /* SAFETENSORS_NAMES; empty: none */
    struct span by_name, by_size; /* sketches of its tensors; empty: not told */
    uint64_t size, tensors, tensor_bytes, index_bytes;
    enum pratique_verdict verdict;
    const struct pratique_finding *gravest; /* copied; NULL: none */
    const char *sha256;                     /* hex digits, or "" */
    bool pickle;                            /* there is one in it */
    struct model_need *needs;
    struct model_shard *shards;
    struct model_say *says;
    struct span *codes; /* modules beside it */
    size_t needs_n, shards_n, says_n, codes_n;
    /* Found when the models are: */
    const char *role;
    const struct model_file *twin; /* the safetensors file that is opened in its place */
};

struct model_folder {
    struct span path; /* below the root, "" or with a slash at its end */
    const char *kind; /* "transformers" */
    size_t from, to;  /* of the files */
};

struct model_set {
    struct arena arena;
    size_t root;               /* that they were found at */
    char *given;               /* owned; the path of it, with a slash at its end */
    struct model_file **files; /* owned */
    size_t n, size;
    bool full;                    /* some were not kept */
    struct model_folder *folders; /* in the arena */
    size_t folders_n;
};

void model_set_init(struct model_set *m) NONNULL;
void model_set_free(struct model_set *m) NONNULL;

/* Keeps what matters of a file that is reported; given is the path that the user named. */
void model_set_note(struct model_set *m, const struct task *t, const struct pratique_report *rep,
                    const char *given) NONNULL;

/* Finds the folders that are models, and what their files are for. */
void model_set_find(struct model_set *m) NONNULL;

/* The report on a folder as a task that is done: facts, format, size. NULL without memory. */
struct task *model_set_task(const struct model_set *m,
                            const struct model_folder *folder) NONNULL MUST_CHECK;

/* ---- among model*.c ---- */

/* Past that many the rest of the files, or of what a file says, is not kept. */
#define MODEL_FILES_MAX 200000
#define MODEL_LIST_MAX  4096

/* The first of the files, sorted by path, whose path is path or comes behind it. */
size_t model_set_at(const struct model_set *m, struct span path) NONNULL;
/* What the names of a folder's files say of it: bit i, that one fits the first, or the second, name
 * of row i of model_loaders.def. Start with zeroes. */
struct model_marks {
    uint64_t a, b;
};
void model_mark(struct model_marks *marks, struct span name) NONNULL;
/* The kind of model that a folder with these names is; NULL: none. */
const char *model_marked(const struct model_marks *marks) NONNULL;
/* Whether a file of that path holds what people or tokenizers read: documentation, licenses, words.
 */
bool model_is_prose(struct span path);
/* The file of that path, or NULL. */
struct model_file *model_set_file(const struct model_set *m, struct span path) NONNULL;
/* Whether anything lies below that folder (a slash at its end). */
bool models_has_folder(const struct model_set *m, struct span path) NONNULL;
/* The folder of a path, its slash included, or ""; and the name behind it. */
struct span model_folder_of(struct span path);
struct span model_base(struct span path);
/* Whether a base name fits a pattern with '*'s. */
bool model_name_fits(const char *pattern, struct span name) NONNULL;
/* The path of a file that one in from names so; "./" and doubled slashes are taken out. Empty
 * without memory. */
struct span model_resolve(struct arena *a, struct span from, struct span path) NONNULL;
/* "x-00002-of-00005.gguf": the stem up to the number, the ending behind the count; false: none. */
struct model_part {
    struct span stem, ending;
    uint32_t number, of;
};
bool model_part(struct span path, struct model_part *out) NONNULL;

/* Gives every file of a folder its role. */
void model_roles(struct model_set *m, const struct model_folder *folder) NONNULL;
/* Whether it is named as the weights of some family are. */
bool model_is_family(const struct model_file *f) NONNULL;
/* What runs the file of that path in the folder by its name alone; NULL: nothing. */
const char *model_entry(const struct model_folder *folder, struct span path) NONNULL;
/* Whether a loader leaves that file. */
bool model_is_unused(const struct model_file *f) NONNULL;

/* How a pickle, with the shards of its set, differs from the safetensors in its place. */
struct model_twins {
    const char *how; /* "tensors of other names" */
    uint64_t bytes, twin_bytes;
    size_t seen; /* files that were looked at for it */
};
/* Of f, which has a twin; false: they do not, or it is not known. */
bool model_twins_differ(const struct model_set *m, const struct model_file *f,
                        struct model_twins *out) NONNULL;

/* Adds what is to be told of the folder as facts of t, whose where is root. */
void model_checks(const struct model_set *m, const struct model_folder *folder, struct task *t,
                  const struct where *root) NONNULL;

#endif
