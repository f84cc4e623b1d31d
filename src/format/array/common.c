/* See array.h. */
#include "format/array/array.h"

#include <strings.h>

#include "base/compiler.h"
#include "format/known/known.h"
#include "format/model/hidden.h"
#include "format/model/model.h"
#include "format/path.h"
#include "format/pickle/pickle.h"

/* The head of a MessagePack map whose first key is a text: models keep such maps in maps. */
static bool is_map(struct span in)
{
    uint8_t c, key;

    if (!take_u8(&in, &c) || !((c > 0x80 && c <= 0x8F) || c == 0xDE || c == 0xDF))
        return false;
    if (c >= 0xDE && !skip(&in, c == 0xDE ? 2 : 4))
        return false;
    return take_u8(&in, &key) && key > 0xA1 && key < 0xC0 && in.n > (key & 0x1Fu) &&
           (in.p[0] == '_' || (in.p[0] >= 'a' && in.p[0] <= 'z'));
}

static bool is_pickle(struct span in)
{
    if (in.n >= 3 && in.p[0] == 0x80 && in.p[1] >= 2 && in.p[1] <= 5)
        return pickle_looks_like(in);
    return in.n > 8 && memchr(in.p, '\n', in.n < 512 ? in.n : 512) && pickle_looks_like(in);
}

bool array_is_embedded(struct span bytes)
{
    return hidden_has_magic(bytes) || (bytes.n > 64 && known_program(bytes) != NULL) ||
           is_map(bytes) || is_pickle(bytes);
}

enum pratique_status array_embedded(struct scan *s, struct span bytes, struct span name)
{
    if (array_is_embedded(bytes))
        return scan_nested(s, bytes, name, ROLE_ANY);
    return model_encoded(s, bytes, name);
}

/* ---- programs that are named as models ---- */

void array_tell_program(struct scan *s, struct span what)
{
    static const char *const ends[] = {
        ".gguf",  ".ggml",  ".bin",     ".pt",        ".pth",        ".safetensors", ".onnx",
        ".h5",    ".hdf5",  ".keras",   ".pkl",       ".pickle",     ".ckpt",        ".msgpack",
        ".npy",   ".npz",   ".joblib",  ".tflite",    ".pb",         ".params",      ".mlmodel",
        ".ot",    ".ubj",   ".model",   ".pdparams",  ".caffemodel", ".cbm",         ".rds",
        ".rdata", ".rda",   ".pte",     ".ptl",       ".engine",     ".ftz",         ".vec",
        ".faiss", ".index", ".weights", ".llamafile",
    };
    struct span name = path_base(s->name);

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        size_t n = strlen(ends[i]);

        if (name.n < n || strncasecmp((const char *)name.p + name.n - n, ends[i], n) != 0)
            continue;
        scan_fact(s, FACT_PROGRAM_AS_MODEL, 0, what, name);
        return;
    }
}

/* How scripts begin that have no first line to tell them by. */
void array_tell_script(struct scan *s, struct span text, struct span interpreter)
{
    static const struct {
        const char *head, *what;
    } heads[] = {
        { "@echo", "a batch file" },
        { "echo off", "a batch file" },
        { "powershell", "a batch file" },
        { "cmd /c", "a batch file" },
        { "start \"", "a batch file" },
        { "$client", "PowerShell" },
        { "Invoke-", "PowerShell" },
        { "IEX", "PowerShell" },
        { "Set-ExecutionPolicy", "PowerShell" },
        { "Add-Type", "PowerShell" },
        { "On Error Resume Next", "VBScript" },
        { "Set objShell", "VBScript" },
        { "CreateObject(", "VBScript" },
        { "<script", "a page with a script" },
        { "<hta:", "a page with a script" },
        { "<?php", "PHP" },
        { "set -e", "a shell script" },
        { "curl ", "a shell script" },
        { "wget ", "a shell script" },
        { "bash -", "a shell script" },
        { "sh -c", "a shell script" },
        { "osascript", "a shell script" },
    };

    if (interpreter.n > 0)
        array_tell_program(s, interpreter);
    if (interpreter.n > 0 || span_starts(text, SPAN_LITERAL("version https://git-lfs")))
        return;
    while (text.n > 0 && (text.p[0] <= ' ' || text.p[0] >= 0x80))
        (void)skip(&text, 1);
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        size_t n = strlen(heads[i].head);

        if (text.n < n || strncasecmp((const char *)text.p, heads[i].head, n) != 0)
            continue;
        array_tell_program(s, span_text(heads[i].what));
        return;
    }
}

/* ---- numpy's types by name ---- */

bool array_is_object(struct span dtype)
{
    if (dtype.n > 1 && memchr("<>|=", dtype.p[0], 4))
        (void)skip(&dtype, 1);
    return span_is(dtype, "object") || span_is(dtype, "object_") || span_is(dtype, "O") ||
           span_is(dtype, "O8") || span_is(dtype, "O4");
}

/* "<f4": the digits are bytes; of characters ("U") four times as many. */
static unsigned size_of_code(struct span code)
{
    unsigned n = 0;

    if (code.n > 1 && memchr("<>|=", code.p[0], 4))
        (void)skip(&code, 1);
    if (code.n < 2 || code.n > 6 || !memchr("biufcSVUmM", code.p[0], 10))
        return 0;
    for (size_t i = 1; i < code.n; i++) {
        if (code.p[i] < '0' || code.p[i] > '9')
            return 0;
        n = n * 10 + (code.p[i] - '0');
    }
    return code.p[0] == 'U' ? n * 4 : n;
}

unsigned array_item_size(struct span dtype)
{
    static const struct {
        const char *name;
        unsigned size;
    } types[] = {
        { "float32", 4 }, { "float64", 8 }, { "float16", 2 },   { "bfloat16", 2 },
        { "int8", 1 },    { "uint8", 1 },   { "int16", 2 },     { "uint16", 2 },
        { "int32", 4 },   { "uint32", 4 },  { "int64", 8 },     { "uint64", 8 },
        { "bool", 1 },    { "bool_", 1 },   { "complex64", 8 }, { "complex128", 16 },
        { "int4", 1 },    { "uint4", 1 },   { "int2", 1 },      { "uint2", 1 },
        { "int1", 1 },    { "uint1", 1 },   { "float128", 16 }, { "longdouble", 16 },
    };

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (span_is(dtype, types[i].name))
            return types[i].size;
    if (span_starts(dtype, SPAN_LITERAL("float8_")) ||
        span_starts(dtype, SPAN_LITERAL("float4_")) || span_starts(dtype, SPAN_LITERAL("float6_")))
        return 1;
    return size_of_code(dtype);
}
