/*
 * The side files of Hugging Face models: what they say of the model, which files and classes they
 * ask for. Names under auto_map and the like, and templates, are told by names.c.
 *
 * Spec: huggingface.co/docs/transformers (configuration, tokenizer, processor),
 * huggingface.co/docs/diffusers (model_index.json), huggingface.co/docs/peft (adapter_config.json),
 * sbert.net (modules.json), huggingface.co/docs/safetensors (index of shards).
 */
#include "base/compiler.h"
#include "format/config/config.h"
#include "format/path.h"

/* Roots with more members are lists of words, no configurations. */
#define MEMBERS_MAX 4000

static bool is_small_object(const struct doc *d)
{
    return doc_kind(d, 0) == DOC_OBJECT && doc_count(d, 0) <= MEMBERS_MAX;
}

static bool has(const struct doc *d, const char *key)
{
    return doc_get(d, 0, key) != DOC_NONE;
}

static void say(const struct doc *d, const char *what, const char *key)
{
    model_says(d->s, what, doc_get_text(d, 0, key));
}

/* ---- config.json, tokenizer_config.json, adapter_config.json, ... ---- */

static bool hub_matches(const struct doc *d)
{
    static const char *const keys[] = { "model_type",
                                        "architectures",
                                        "auto_map",
                                        "transformers_version",
                                        "tokenizer_class",
                                        "processor_class",
                                        "peft_type",
                                        "base_model_name_or_path",
                                        "chat_template",
                                        "_diffusers_version",
                                        "image_processor_type",
                                        "feature_extractor_type" };

    if (!is_small_object(d))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (has(d, keys[i]))
            return true;
    return false;
}

static void tell_architectures(const struct doc *d)
{
    doc_id list = doc_get(d, 0, "architectures");
    unsigned n = 0;

    for (doc_id id = doc_first(d, list); id != DOC_NONE && n < 16; id = doc_next(d, id), n++)
        model_says(d->s, "architecture", doc_text(d, id));
}

/* Where an adapter is from: a name of the hub is ordinary, an address or a way out is not. */
static void tell_base_model(const struct doc *d)
{
    doc_id id = doc_get(d, 0, "base_model_name_or_path");
    struct span name = doc_get_text(d, 0, "base_model_name_or_path");

    model_says(d->s, "base model", name);
    if (model_path_flags(name))
        doc_fact(d, FACT_CONFIG_BASE_ELSEWHERE, id, name, SPAN_LITERAL("base_model_name_or_path"));
}

/* {"32000": {"content": "<|im_end|>", ...}, ...} */
static void tell_added_tokens(const struct doc *d)
{
    doc_id list = doc_get(d, 0, "added_tokens_decoder");

    for (doc_id id = doc_first(d, list); id != DOC_NONE; id = doc_next(d, id))
        if (doc_kind(d, id) == DOC_OBJECT && doc_count(d, id) <= 64)
            config_added_token(d, id);
}

/* Python that starts something, where a name or a number belongs. */
static bool is_program(struct span text)
{
    static const char *const signs[] = { "__import__(",   "os.system(",    "os.popen(",
                                         "subprocess.",   "exec(compile",  "eval(compile",
                                         "builtins.exec", "builtins.eval", "exec(base64",
                                         "pickle.loads(", "marshal.loads(" };

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (span_find(text, 0, span_text(signs[i])) != SIZE_MAX)
            return true;
    return false;
}

/* Templates are read as what they are; every other text of a configuration is a name. */
static void tell_programs(const struct doc *d)
{
    uint8_t buf[DOC_NAME_MAX];
    unsigned told = 0;

    for (doc_id id = 0; id != DOC_NONE && told < 16; id = doc_walk(d, id)) {
        struct span key = doc_name(d, id, buf);

        if (doc_kind(d, id) != DOC_STRING || span_is(key, "chat_template") ||
            span_is(key, "template") || !is_program(doc_text(d, id)))
            continue;
        doc_fact(d, FACT_CONFIG_EVALUATED, id, SPAN_LITERAL("a program"), doc_text(d, id));
        told++;
    }
}

static enum pratique_status hub_tell(const struct doc *d)
{
    say(d, "type", "model_type");
    say(d, "type", "peft_type");
    say(d, "library", "_diffusers_version");
    say(d, "version", "transformers_version");
    say(d, "quantization", "torch_dtype");
    tell_architectures(d);
    tell_base_model(d);
    tell_added_tokens(d);
    tell_programs(d);
    return PRATIQUE_OK;
}

const struct doc_reader config_hub = { "huggingface config", hub_matches, hub_tell };

/* ---- model_index.json ---- */

/* The configurations of its parts have a class as well, and lists of two names that are no pairs.
 */
static bool pipeline_matches(const struct doc *d)
{
    struct span name = doc_get_text(d, 0, "_class_name");

    return has(d, "_class_name") && (span_is(path_base(d->s->name), "model_index.json") ||
                                     span_find(name, 0, SPAN_LITERAL("Pipeline")) != SIZE_MAX ||
                                     doc_kind(d, doc_get(d, 0, "_class_name")) == DOC_ARRAY);
}

/* What a part may be of: a package, or a module of diffusers.pipelines. */
static bool is_known_library(struct span name)
{
    static const char *const names[] = {
        "diffusers",
        "transformers",
        "onnxruntime",
        "optimum",
        "peft",
        "sentencepiece",
        "flax",
        "k_diffusion",
        "jax",
        /* diffusers.pipelines */
        "stable_diffusion",
        "stable_diffusion_safe",
        "stable_diffusion_xl",
        "stable_diffusion_3",
        "alt_diffusion",
        "versatile_diffusion",
        "latent_diffusion",
        "paint_by_example",
        "deepfloyd_if",
        "unidiffuser",
        "unclip",
        "kandinsky",
        "kandinsky2_2",
        "kandinsky3",
        "wuerstchen",
        "stable_cascade",
        "audioldm",
        "audioldm2",
        "musicldm",
        "spectrogram_diffusion",
        "shap_e",
        "blip_diffusion",
        "controlnet",
        "animatediff",
        "text_to_video_synthesis",
        "pixart_alpha",
        "stable_audio",
        "flux",
        "ltx",
        "hunyuan_video",
        "cogvideo",
        "consistency_models",
        "dit",
        "repaint",
        "ddpm",
        "ddim",
        "pndm",
        "score_sde_ve",
        "stochastic_karras_ve",
        "vq_diffusion",
        "audio_diffusion",
        "semantic_stable_diffusion",
        "stable_diffusion_k_diffusion",
        "stable_video_diffusion",
        "lumina",
        "sana",
        "mochi",
        "allegro",
        "hunyuandit",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* "module" and "Class" of a pair, with a dot between. */
static struct span joined(const struct doc *d, struct span module, struct span name)
{
    char *text = arena_printf(d->s->arena, "%.*s.%.*s", (int)(module.n < 200 ? module.n : 200),
                              (const char *)module.p, (int)(name.n < 200 ? name.n : 200),
                              (const char *)name.p);

    return text ? span_text(text) : SPAN_EMPTY;
}

/* [library, class]: the library is imported, unless it is a file beside the pipeline. */
static void tell_part(const struct doc *d, doc_id id)
{
    doc_id library = doc_first(d, id), name = doc_next(d, library);

    if (doc_count(d, id) != 2 || doc_kind(d, library) != DOC_STRING ||
        doc_kind(d, name) != DOC_STRING || is_known_library(doc_text(d, library)))
        return;
    config_code(d, id, joined(d, doc_text(d, library), doc_text(d, name)), "model_index.json",
                MC_CALLS);
    config_code(d, id, joined(d, doc_text(d, library), doc_text(d, name)), "model_index.json",
                MC_BESIDE | MC_ASKED);
}

/* ["module", "Class"]: the pipeline itself is a module beside. */
static void tell_own_pipeline(const struct doc *d)
{
    doc_id pair = doc_get(d, 0, "_class_name"), module = doc_first(d, pair);

    if (doc_kind(d, module) == DOC_STRING)
        config_code(d, pair, joined(d, doc_text(d, module), doc_text(d, doc_next(d, module))),
                    "_class_name", MC_BESIDE | MC_ASKED);
}

static enum pratique_status pipeline_tell(const struct doc *d)
{
    uint8_t buf[DOC_NAME_MAX];

    tell_own_pipeline(d);
    for (doc_id id = doc_first(d, 0); id != DOC_NONE; id = doc_next(d, id))
        if (doc_kind(d, id) == DOC_ARRAY && !span_is(doc_name(d, id, buf), "_class_name"))
            tell_part(d, id);
    say(d, "architecture", "_class_name");
    return PRATIQUE_OK;
}

const struct doc_reader config_pipeline = { "diffusers pipeline", pipeline_matches, pipeline_tell };

/* ---- modules.json of sentence-transformers ---- */

static bool modules_matches(const struct doc *d)
{
    doc_id first = doc_first(d, 0);

    return doc_kind(d, 0) == DOC_ARRAY && doc_kind(d, first) == DOC_OBJECT &&
           doc_count(d, first) <= 16 && doc_get(d, first, "type") != DOC_NONE &&
           doc_get(d, first, "path") != DOC_NONE;
}

static enum pratique_status modules_tell(const struct doc *d)
{
    for (doc_id id = doc_first(d, 0); id != DOC_NONE; id = doc_next(d, id)) {
        doc_id type = doc_get(d, id, "type");
        struct span path = doc_get_text(d, id, "path");

        if (doc_kind(d, type) == DOC_STRING)
            config_code(d, type, doc_text(d, type), "modules.json", MC_CALLS);
        if (path.n > 0 && model_path_flags(path))
            model_path(d->s, doc_where(d, id), path, "a module's folder");
    }
    return PRATIQUE_OK;
}

const struct doc_reader config_modules = { "sentence-transformers modules", modules_matches,
                                           modules_tell };
