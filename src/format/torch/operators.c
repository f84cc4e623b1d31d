/*
 * Namespaces as torch 1.0 to 2.15 and torchvision register them. The list of
 * what reaches outside was made from the schemas of every registered operator
 * (torch._C._jit_get_all_schemas) whose arguments name a file or a worker, and
 * from the sources of torchvision, torchaudio and the video reader.
 */
#include "format/torch/operators.h"

#include "base/compiler.h"

static bool is_one_of(struct span s, const char *const *list)
{
    for (; *list; list++)
        if (span_is(s, *list))
            return true;
    return false;
}

static const struct {
    const char *ns, *name;
} outside[] = {
    { "aten", "save" },
    { "aten", "from_file" },
    { "prim", "rpc_async" },
    { "prim", "rpc_remote" },
    { "prim", "rpc_sync" },
    { "debugprims", "load_tensor" },
    { "image", "read_file" },
    { "image", "write_file" },
    { "video_reader", "read_video_from_file" },
    { "video_reader", "probe_video_from_file" },
    { "torchaudio", "sox_io_get_info" },
    { "torchaudio", "sox_io_load_audio_file" },
    { "torchaudio", "sox_io_save_audio_file" },
    { "torchaudio", "sox_effects_apply_effects_file" },
    { "torchaudio", "ffmpeg_load_audio_file" },
};

enum operator_kind operator_look_up(struct span ns, struct span name)
{
    static const char *const own[] = {
        "_quantized",     "_test",
        "aten",           "cuda",
        "inductor",       "metal",
        "metal_prepack",  "mkl",
        "mkldnn",         "mkldnn_prepacked",
        "onednn",         "onnx",
        "prepacked",      "prim",
        "prims",          "profiler",
        "quantization",   "quantized",
        "sparse",         "static_runtime",
        "torchvision",    "vulkan",
        "vulkan_prepack", "vulkan_quantized",
        "xnnpack",        NULL,
    };

    for (size_t i = 0; i < ARRAY_LEN(outside); i++)
        if (span_is(ns, outside[i].ns) && span_is(name, outside[i].name))
            return OPERATOR_FILE;
    return is_one_of(ns, own) ? OPERATOR_PLAIN : OPERATOR_OTHER;
}

enum operator_kind operator_class_look_up(struct span ns, struct span name)
{
    static const char *const own[] = { "cuda",     "metal",     "mkldnn", "onednn",
                                       "profiler", "quantized", "rnn",    "sparse",
                                       "vulkan",   "xnnpack",   NULL };

    if (span_is(ns, "torchvision") && span_is(name, "Video"))
        return OPERATOR_FILE;
    return is_one_of(ns, own) ? OPERATOR_PLAIN : OPERATOR_OTHER;
}
