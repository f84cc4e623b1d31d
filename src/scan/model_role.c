/* What each file of a model is for, and which a loader opens. See model_loaders.def. */
#include <ctype.h>
#include <string.h>

#include "base/compiler.h"
#include "rules/policies.h"
#include "scan/model.h"

#define ROLE_LOADED  "weights, loaded"
#define ROLE_TWIN    "weights, not loaded (safetensors twin)"
#define ROLE_BEHIND  "weights, not loaded"
#define ROLE_VARIANT "weights, not loaded (variant)"
#define ROLE_SHARD   "shard"

enum family { NO_FAMILY, TRANSFORMERS, DIFFUSERS, PEFT, OPEN_CLIP, LORA, SAVED_MODEL, FAMILIES };

static const struct weights {
    enum family family;
    unsigned rank;
    const char *pattern;
} weights[] = {
#define WEIGHTS(family, rank, pattern) { family, rank, pattern },
#include "scan/model_loaders.def"
#undef WEIGHTS
};

static const struct {
    const char *role, *pattern;
} roles[] = {
#define ROLE(role, pattern) { role, pattern },
#include "scan/model_loaders.def"
#undef ROLE
};

static const struct {
    const char *kind, *pattern, *by;
} entries[] = {
#define ENTRY(kind, pattern, by) { kind, pattern, by },
#include "scan/model_loaders.def"
#undef ENTRY
};

static const char *const by_family[] = {
#define BY_FAMILY(kind) kind,
#include "scan/model_loaders.def"
#undef BY_FAMILY
};

/* In one folder: of each family, the lowest rank that is there, and the safetensors file of it. */
struct best {
    unsigned rank[FAMILIES];
    const struct model_file *safetensors[FAMILIES];
};

static const struct weights *weights_of(struct span base)
{
    for (size_t i = 0; i < ARRAY_LEN(weights); i++)
        if (model_name_fits(weights[i].pattern, base))
            return &weights[i];
    return NULL;
}

bool model_is_family(const struct model_file *f)
{
    return weights_of(model_base(f->path)) != NULL;
}

static bool is_safetensors(struct span path)
{
    return span_ends(path, SPAN_LITERAL(".safetensors")) ||
           model_name_fits("*.safetensors.index*.json", path);
}

static void look_for_best(struct best *best, const struct model_file *f)
{
    const struct weights *w = weights_of(model_base(f->path));
    const struct model_file *twin;

    if (!w)
        return;
    if (best->rank[w->family] == 0 || w->rank < best->rank[w->family])
        best->rank[w->family] = w->rank;
    twin = best->safetensors[w->family];
    if (is_safetensors(f->path) && (!twin || w->rank < weights_of(model_base(twin->path))->rank))
        best->safetensors[w->family] = f;
}

static bool has_ending(struct span path, const char *ending)
{
    return span_ends(path, span_text(ending));
}

/* Where the ending of a name starts; its length when it has none. */
static size_t stem_n(struct span path)
{
    const uint8_t *dot = memrchr(path.p, '.', path.n);

    return dot ? (size_t)(dot - path.p) : path.n;
}

/* "x.safetensors" for "x.ckpt": whatever opens such a pair takes the first where it can. */
static const struct model_file *find_twin(struct model_set *m, const struct model_file *f)
{
    static const char *const endings[] = { ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle" };
    bool may = false;
    char *path;

    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        may |= has_ending(f->path, endings[i]);
    if (!may || !f->pickle)
        return NULL;
    path =
        arena_printf(&m->arena, "%.*s.safetensors", (int)stem_n(f->path), (const char *)f->path.p);
    return path ? model_set_file(m, span_text(path)) : NULL;
}

/* NULL: by none of the rows. */
static const char *role_of_name(struct span base)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (model_name_fits(roles[i].pattern, base))
            return roles[i].role;
    return NULL;
}

bool model_is_prose(struct span path)
{
    const char *role = role_of_name(model_base(path));

    return role && (strcmp(role, "documentation") == 0 || strcmp(role, "license") == 0 ||
                    strcmp(role, "tokenizer") == 0);
}

static const char *role_by_name(const struct model_file *f)
{
    const char *role = role_of_name(model_base(f->path));

    if (role)
        return role;
    if (f->format.n && policy_for_format((const char *)f->format.p) == POLICY_BIT(MODEL))
        return ROLE_LOADED;
    return "other";
}

static const char *role_of_weights(struct model_file *f, const struct weights *w,
                                   const struct best *best)
{
    bool index = model_name_fits("*.index*.json", f->path);
    struct model_part part;

    if (w->rank == best->rank[w->family]) {
        if (index)
            return "index";
        return model_part(f->path, &part) ? ROLE_SHARD : ROLE_LOADED;
    }
    if (index)
        return "index";
    if (best->safetensors[w->family] && !is_safetensors(f->path)) {
        f->twin = f->pickle ? best->safetensors[w->family] : NULL;
        return ROLE_TWIN;
    }
    return is_safetensors(f->path) ? ROLE_VARIANT : ROLE_BEHIND;
}

/* Weights that the loader of such a folder never opens by itself: of no family, or, where a model
 * is one folder, in a folder within. */
static bool is_aside(const struct model_folder *folder, const struct model_file *f,
                     const struct weights *w)
{
    bool within = model_folder_of(f->path).n > folder->path.n;

    for (size_t i = 0; i < ARRAY_LEN(by_family); i++)
        if (strcmp(folder->kind, by_family[i]) == 0)
            return !w || (within && strcmp(folder->kind, "diffusers") != 0);
    return false;
}

static void give_role(struct model_set *m, const struct model_folder *folder, struct model_file *f,
                      const struct best *best)
{
    const struct weights *w = weights_of(model_base(f->path));
    struct model_part part;

    f->role = w ? role_of_weights(f, w, best) : role_by_name(f);
    if ((strcmp(f->role, ROLE_LOADED) == 0 || strcmp(f->role, ROLE_SHARD) == 0) &&
        is_aside(folder, f, w))
        f->role = ROLE_BEHIND;
    if (w)
        return;
    f->twin = find_twin(m, f);
    if (f->twin)
        f->role = ROLE_TWIN;
    else if (strcmp(f->role, ROLE_LOADED) == 0 && model_part(f->path, &part))
        f->role = ROLE_SHARD;
}

/* Files of one folder do not lie together: those of the folders in it come between. */
static void roles_in(struct model_set *m, const struct model_folder *folder, size_t first)
{
    struct span in = model_folder_of(m->files[first]->path);
    struct best best = { 0 };

    for (size_t i = first; i < folder->to && span_starts(m->files[i]->path, in); i++)
        if (span_equal(model_folder_of(m->files[i]->path), in))
            look_for_best(&best, m->files[i]);
    for (size_t i = first; i < folder->to && span_starts(m->files[i]->path, in); i++)
        if (span_equal(model_folder_of(m->files[i]->path), in))
            give_role(m, folder, m->files[i], &best);
}

/* What an index names is loaded, whatever its name. */
static void roles_by_index(struct model_set *m, const struct model_file *index)
{
    for (size_t i = 0; i < index->shards_n; i++) {
        struct span path =
            model_resolve(&m->arena, model_folder_of(index->path), index->shards[i].path);
        struct model_file *f = model_set_file(m, path);

        if (f && f->role && strcmp(f->role, ROLE_BEHIND) == 0 && !model_is_family(f))
            f->role = ROLE_SHARD;
    }
}

/* Each folder within is gone through once for each level above it: as deep as they are. */
void model_roles(struct model_set *m, const struct model_folder *folder)
{
    for (size_t i = folder->from; i < folder->to; i++)
        if (!m->files[i]->role)
            roles_in(m, folder, i);
    for (size_t i = folder->from; i < folder->to; i++)
        roles_by_index(m, m->files[i]);
}

const char *model_entry(const struct model_folder *folder, struct span path)
{
    for (size_t i = 0; i < ARRAY_LEN(entries); i++)
        if ((!entries[i].kind || strcmp(entries[i].kind, folder->kind) == 0) &&
            model_name_fits(entries[i].pattern, path))
            return entries[i].by;
    return NULL;
}

bool model_is_unused(const struct model_file *f)
{
    return strncmp(f->role, ROLE_BEHIND, strlen(ROLE_BEHIND)) == 0 ||
           strcmp(f->role, "training state") == 0;
}

/* "-00002-of-00005", the numbers of five digits. */
bool model_part(struct span path, struct model_part *out)
{
    static const size_t n = sizeof "-00001-of-00002" - 1;
    size_t end = path.n;

    while (end >= n) {
        const uint8_t *at = path.p + end - n;
        uint32_t number = 0, of = 0;
        bool is = at[0] == '-' && memcmp(at + 6, "-of-", 4) == 0;

        for (size_t i = 1; is && i <= 5; i++) {
            is = isdigit(at[i]) && isdigit(at[i + 9]);
            number = number * 10 + at[i] - '0';
            of = of * 10 + at[i + 9] - '0';
        }
        if (is && (end == path.n || path.p[end] == '.')) {
            *out =
                (struct model_part){ span_of(path.p, end - n), span_from(path, end), number, of };
            return true;
        }
        if (path.p[end - 1] == '/')
            return false;
        end--;
    }
    return false;
}
