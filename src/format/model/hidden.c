/* See hidden.h. */
#include "format/model/hidden.h"

#include "base/compiler.h"
#include "format/carve/trial.h"
#include "format/known/known.h"

/* Shorter than that nothing does anything: a pickle that calls something has more. */
#define SHORT 12
/* Longer ones are tried whatever they look like. */
#define LINE 4096

static bool has_magic(struct span in)
{
    static const struct span magics[] = {
        { (const uint8_t *)"\x93NUMPY", 6 },
        { (const uint8_t *)"\x89HDF\r\n\x1a\n", 8 },
        { (const uint8_t *)"\xfd"
                           "7zXZ\0",
          6 },
        { (const uint8_t *)"7z\xbc\xaf\x27\x1c", 6 },
        { (const uint8_t *)"Rar!\x1a\x07", 6 },
        { (const uint8_t *)"GGUF", 4 },
        { (const uint8_t *)"#!/", 3 },
    };

    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        if (span_starts(in, magics[i]))
            return true;
    return false;
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
    return has_magic(bytes) || trial_zip(bytes) || trial_codec(bytes, &codec) >= 0 ||
           is_program(bytes) || trial_pickle(bytes).worth;
}

enum pratique_status hidden_scan(struct scan *s, struct span bytes, struct span name)
{
    return hidden_is_file(bytes) ? scan_nested(s, bytes, name, ROLE_ANY) : PRATIQUE_OK;
}
