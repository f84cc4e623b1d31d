/*
 * What an archive is, told from the names of its members; see layout.h.
 *
 * torch zip: torch.save and torch.jit.save as caffe2/serialize writes them, one
 * folder with data.pkl, version, data/<key>; torch.package; torch.export's
 * .pt2; npz; wheel (PyPA binary distribution format); sdist; egg; skops; Keras
 * v3. A name proves nothing about content: a layout may only spare what its
 * loader reads as raw numbers, and only under the exact name the loader forms.
 */
#include "format/layout.h"

#include "format/keras/keras.h"
#include "format/package/package.h"
#include "format/pickle/pickle.h"
#include "format/python/python.h"
#include "format/torch/torch.h"

/* Cuts name at its first '/'. False when there is none, or nothing before it. */
static bool split(struct span name, struct span *first, struct span *rest)
{
    size_t at = span_find(name, 0, SPAN_LITERAL("/"));

    *first = SPAN_EMPTY;
    *rest = span_from(name, at == SIZE_MAX ? name.n : at + 1);
    return at != SIZE_MAX && take(&name, at, first) && first->n > 0;
}

static bool has_slash(struct span name)
{
    return span_find(name, 0, SPAN_LITERAL("/")) != SIZE_MAX;
}

static bool is_digits(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 20;
}

/* Whether name is folder (with its '/'), then digits, then tail, and nothing else. */
static bool is_numbered(struct span name, struct span folder, struct span tail)
{
    struct span key;

    if (!span_starts(name, folder) || !span_ends(name, tail) || name.n < folder.n + tail.n)
        return false;
    return span_sub(name, folder.n, name.n - folder.n - tail.n, &key) && is_digits(key);
}

static bool any_member(const struct archive *a, bool (*test)(struct span name))
{
    for (size_t i = 0; i < a->n; i++)
        if (test(a->members[i].name))
            return true;
    return false;
}

static bool has_member(const struct archive *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (span_is(a->members[i].name, name))
            return true;
    return false;
}

/* Every member lies in one folder, the same for all. Torch's readers know only the first's. */
static bool one_root(const struct archive *a)
{
    struct span root = SPAN_EMPTY, first, rest;

    for (size_t i = 0; i < a->n; i++) {
        if (!split(a->members[i].name, &first, &rest))
            return false;
        if (i > 0 && !span_equal(first, root))
            return false;
        root = first;
    }
    return a->n > 0;
}

/*
 * torch.save, torch.jit.save: <root>/data.pkl and what is always written beside it;
 * model.json was torch 1.0's.
 */
static bool is_torch(const struct archive *a)
{
    bool pickle = false, beside = false;

    for (size_t i = 0; i < a->n; i++) {
        struct span root, rest;

        if (!split(a->members[i].name, &root, &rest))
            continue;
        pickle |= span_is(rest, "data.pkl") || span_is(rest, "model.json");
        beside |= span_is(rest, "version") || span_is(rest, ".format_version") ||
                  span_is(rest, "byteorder") || span_starts(rest, SPAN_LITERAL("data/"));
    }
    return pickle && beside;
}

static bool is_torch_one_root(const struct archive *a)
{
    return is_torch(a) && one_root(a);
}

static bool is_torch_storage(struct span rest)
{
    static const struct span folders[] = {
        { (const uint8_t *)"data/", 5 },
        { (const uint8_t *)"constants/", 10 },
        { (const uint8_t *)"tensors/", 8 },
        { (const uint8_t *)"traced_inputs/", 14 },
    };

    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (is_numbered(rest, folders[i], SPAN_EMPTY))
            return true;
    return false;
}

static bool is_torch_text(struct span rest)
{
    static const char *const names[] = { "version",
                                         "byteorder",
                                         ".format_version",
                                         ".storage_alignment",
                                         ".data/serialization_id",
                                         ".data/version",
                                         ".data/python_version",
                                         ".data/extern_modules",
                                         "archive_format",
                                         "archive_version" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(rest, names[i]))
            return true;
    return false;
}

/* Where two folders lie side by side, one loader's storage may be another's program. */
static enum role torch_roots_role(const struct archive *a, const struct member *m)
{
    struct span root, rest;

    (void)a;
    if (!split(m->name, &root, &rest))
        return ROLE_ANY;
    if (is_torch_text(rest))
        return ROLE_TEXT;
    if (span_starts(rest, SPAN_LITERAL("code/")) && span_ends(rest, SPAN_LITERAL(".py")))
        return ROLE_TORCHSCRIPT;
    if (span_starts(rest, SPAN_LITERAL("code/")) && span_ends(rest, SPAN_LITERAL(".debug_pkl")))
        return ROLE_TORCH_PICKLE;
    if (span_is(rest, "bytecode.pkl"))
        return ROLE_TORCH_BYTECODE;
    if (!has_slash(rest) && span_ends(rest, SPAN_LITERAL(".pkl")))
        return ROLE_TORCH_PICKLE;
    return ROLE_ANY;
}

static enum role torch_role(const struct archive *a, const struct member *m)
{
    struct span root, rest;

    if (split(m->name, &root, &rest) && is_torch_storage(rest))
        return ROLE_TENSOR;
    return torch_roots_role(a, m);
}

/* torch.jit.save: a torch zip with constants.pkl, which torch's own unpickler reads. */
static bool names_constants(struct span name)
{
    struct span root, rest;

    return split(name, &root, &rest) && span_is(rest, "constants.pkl");
}

static bool is_torchscript(const struct archive *a)
{
    return any_member(a, names_constants) && is_torch_one_root(a);
}

static enum role torchscript_role(const struct archive *a, const struct member *m)
{
    enum role role = torch_role(a, m);

    return role == ROLE_TORCH_PICKLE ? ROLE_TORCHSCRIPT_PICKLE : role;
}

/* torch.package: <root>/.data/extern_modules; its pickles name its own sources. */
static bool names_extern_modules(struct span name)
{
    struct span root, rest;

    return split(name, &root, &rest) && span_is(rest, ".data/extern_modules");
}

static bool is_torch_package(const struct archive *a)
{
    return any_member(a, names_extern_modules);
}

static bool is_torch_package_one_root(const struct archive *a)
{
    return is_torch_package(a) && one_root(a);
}

static enum role torch_package_role(const struct archive *a, const struct member *m)
{
    struct span root, rest;

    (void)a;
    if (!split(m->name, &root, &rest))
        return ROLE_ANY;
    if (is_numbered(rest, SPAN_LITERAL(".data/"), SPAN_LITERAL(".storage")))
        return ROLE_TENSOR;
    if (is_torch_text(rest))
        return ROLE_TEXT;
    return span_ends(rest, SPAN_LITERAL(".pkl")) ? ROLE_TORCH_PICKLE : ROLE_ANY;
}

/* torch.export: <root>/archive_format and models/<name>.json, or the flat form before 2.8. */
static bool names_export(struct span name)
{
    struct span root, rest;

    if (span_is(name, "serialized_exported_program.json"))
        return true;
    return split(name, &root, &rest) &&
           (span_is(rest, "archive_format") ||
            (span_starts(rest, SPAN_LITERAL("models/")) && span_ends(rest, SPAN_LITERAL(".json"))));
}

static bool is_torch_export(const struct archive *a)
{
    return any_member(a, names_export);
}

/* The archive's JSON may say that a weight is a pickle: spare none that could be read as one. */
static bool is_raw_weight(const struct member *m)
{
    return m->stored && !span_starts(m->raw, SPAN_LITERAL("PK")) && !pickle_looks_like(m->raw);
}

static bool is_export_json(struct span rest)
{
    return (span_starts(rest, SPAN_LITERAL("models/")) && span_ends(rest, SPAN_LITERAL(".json"))) ||
           (span_starts(rest, SPAN_LITERAL("data/")) &&
            span_ends(rest, SPAN_LITERAL("_config.json")));
}

static enum role torch_export_role(const struct archive *a, const struct member *m)
{
    struct span root, rest;

    (void)a;
    if (span_is(m->name, "serialized_exported_program.json"))
        return ROLE_TORCH_EXPORT;
    if (!split(m->name, &root, &rest))
        return ROLE_ANY;
    if (is_torch_text(rest))
        return ROLE_TEXT;
    if (is_export_json(rest))
        return ROLE_TORCH_EXPORT;
    if ((is_numbered(rest, SPAN_LITERAL("data/weights/weight_"), SPAN_EMPTY) ||
         is_numbered(rest, SPAN_LITERAL("data/constants/tensor_"), SPAN_EMPTY)) &&
        is_raw_weight(m))
        return ROLE_TENSOR;
    return ROLE_ANY;
}

/* torch before 0.1.10: a tar of `pickle`, `storages`, `tensors` and `sys_info`. */
static bool is_torch_tar(const struct archive *a)
{
    return span_is(span_text(a->kind), "tar") && has_member(a, "pickle") &&
           (has_member(a, "storages") || has_member(a, "tensors"));
}

static enum role torch_tar_role(const struct archive *a, const struct member *m)
{
    (void)a;
    return span_is(m->name, "storages") || span_is(m->name, "tensors") || span_is(m->name, "pickle")
               ? ROLE_TORCH_TAR
               : ROLE_ANY;
}

static bool is_npz(const struct archive *a)
{
    for (size_t i = 0; i < a->n; i++)
        if (!span_ends(a->members[i].name, SPAN_LITERAL(".npy")))
            return false;
    return a->n > 0;
}

static bool is_skops(const struct archive *a)
{
    return has_member(a, "schema.json");
}

/* Keras opens config.json at the top and builds what it names; the rest may be missing. */
static bool names_keras_part(struct span name)
{
    return span_is(name, "metadata.json") || span_starts(name, SPAN_LITERAL("model.weights."));
}

static bool is_keras(const struct archive *a)
{
    return has_member(a, "config.json") && any_member(a, names_keras_part);
}

static enum role keras_role(const struct archive *a, const struct member *m)
{
    (void)a;
    return span_is(m->name, "config.json") || span_is(m->name, "metadata.json") ? ROLE_KERAS_CONFIG
                                                                                : ROLE_ANY;
}

/* WHEEL is what says so; without it the rest still describes one, or what was made of one. */
static bool names_wheel(struct span name)
{
    struct span first, rest;

    return split(name, &first, &rest) && span_ends(first, SPAN_LITERAL(".dist-info")) &&
           (span_is(rest, "WHEEL") || span_is(rest, "METADATA") || span_is(rest, "RECORD"));
}

static bool is_wheel(const struct archive *a)
{
    return any_member(a, names_wheel);
}

static bool names_pkg_info(struct span name)
{
    struct span first, rest;

    return split(name, &first, &rest) && span_is(rest, "PKG-INFO");
}

static bool is_sdist(const struct archive *a)
{
    return any_member(a, names_pkg_info) && !has_member(a, "EGG-INFO/PKG-INFO");
}

static bool is_egg(const struct archive *a)
{
    return has_member(a, "EGG-INFO/PKG-INFO");
}

static bool is_jar(const struct archive *a)
{
    return has_member(a, "META-INF/MANIFEST.MF");
}

static bool is_apk(const struct archive *a)
{
    return has_member(a, "AndroidManifest.xml");
}

static bool is_office(const struct archive *a)
{
    return has_member(a, "[Content_Types].xml");
}

static const char package_unread[] =
    "a torch package: the names in its pickles are resolved in the Python sources it carries";

/* What torch-model-archiver writes. Its manifest is read as the document that it is. */
static bool is_torchserve(const struct archive *a)
{
    return has_member(a, "MAR-INF/MANIFEST.json");
}

/* NeMo's: a configuration beside weights, with "./" before the names or not. */
static bool is_nemo(const struct archive *a)
{
    return (has_member(a, "model_config.yaml") || has_member(a, "./model_config.yaml")) &&
           (has_member(a, "model_weights.ckpt") || has_member(a, "./model_weights.ckpt"));
}

static const struct layout layouts[] = {
    { "torchscript", is_torchscript, torchscript_role, NULL },
    { "torch", is_torch_one_root, torch_role, NULL },
    { "torch, several folders", is_torch, torch_roots_role, NULL },
    { "torch export", is_torch_export, torch_export_role, NULL },
    { "torch package", is_torch_package_one_root, torch_package_role, NULL },
    { "torch package", is_torch_package, NULL, package_unread },
    { "torch tar", is_torch_tar, torch_tar_role, NULL },
    { "keras", is_keras, keras_role, NULL },
    { "npz", is_npz, NULL, NULL },
    { "skops", is_skops, NULL, NULL },
    { "torchserve", is_torchserve, NULL, NULL },
    { "nemo", is_nemo, NULL, NULL },
    { "wheel", is_wheel, NULL, NULL },
    { "egg", is_egg, NULL, NULL },
    { "sdist", is_sdist, NULL, NULL },
    { "apk", is_apk, NULL, NULL },
    { "jar", is_jar, NULL, NULL },
    { "office", is_office, NULL, NULL },
};

const struct layout *layout_of(const struct archive *a)
{
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (layouts[i].matches(a))
            return &layouts[i];
    return NULL;
}

bool layout_fits(const struct archive *a, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (strcmp(layouts[i].name, name) == 0 && layouts[i].matches(a))
            return true;
    return false;
}

static bool is_package(const char *name)
{
    return strcmp(name, "wheel") == 0 || strcmp(name, "sdist") == 0 || strcmp(name, "egg") == 0;
}

const char *layout_name(const struct archive *a, const struct layout *layout)
{
    if (!layout || is_package(layout->name))
        return layout ? layout->name : NULL;
    return is_wheel(a) || is_sdist(a) ? "a package, and something else" : layout->name;
}

void layout_report(struct scan *s, const struct archive *a)
{
    for (size_t i = 0; s->own_modules && i < a->n; i++)
        python_own_module(s->own_modules, a->members[i].name);
    package_begin(s, a);
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (layouts[i].unread && layouts[i].matches(a))
            scan_fact(s, FACT_MODEL_UNREAD, PRATIQUE_NO_OFFSET, span_text(layouts[i].name),
                      span_text(layouts[i].unread));
}

const struct format *layout_format_of_role(enum role role)
{
    switch (role) {
    case ROLE_TORCHSCRIPT:
        return &format_torchscript;
    case ROLE_TORCHSCRIPT_PICKLE:
        return &format_torchscript_pickle;
    case ROLE_TORCH_BYTECODE:
        return &format_torch_bytecode;
    case ROLE_TORCH_TAR:
        return &format_torch_tar;
    case ROLE_TORCH_EXPORT:
        return &format_torch_export;
    case ROLE_KERAS_CONFIG:
        return &format_keras_config;
    case ROLE_ANY:
    case ROLE_TENSOR:
    case ROLE_TORCH_PICKLE:
    case ROLE_JOBLIB_PICKLE:
    case ROLE_TEXT:
        break;
    }
    return NULL;
}
