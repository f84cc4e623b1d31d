/* See trial.h. Opcodes: src/format/pickle/opcodes.def; headers: RFC 1952, RFC 8878, POSIX ustar. */
#include "format/carve/trial.h"

#include "base/compiler.h"
#include "format/codec/codec.h"
#include "format/pickle/machine.h"

#define LINE_MAX_BYTES 1024  /* of an argument that is a line */
#define NAME_MAX_BYTES 128   /* of a module's or a class's name */
#define QUIET_MAX      65536 /* opcodes before anything is called */

struct walk {
    size_t depth, marks;
    bool named, called;
    bool word; /* a string that may be a name was pushed */
};

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static size_t name_end(struct span in, size_t off)
{
    while (off < in.n && is_name_byte(in.p[off]))
        off++;
    return off;
}

static bool is_name(struct span s)
{
    return s.n > 0 && s.n <= NAME_MAX_BYTES && name_end(s, 0) == s.n && s.p[0] > '9';
}

static bool two_names(struct span lines)
{
    struct span module;

    return take_line(&lines, &module) && is_name(module) && is_name(lines);
}

/* What an opcode does to the stack; every other opcode pushes one value. */
enum effect {
    PUSH = 0,
    KEEP,      /* nothing */
    NEEDS_ONE, /* nothing, but a value or a mark must be there */
    FOLD1,     /* n values become one */
    FOLD2,
    FOLD3,
    MARK,
    FOLD_MARK, /* all above the newest mark becomes one value */
    DROP_MARK, /* ... goes into the value below it */
    POP,
};

static const uint8_t effects[256] = {
    [0x80] = KEEP,      [0x95] = KEEP,      ['p'] = NEEDS_ONE, ['q'] = NEEDS_ONE, ['r'] = NEEDS_ONE,
    [0x94] = NEEDS_ONE, [0x85] = FOLD1,     ['Q'] = FOLD1,     [0x86] = FOLD2,    ['a'] = FOLD2,
    ['R'] = FOLD2,      [0x81] = FOLD2,     ['b'] = FOLD2,     [0x93] = FOLD2,    [0x87] = FOLD3,
    ['s'] = FOLD3,      [0x92] = FOLD3,     ['('] = MARK,      ['t'] = FOLD_MARK, ['l'] = FOLD_MARK,
    ['d'] = FOLD_MARK,  [0x91] = FOLD_MARK, ['i'] = FOLD_MARK, ['o'] = FOLD_MARK, ['e'] = DROP_MARK,
    ['u'] = DROP_MARK,  [0x90] = DROP_MARK, ['1'] = DROP_MARK, ['0'] = POP,
};

/* How many values lie between marks is not kept: a mark is taken where one was made. */
static bool walk_stack(struct walk *w, enum effect effect)
{
    size_t n = effect == FOLD3 ? 3 : effect == FOLD2 ? 2 : 1;

    switch (effect) {
    case KEEP:
        return true;
    case NEEDS_ONE:
        return w->depth > 0 || w->marks > 0;
    case MARK:
        w->marks++;
        return true;
    case FOLD_MARK:
    case DROP_MARK:
        w->depth += effect == FOLD_MARK;
        return w->marks-- > 0;
    case POP:
        return w->depth > 0 ? w->depth-- > 0 : w->marks-- > 0;
    case FOLD1:
    case FOLD2:
    case FOLD3:
        if (w->depth < n)
            return false;
        w->depth -= n - 1;
        return true;
    case PUSH:
        break;
    }
    w->depth++;
    return true;
}

/* True while the opcode fits what came before it. */
static bool walk_opcode(struct walk *w, uint8_t op, struct span arg)
{
    bool fits = walk_stack(w, (enum effect)effects[op]);

    switch (op) {
    case 'c': /* GLOBAL, INST */
    case 'i':
        fits = fits && two_names(arg);
        w->named |= fits;
        w->called |= fits && op == 'i';
        return fits;
    case 0x93: /* STACK_GLOBAL */
        w->named |= fits && w->word;
        return fits && w->word;
    case 'R': /* REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, BUILD */
    case 0x81:
    case 0x92:
    case 'o':
    case 'b':
        w->called |= fits && w->named;
        return fits && w->named;
    case 0x8C: /* strings */
    case 0x8D:
    case 'X':
    case 'U':
    case 'T':
    case 'V':
        w->word |= is_name(arg);
        return fits;
    case 'S':
        w->word = true;
        return fits && line_is_quoted(arg);
    case 'I':
    case 'L':
    case 'g':
        return fits && line_is_number(arg);
    case 'F':
        return fits && line_is_float(arg);
    default:
        return fits;
    }
}

/* Cuts an argument; a line that is longer than any honest one is none, and costs no search. */
static bool take_arg(struct span *in, uint8_t op, struct span *arg)
{
    enum opcode_arg kind = (enum opcode_arg)opcode_args[op];
    size_t n = in->n < LINE_MAX_BYTES ? in->n : LINE_MAX_BYTES;

    if ((kind == ARG_LINE || kind == ARG_LINES2) && (n == 0 || !memchr(in->p, '\n', n)))
        return false;
    if (kind == ARG_LINES2) {
        struct span head = { in->p, n }, lines;

        return opcode_take_arg(&head, op, arg) && take(in, n - head.n, &lines);
    }
    return opcode_take_arg(in, op, arg);
}

struct trial trial_pickle(struct span in)
{
    struct span rest = in, arg;
    struct walk w = { 0 };
    struct trial t = { .cost = 64 };
    bool stop = false;
    uint64_t opcodes = 0;
    uint8_t op;

    while (!stop && (w.called || opcodes < QUIET_MAX) && take_u8(&rest, &op)) {
        opcodes++;
        stop = op == '.';
        if (stop)
            break;
        t.cost += opcode_args[op] >= ARG_LINE ? 128 : 8;
        if (!take_arg(&rest, op, &arg) || !walk_opcode(&w, op, arg))
            break;
    }
    t.worth = w.called || (stop && w.named && w.depth > 0);
    t.used = in.n - rest.n;
    return t;
}

bool names_at(struct names *run, struct span in, size_t off)
{
    if (off >= run->end) {
        size_t second;

        run->end = name_end(in, off);
        second = run->end + 1 < in.n ? name_end(in, run->end + 1) : run->end + 1;
        run->follow = run->end < in.n && in.p[run->end] == '\n' && second > run->end + 1 &&
                      second - run->end <= NAME_MAX_BYTES && second < in.n && in.p[second] == '\n';
    }
    return run->follow && run->end > off && run->end - off <= NAME_MAX_BYTES;
}

/* Flags without the reserved ones, and a system that has a number. */
static bool is_gzip(struct span in)
{
    struct span head;

    return take(&in, 10, &head) && span_starts(head, SPAN_LITERAL("\x1f\x8b\x08")) &&
           (head.p[3] & 0xE0) == 0 && (head.p[8] == 0 || head.p[8] == 2 || head.p[8] == 4) &&
           (head.p[9] <= 13 || head.p[9] == 255);
}

static bool is_bzip2(struct span in)
{
    return span_starts(in, SPAN_LITERAL("BZh")) && in.n > 10 && in.p[3] >= '1' && in.p[3] <= '9' &&
           span_starts(span_from(in, 4), SPAN_LITERAL("1AY&SY"));
}

int trial_codec(struct span in, const char **name)
{
    *name = "";
    if (is_gzip(in)) {
        *name = "gzip";
        return CODEC_GZIP;
    }
    if (is_bzip2(in)) {
        *name = "bzip2";
        return CODEC_BZIP2;
    }
    if (span_starts(in, SPAN_LITERAL("\xfd"
                                     "7zXZ\0\0"))) {
        *name = "xz";
        return CODEC_XZ;
    }
    if (span_starts(in, SPAN_LITERAL("\x28\xb5\x2f\xfd")) && in.n > 6 && (in.p[4] & 0x08) == 0) {
        *name = "zstd";
        return CODEC_ZSTD;
    }
    if (span_starts(in, SPAN_LITERAL("\x04\x22\x4d\x18")) && in.n > 7 && in.p[4] >> 6 == 1) {
        *name = "lz4";
        return CODEC_LZ4;
    }
    return -1;
}

/* A number in octal digits, space or NUL around it. */
static bool octal(struct span s, uint64_t *out)
{
    size_t i = 0;

    *out = 0;
    while (i < s.n && s.p[i] == ' ')
        i++;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '7'; i++)
        *out = *out << 3 | (uint64_t)(s.p[i] - '0');
    return i > 0 && (i == s.n || s.p[i] == ' ' || s.p[i] == 0);
}

static bool is_tar_header(struct span block, uint64_t *size)
{
    struct span field;
    uint64_t sum = 0, want;

    if (!span_sub(block, 124, 12, &field) || !octal(field, size) ||
        !span_sub(block, 148, 8, &field) || !octal(field, &want))
        return false;
    for (size_t i = 0; i < block.n; i++)
        sum += i >= 148 && i < 156 ? ' ' : block.p[i];
    return sum == want && block.p[0] != 0;
}

size_t trial_tar(struct span in)
{
    struct span rest = in, block;
    uint64_t size;

    while (take(&rest, 512, &block) && is_tar_header(block, &size)) {
        size = (size + 511) & ~UINT64_C(511);
        if (!skip(&rest, size))
            return in.n;
    }
    return rest.n + 512 < in.n ? in.n - rest.n : 0;
}

bool trial_zip(struct span in)
{
    uint32_t magic;
    uint16_t version, flags, method, n;

    if (!take_u32le(&in, &magic) || magic != 0x04034b50 || !take_u16le(&in, &version) ||
        !take_u16le(&in, &flags) || !take_u16le(&in, &method) || !skip(&in, 16) ||
        !take_u16le(&in, &n))
        return false;
    return (version & 0xFF) <= 63 && method <= 99 && n > 0 && n <= 4096 && n < in.n;
}
