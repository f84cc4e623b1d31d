/*
 * Opcodes and their arguments: how long each is, and what a line must look like
 * for CPython to go on (Lib/pickletools.py, Modules/_pickle.c).
 */
#include "format/pickle/machine.h"

const uint8_t opcode_args[256] = {
#define OP(code, name, arg, proto) [code] = (arg),
#include "format/pickle/opcodes.def"
#undef OP
};

static bool take_counted(struct span *in, unsigned width, bool is_signed, struct span *arg)
{
    uint64_t n = 0;
    struct span count;

    *arg = SPAN_EMPTY;
    if (!take(in, width, &count))
        return false;
    for (unsigned i = 0; i < width; i++)
        n |= (uint64_t)count.p[i] << (8 * i);
    if (is_signed && n > INT32_MAX)
        return false;
    return take(in, n, arg);
}

bool opcode_take_arg(struct span *in, uint8_t opcode, struct span *arg)
{
    struct span first, second, whole = *in;

    switch ((enum opcode_arg)opcode_args[opcode]) {
    case ARG_NONE:
        *arg = SPAN_EMPTY;
        return true;
    case ARG_1:
        return take(in, 1, arg);
    case ARG_2:
        return take(in, 2, arg);
    case ARG_4:
        return take(in, 4, arg);
    case ARG_8:
        return take(in, 8, arg);
    case ARG_COUNT1:
        return take_counted(in, 1, false, arg);
    case ARG_COUNT4:
        return take_counted(in, 4, false, arg);
    case ARG_COUNT4S:
        return take_counted(in, 4, true, arg);
    case ARG_COUNT8:
        return take_counted(in, 8, false, arg);
    case ARG_LINE:
        return take_line(in, arg);
    case ARG_LINES2:
        if (!take_line(in, &first) || !take_line(in, &second))
            return false;
        return take(&whole, first.n + 1 + second.n, arg);
    case ARG_UNKNOWN:
        break;
    }
    *arg = SPAN_EMPTY;
    return false;
}

static bool all_of(struct span line, const char *allowed)
{
    for (size_t i = 0; i < line.n; i++)
        if (!line.p[i] || !strchr(allowed, line.p[i]))
            return false;
    return line.n > 0;
}

static bool has_digit(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] >= '0' && line.p[i] <= '9')
            return true;
    return false;
}

bool line_is_number(struct span line)
{
    return all_of(line, "0123456789abcdefABCDEFxXoOL_+- \t\r\v\f") && has_digit(line);
}

bool line_is_float(struct span line)
{
    return all_of(line, "0123456789.eE_+-naifNAIFtyTY \t\r\v\f");
}

bool line_is_quoted(struct span line)
{
    while (line.n && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\r'))
        line.n--;
    return line.n >= 2 && line.p[0] == line.p[line.n - 1] &&
           (line.p[0] == '"' || line.p[0] == '\'');
}

bool line_is_index(struct span line, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < line.n; i++) {
        uint8_t c = line.p[i];

        if (c < '0' || c > '9')
            continue;
        if (MUL_OVERFLOWS(*out, (uint64_t)10, out) || *out > UINT64_MAX - 10)
            return false;
        *out += (uint64_t)(c - '0');
    }
    return all_of(line, "0123456789+_ \t\r\v\f") && has_digit(line);
}
