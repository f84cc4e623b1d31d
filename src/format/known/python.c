/*
 * Python's byte code: .pyc files of every version, and code objects that were
 * marshalled by themselves.
 *
 * Spec: Lib/importlib/_bootstrap_external.py (magic numbers) and Python/marshal.c
 * of CPython 2.0 to 3.15; PEP 3147, PEP 552.
 */
#include "base/compiler.h"
#include "format/known/sniff.h"

/*
 * A code object starts with four to six 32-bit counts (2.7: four; 3.0: five;
 * 3.8: six; 3.11: five), flags last, and then its code, a string.
 */
static bool is_code(struct span in)
{
    uint8_t type;
    uint32_t v;

    if (!take_u8(&in, &type) || (type & 0x7F) != 'c')
        return false;
    for (unsigned n = 1; n <= 6; n++) {
        if (!take_u32le(&in, &v) || v >= 0x8000000)
            return false;
        if (n < 4 && v > 0xFFFF)
            return false;
        if (n >= 4 && in.n > 0 && ((in.p[0] & 0x7F) == 's' || in.p[0] == 'R'))
            return true;
    }
    return false;
}

/* A code object, or containers of which the first element is one. */
static bool is_marshalled_code(struct span in)
{
    for (unsigned depth = 0; depth < 4; depth++) {
        uint8_t type;

        if (is_code(in))
            return true;
        if (!take_u8(&in, &type))
            return false;
        type &= 0x7F;
        if (type != ')' && type != '(' && type != '[' && type != '<' && type != '>')
            return false;
        if (!skip(&in, type == ')' ? 1 : 4))
            return false;
    }
    return false;
}

/* The magic number, then what that version puts before the code. */
static bool is_pyc(struct span in)
{
    static const unsigned headers[] = { 8, 12, 16 };
    uint16_t magic, crlf;
    struct span rest = in;
    bool known;

    if (!take_u16le(&rest, &magic) || !take_u16le(&rest, &crlf) || crlf != 0x0A0D)
        return false;
    known = (magic >= 3000 && magic < 3800) || (magic >= 50428 && magic < 62300);
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        if (is_code(span_from(in, headers[i])))
            return true;
    return known && in.n >= 8 && in.n < 16;
}

struct sniffed sniff_python(struct span in)
{
    if (is_pyc(in))
        return (struct sniffed){ FACT_KNOWN_BYTECODE, "Python byte code", "importing it runs it" };
    if (is_marshalled_code(in))
        return (struct sniffed){ FACT_KNOWN_MARSHAL, "marshal", "a code object" };
    return (struct sniffed){ FACT_KINDS, NULL, NULL };
}
