/* See simple.h. Opcodes as CPython's pickletools has them. */
#include "format/torch/simple.h"

#include "format/pickle/machine.h"

static bool take_op(struct span *in, uint8_t *op, struct span *arg)
{
    *arg = SPAN_EMPTY;
    return take_u8(in, op) && opcode_take_arg(in, *op, arg);
}

/* As take_op(), past what changes no value: memo writes, PROTO, FRAME. */
static bool take_meaning(struct span *in, uint8_t *op, struct span *arg)
{
    while (take_op(in, op, arg))
        if (*op != OP_PUT && *op != OP_BINPUT && *op != OP_LONG_BINPUT && *op != OP_MEMOIZE &&
            *op != OP_PROTO && *op != OP_FRAME)
            return true;
    return false;
}

/* A string whose bytes are its characters: an escape in 'V' would make it another. */
static bool is_string(uint8_t op, struct span arg)
{
    if (op == OP_UNICODE)
        return arg.n == 0 || !memchr(arg.p, '\\', arg.n);
    return op == OP_BINUNICODE || op == OP_SHORT_BINUNICODE || op == OP_SHORT_BINSTRING ||
           op == OP_BINSTRING;
}

/* EMPTY_LIST, or MARK LIST. */
static bool keys_start(struct torch_keys *k)
{
    struct span arg;
    uint8_t op;

    k->started = true;
    if (!take_meaning(&k->in, &op, &arg))
        return false;
    if (op == OP_MARK && !take_meaning(&k->in, &op, &arg))
        return false;
    return op == OP_EMPTY_LIST || op == OP_LIST;
}

/* Outside of a MARK each string is followed by its APPEND. */
static bool take_append(struct torch_keys *k)
{
    struct span arg;
    uint8_t op;

    return k->marked || (take_meaning(&k->in, &op, &arg) && op == OP_APPEND);
}

bool torch_keys_next(struct torch_keys *k, struct span *key)
{
    uint8_t op;

    *key = SPAN_EMPTY;
    if (!k->started && !keys_start(k))
        k->broken = true;
    while (!k->broken) {
        k->broken = !take_meaning(&k->in, &op, key);
        if (k->broken)
            break;
        if (is_string(op, *key)) {
            k->broken = !take_append(k);
            return !k->broken;
        }
        if (op == OP_STOP && !k->marked)
            return false;
        if (op == OP_MARK && !k->marked)
            k->marked = true;
        else if (op == OP_APPENDS && k->marked)
            k->marked = false;
        else
            k->broken = true;
    }
    return false;
}

bool torch_tuple_global(struct span pickle, struct span *global)
{
    unsigned globals = 0;
    struct span arg;
    uint8_t op;

    *global = SPAN_EMPTY;
    while (take_meaning(&pickle, &op, &arg)) {
        if (op == OP_STOP)
            return globals == 1;
        if (op == OP_GLOBAL) {
            *global = arg;
            globals++;
        } else if (op != OP_MARK && op != OP_TUPLE && op != OP_TUPLE3 && op != OP_INT &&
                   op != OP_LONG && op != OP_LONG1 && op != OP_BININT && op != OP_BININT1 &&
                   op != OP_BININT2 && !is_string(op, arg)) {
            return false;
        }
    }
    return false;
}

uint64_t torch_element_size(struct span type)
{
    static const struct {
        const char *name;
        uint64_t size;
    } types[] = {
        { "FloatStorage", 4 },          { "DoubleStorage", 8 },   { "HalfStorage", 2 },
        { "BFloat16Storage", 2 },       { "LongStorage", 8 },     { "IntStorage", 4 },
        { "ShortStorage", 2 },          { "CharStorage", 1 },     { "ByteStorage", 1 },
        { "BoolStorage", 1 },           { "UntypedStorage", 1 },  { "ComplexFloatStorage", 8 },
        { "ComplexDoubleStorage", 16 }, { "QInt8Storage", 1 },    { "QUInt8Storage", 1 },
        { "QInt32Storage", 4 },         { "QUInt4x2Storage", 1 }, { "QUInt2x4Storage", 1 },
    };

    for (size_t i = type.n; i > 0; i--)
        if (type.p[i - 1] == '.' || type.p[i - 1] == '\n') {
            (void)skip(&type, i);
            break;
        }
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (span_is(type, types[i].name))
            return types[i].size;
    return 0;
}

bool torch_magic_first(struct span in)
{
    struct span number = SPAN_LITERAL("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"), arg;
    struct span text = SPAN_LITERAL("119547037146038801333356");
    uint8_t op, stop;

    if (!take_meaning(&in, &op, &arg) || !take_u8(&in, &stop) || stop != OP_STOP)
        return false;
    if (op == OP_LONG1 || op == OP_LONG4)
        return span_equal(arg, number);
    return (op == OP_INT || op == OP_LONG) && span_starts(arg, text) &&
           (arg.n == text.n || (arg.n == text.n + 1 && arg.p[text.n] == 'L'));
}
