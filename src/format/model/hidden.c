/* See hidden.h. */
#include "format/model/hidden.h"

#include "base/compiler.h"
#include "format/carve/trial.h"
#include "format/known/known.h"
#include "format/marshal/marshal.h"

/* Shorter than that nothing does anything: a pickle that calls something has more. */
#define SHORT 12
/* Longer ones are tried whatever they look like. */
#define LINE 4096

bool hidden_has_magic(struct span in)
{
    static const struct span magics[] = {
        SPAN_LITERAL("PK\3\4"),
        SPAN_LITERAL("PK\5\6"),
        SPAN_LITERAL("\x1f\x8b\x08"),
        SPAN_LITERAL("BZh9"),
        SPAN_LITERAL("\xfd"
                     "7zXZ\0"),
        SPAN_LITERAL("\x28\xb5\x2f\xfd"),
        SPAN_LITERAL("7z\xbc\xaf\x27\x1c"),
        SPAN_LITERAL("Rar!\x1a\x07"),
        SPAN_LITERAL("\x93NUMPY"),
        SPAN_LITERAL("\x89HDF\r\n\x1a\n"),
        SPAN_LITERAL("GGUF"),
        SPAN_LITERAL("RDX3\n"),
        SPAN_LITERAL("X\n\0\0\0\3"),
        SPAN_LITERAL("\x7f"
                     "ELF"),
        SPAN_LITERAL("MZ\x90\0"),
        SPAN_LITERAL("\xcf\xfa\xed\xfe"),
        SPAN_LITERAL("\xca\xfe\xba\xbe"),
        SPAN_LITERAL("\0asm\1\0\0\0"),
        SPAN_LITERAL("#!/"),
    };

    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (span_starts(in, magics[i]))
            return true;
    return marshal_looks_like_code(in);
}

/* Two bytes and a few numbers make a program for DOS: too little to find one among weights. */
static bool is_program(struct span in)
{
    const char *program = known_program(in);

    return program && strcmp(program, "DOS") != 0;
}

/*
 * A name or a sentence: printable, on one line. A pickle that names something has a line's end, or
 * an opcode past ASCII; so most of what a model holds is told from one without trying.
 */
static bool is_line(struct span in)
{
    if (in.n > LINE || in.p[0] == '#')
        return false;
    for (size_t i = 0; i < in.n; i++)
        if (in.p[i] < ' ' || in.p[i] > '~')
            return false;
    return true;
}

bool hidden_is_file(struct span bytes)
{
    const char *codec;

    if (bytes.n < SHORT || is_line(bytes))
        return false;
    return hidden_has_magic(bytes) || trial_zip(bytes) || trial_codec(bytes, &codec) >= 0 ||
           is_program(bytes) || trial_pickle(bytes).worth;
}

enum pratique_status hidden_scan(struct scan *s, struct span bytes, struct span name)
{
    return hidden_is_file(bytes) ? scan_nested(s, bytes, name, ROLE_ANY) : PRATIQUE_OK;
}
