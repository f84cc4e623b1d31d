/*
 * A pickle as plain values: CPython's Lib/pickle.py, protocols 0 to 5. Nothing is called, nothing
 * is imported; what a call would give is a value that says so. Whatever CPython would stop at, and
 * whatever would change a tensor's arguments behind our back, is a fault.
 *
 * Left out: buffers beside the pickle (protocol 5), which no file has.
 */
#include <stdlib.h>

#include "base/digit.h"
#include "base/utf8.h"
#include "format/pickle/machine.h"
#include "trust/convert/convert.h"

#define TEXT_MAX ((size_t)512 * 1024 * 1024)

static bool fault(struct values *v, const char *why)
{
    if (!v->fault)
        v->fault = why;
    return false;
}

static bool exhausted(struct values *v)
{
    v->exhausted = true;
    return fault(v, "it takes more memory than there is");
}

static bool grow(struct values *v, void **p, size_t *size, size_t n, size_t each)
{
    size_t more = *size ? *size * 2 : 64;
    void *q;

    if (n < *size)
        return true;
    q = more > UINT32_MAX ? NULL : realloc(*p, more * each);
    if (!q)
        return exhausted(v);
    *p = q;
    *size = more;
    return true;
}

#define GROW(v, list)                                                                              \
    grow(v, (void **)&(v)->list, &(v)->list##_size, (v)->list##_n, sizeof *(v)->list)

/* ---- values, cells, stack ---- */

static ref add_value(struct values *v, enum value_kind kind)
{
    if (!GROW(v, values))
        return 0;
    v->values[v->values_n] = (struct value){ .kind = (uint8_t)kind };
    return (ref)v->values_n++;
}

static bool add_item(struct values *v, ref container, ref item)
{
    struct value *x = value_at(v, container);

    if (x->n == UINT32_MAX || !GROW(v, cells))
        return fault(v, "more items than are read");
    v->cells[v->cells_n] = (struct cell){ .value = item };
    if (x->u.items.last)
        v->cells[x->u.items.last].next = (ref)v->cells_n;
    else
        x->u.items.first = (ref)v->cells_n;
    x->u.items.last = (ref)v->cells_n++;
    x->n++;
    return true;
}

static bool push(struct values *v, ref r)
{
    if (r == 0 || !GROW(v, stack))
        return exhausted(v);
    v->stack[v->stack_n++] = r;
    return true;
}

static bool push_new(struct values *v, enum value_kind kind)
{
    return push(v, add_value(v, kind));
}

/* No deeper than the last mark. */
static ref pop(struct values *v)
{
    size_t floor = v->marks_n ? v->marks[v->marks_n - 1] : 0;

    if (v->stack_n <= floor) {
        (void)fault(v, "an opcode needs more values than there are");
        return 0;
    }
    return v->stack[--v->stack_n];
}

static ref peek(struct values *v)
{
    ref r = pop(v);

    v->stack_n += r != 0;
    return r;
}

/* Where the values above the last mark begin; the mark is gone. */
static bool pop_mark(struct values *v, size_t *from)
{
    if (v->marks_n == 0)
        return fault(v, "an opcode needs a mark and there is none");
    *from = v->marks[--v->marks_n];
    return true;
}

static bool push_mark(struct values *v)
{
    if (v->stack_n > UINT32_MAX || !GROW(v, marks))
        return exhausted(v);
    v->marks[v->marks_n++] = (ref)v->stack_n;
    return true;
}

/* ---- constants ---- */

static bool push_int(struct values *v, int64_t number)
{
    ref r = add_value(v, VALUE_INT);

    value_at(v, r)->u.number = number;
    return push(v, r);
}

static bool push_bool(struct values *v, bool b)
{
    ref r = add_value(v, VALUE_BOOL);

    value_at(v, r)->u.number = b;
    return push(v, r);
}

static bool push_text(struct values *v, enum value_kind kind, struct span text)
{
    ref r = add_value(v, kind);
    struct value *x = value_at(v, r);

    if (text.n > UINT32_MAX)
        return fault(v, "a string of more than 4 GiB");
    x->u.text = text.p;
    x->n = (uint32_t)text.n;
    return push(v, r);
}

/* Two's complement, little-endian, of any length. */
static bool push_long(struct values *v, struct span bytes)
{
    uint64_t number = bytes.n && bytes.p[bytes.n - 1] & 0x80 ? UINT64_MAX : 0;

    if (bytes.n > 8)
        return push_new(v, VALUE_NUMBER);
    for (size_t i = bytes.n; i > 0; i--)
        number = number << 8 | bytes.p[i - 1];
    return push_int(v, (int64_t)number);
}

static bool push_unsigned(struct values *v, struct span bytes)
{
    uint64_t number = 0;

    for (size_t i = bytes.n; i > 0; i--)
        number = number << 8 | bytes.p[i - 1];
    return push_int(v, (int64_t)number);
}

/* INT and LONG of protocol 0: decimal digits as pickle writes them. */
static bool push_line(struct values *v, struct span line, bool is_long)
{
    bool negative = line.n && line.p[0] == '-';
    struct span digits = span_from(line, negative);
    uint64_t number = 0;

    if (!is_long && (span_is(line, "00") || span_is(line, "01")))
        return push_bool(v, line.p[1] == '1');
    if (is_long && digits.n && digits.p[digits.n - 1] == 'L')
        digits.n--;
    if (digits.n == 0)
        return fault(v, "a number without digits");
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return fault(v, "a number that is none");
        if (digits.n <= 18)
            number = number * 10 + (digits.p[i] - (uint64_t)'0');
    }
    if (digits.n > 18)
        return push_new(v, VALUE_NUMBER);
    return push_int(v, negative ? -(int64_t)number : (int64_t)number);
}

/* n hex digits at the front of *in. */
static bool take_hex(struct span *in, size_t n, uint32_t *out)
{
    struct span digits;

    *out = 0;
    if (!take(in, n, &digits))
        return false;
    for (size_t i = 0; i < n; i++) {
        int d = digit_hex(digits.p[i]);

        if (d < 0)
            return false;
        *out = *out << 4 | (uint32_t)d;
    }
    return true;
}

/* As surrogatepass has it: a lone surrogate becomes bytes that are no UTF-8, and so no name. */
static size_t put_character(uint32_t c, uint8_t out[4])
{
    if (c >= 0xd800 && c <= 0xdfff) {
        out[0] = 0xed;
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    return utf8_put(c, out);
}

/* UNICODE: Latin-1 with \uXXXX and \UXXXXXXXX (raw-unicode-escape); a character grows to 2 bytes.
 */
static bool push_unicode(struct values *v, struct span line)
{
    uint8_t *out = arena_alloc(&v->text, line.n * 2), byte;
    size_t n = 0;

    if (!out)
        return exhausted(v);
    while (take_u8(&line, &byte)) {
        uint32_t c = byte;

        if (byte == '\\' && line.n && (line.p[0] == 'u' || line.p[0] == 'U')) {
            bool wide = line.p[0] == 'U';

            if (!skip(&line, 1) || !take_hex(&line, wide ? 8 : 4, &c) || c > 0x10ffff)
                return fault(v, "a broken escape in a string");
        }
        n += put_character(c, out + n);
    }
    return push_text(v, VALUE_STR, span_of(out, n));
}

/* STRING: what Python 2's repr() writes, in quotes. */
static bool push_quoted(struct values *v, struct span line)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    uint8_t *out = arena_alloc(&v->text, line.n), byte;
    struct span in;
    size_t n = 0;

    if (!out || !line_is_quoted(line) || !span_sub(line, 1, line.n - 2, &in))
        return fault(v, "a string without its quotes");
    while (take_u8(&in, &byte)) {
        const char *hit;
        uint32_t c;

        if (byte == '\\') {
            if (!take_u8(&in, &byte))
                return fault(v, "a broken escape in a string");
            hit = strchr(from, byte);
            if (hit && *hit)
                byte = (uint8_t)to[hit - from];
            else if (byte != 'x' || !take_hex(&in, 2, &c))
                return fault(v, "an escape in a string that is not read");
            else
                byte = (uint8_t)c;
        }
        out[n++] = byte;
    }
    return push_text(v, VALUE_STR, span_of(out, n));
}

/* ---- containers ---- */

/* The values above the last mark as a new container. */
static bool collect(struct values *v, enum value_kind kind)
{
    ref r = add_value(v, kind);
    size_t from;

    if (!pop_mark(v, &from))
        return false;
    for (size_t i = from; i < v->stack_n; i++)
        if (!add_item(v, r, v->stack[i]))
            return false;
    v->stack_n = from;
    if (kind == VALUE_DICT && value_at(v, r)->n % 2)
        return fault(v, "a key without its value");
    return push(v, r);
}

static bool collect_few(struct values *v, size_t n)
{
    size_t floor = v->marks_n ? v->marks[v->marks_n - 1] : 0;

    if (v->stack_n - floor < n)
        return fault(v, "an opcode needs more values than there are");
    v->stack_n -= n; /* as a mark there would have it */
    if (!push_mark(v))
        return false;
    v->stack_n += n;
    return collect(v, VALUE_TUPLE);
}

/* What items are added to: its own kind, or an object, which nobody looks into. */
static bool takes_items(struct values *v, ref r, enum value_kind kind, bool *keep)
{
    const struct value *x = value_at(v, r);

    *keep = x->kind == kind;
    if (r == 0 || (x->kind != kind && x->kind != VALUE_OBJECT && x->kind != VALUE_PERSID))
        return fault(v, "items for what takes none");
    if (x->sealed)
        return fault(v, "a tensor's argument is changed after the call");
    return true;
}

static bool add_marked(struct values *v, enum value_kind kind)
{
    size_t from;
    bool keep;
    ref to;

    if (!pop_mark(v, &from))
        return false;
    if (from == 0 || (v->marks_n && v->marks[v->marks_n - 1] >= from))
        return fault(v, "items for nothing");
    to = v->stack[from - 1];
    if (!takes_items(v, to, kind, &keep))
        return false;
    if (kind == VALUE_DICT && (v->stack_n - from) % 2)
        return fault(v, "a key without its value");
    for (size_t i = from; keep && i < v->stack_n; i++)
        if (!add_item(v, to, v->stack[i]))
            return false;
    v->stack_n = from;
    return true;
}

static bool add_one(struct values *v, enum value_kind kind)
{
    ref value = pop(v), key = kind == VALUE_DICT ? pop(v) : 0, to = peek(v);
    bool keep;

    if (v->fault || !takes_items(v, to, kind, &keep))
        return false;
    if (!keep)
        return true;
    return (kind != VALUE_DICT || add_item(v, to, key)) && add_item(v, to, value);
}

/* ---- memo ---- */

/* Pickle numbers what it remembers from 0 on, so that no number is past the opcodes so far. */
static bool memo_set(struct values *v, uint64_t index)
{
    ref r = peek(v);

    if (r == 0)
        return false;
    if (index > v->off)
        return fault(v, "a memo number that no pickler gives");
    while (v->memo_n <= index) {
        if (!GROW(v, memo))
            return false;
        v->memo[v->memo_n++] = 0;
    }
    v->memo_used += v->memo[index] == 0;
    v->memo[index] = r;
    return true;
}

static bool memo_push(struct values *v, uint64_t index)
{
    if (index >= v->memo_n || v->memo[index] == 0)
        return fault(v, "the memo has no such entry");
    return push(v, v->memo[index]);
}

static bool memo_line(struct values *v, struct span line, bool set)
{
    uint64_t index;

    if (!line_is_index(line, &index))
        return fault(v, "a memo number that is none");
    return set ? memo_set(v, index) : memo_push(v, index);
}

static uint64_t little(struct span bytes)
{
    uint64_t n = 0;

    for (size_t i = bytes.n; i > 0; i--)
        n = n << 8 | bytes.p[i - 1];
    return n;
}

/* ---- globals and calls ---- */

static const struct {
    const char *name;
    enum known known;
} knowns[] = {
    { "collections.OrderedDict", KNOWN_DICT },
    { "builtins.dict", KNOWN_DICT },
    { "__builtin__.dict", KNOWN_DICT },
    { "collections.defaultdict", KNOWN_DEFAULTDICT },
    { "torch._utils._rebuild_tensor", KNOWN_TENSOR },
    { "torch._utils._rebuild_tensor_v2", KNOWN_TENSOR },
    { "torch._utils._rebuild_tensor_v3", KNOWN_TENSOR_V3 },
    { "torch._utils._rebuild_parameter", KNOWN_PARAMETER },
    { "torch._utils._rebuild_parameter_with_state", KNOWN_PARAMETER },
    { "torch._tensor._rebuild_from_type", KNOWN_FROM_TYPE },
    { "torch._tensor._rebuild_from_type_v2", KNOWN_FROM_TYPE },
    { "torch.tensor._rebuild_from_type", KNOWN_FROM_TYPE },
    { "torch.tensor._rebuild_from_type_v2", KNOWN_FROM_TYPE },
    { "torch._utils._rebuild_sparse_tensor", KNOWN_SPARSE },
    { "torch._utils._rebuild_sparse_csr_tensor", KNOWN_SPARSE },
    { "torch._utils._rebuild_qtensor", KNOWN_QUANTIZED },
    { "torch._utils._rebuild_nested_tensor", KNOWN_NESTED },
    { "torch._utils._rebuild_meta_tensor_no_storage", KNOWN_META },
    { "torch._utils._rebuild_wrapper_subclass", KNOWN_SUBCLASS },
    { "torch._utils._rebuild_device_tensor_from_cpu_tensor", KNOWN_DEVICE },
    { "torch.Tensor", KNOWN_TENSOR_CLASS },
    { "torch._tensor.Tensor", KNOWN_TENSOR_CLASS },
    { "torch.tensor.Tensor", KNOWN_TENSOR_CLASS },
    { "torch.nn.parameter.Parameter", KNOWN_TENSOR_CLASS },
    { "torch.nn.parameter.Buffer", KNOWN_TENSOR_CLASS },
};

static bool push_global(struct values *v, struct span module, struct span name)
{
    size_t n = module.n + 1 + name.n;
    uint8_t *text = arena_alloc(&v->text, n + 1);
    struct value *x;

    if (!text)
        return exhausted(v);
    memcpy(text, module.p, module.n);
    text[module.n] = '.';
    memcpy(text + module.n + 1, name.p, name.n);
    if (!push_text(v, VALUE_GLOBAL, span_of(text, n)))
        return false;
    x = value_at(v, v->stack[v->stack_n - 1]);
    for (size_t i = 0; i < ARRAY_LEN(knowns); i++)
        if (span_is(value_text(x), knowns[i].name))
            x->known = (uint8_t)knowns[i].known;
    return true;
}

static bool push_global_lines(struct values *v, struct span lines)
{
    struct span module;

    return take_line(&lines, &module) ? push_global(v, module, lines)
                                      : fault(v, "a global without a name");
}

static bool push_stack_global(struct values *v)
{
    ref name = pop(v), module = pop(v);

    if (v->fault)
        return false;
    if (value_at(v, name)->kind != VALUE_STR || value_at(v, module)->kind != VALUE_STR)
        return fault(v, "the name of a global is no string");
    return push_global(v, value_text(value_at(v, module)), value_text(value_at(v, name)));
}

/* dict(pairs), OrderedDict(pairs): a list or tuple of pairs. False: something else. */
static bool fill_from_pairs(struct values *v, ref dict, ref pairs)
{
    ref at = value_at(v, pairs)->u.items.first, pair, half, item;
    uint8_t kind = value_at(v, pairs)->kind;

    if (kind != VALUE_LIST && kind != VALUE_TUPLE)
        return false;
    while (items_next(v, &at, &pair)) {
        kind = value_at(v, pair)->kind;
        if ((kind != VALUE_LIST && kind != VALUE_TUPLE) || value_at(v, pair)->n != 2)
            return false;
        half = value_at(v, pair)->u.items.first;
        while (items_next(v, &half, &item))
            if (!add_item(v, dict, item))
                return false;
    }
    return true;
}

/* What a call of dict and its like gives; 0: it is nothing we know. */
static ref make_dict(struct values *v, enum known known, ref args)
{
    uint32_t n = value_at(v, args)->n, skipped = known == KNOWN_DEFAULTDICT && n > 0;
    ref at = value_at(v, args)->u.items.first, item = 0, dict;

    if (n > skipped + 1)
        return 0;
    dict = add_value(v, VALUE_DICT);
    for (uint32_t i = 0; i < n; i++)
        (void)items_next(v, &at, &item);
    if (n > skipped && !fill_from_pairs(v, dict, item))
        return 0;
    value_at(v, dict)->known = (uint8_t)known;
    return dict;
}

/* The metadata of a tensor is read when all is there: until then it must stay as it is now. */
static void seal(struct values *v, ref args)
{
    ref at = value_at(v, args)->u.items.first, item;

    while (items_next(v, &at, &item))
        if (value_at(v, item)->kind == VALUE_DICT)
            value_at(v, item)->sealed = true;
}

static bool call(struct values *v, ref callee, ref args)
{
    enum known known = (enum known)value_at(v, callee)->known;
    ref made = 0;

    if (v->fault)
        return false;
    if (value_at(v, args)->kind != VALUE_TUPLE)
        return fault(v, "the arguments of a call are no tuple");
    if (value_at(v, callee)->kind != VALUE_GLOBAL)
        known = KNOWN_NOTHING;
    if (known == KNOWN_DICT || known == KNOWN_DEFAULTDICT)
        made = make_dict(v, known, args);
    if (known == KNOWN_TENSOR || known == KNOWN_TENSOR_V3)
        seal(v, args);
    if (made || v->fault)
        return push(v, made);
    made = add_value(v, VALUE_OBJECT);
    value_at(v, made)->u.made.callee = callee;
    value_at(v, made)->u.made.args = args;
    return push(v, made);
}

static bool reduce(struct values *v)
{
    ref args = pop(v), callee = pop(v);

    return call(v, callee, args);
}

/* cls.__new__(cls, *args, **kwargs): keywords make it an object in any case. */
static bool new_object(struct values *v, bool keywords)
{
    ref words = keywords ? pop(v) : 0, args = pop(v), callee = pop(v);

    if (!v->fault && words && value_at(v, words)->n > 0)
        callee = add_value(v, VALUE_NONE);
    return call(v, callee, args);
}

/* INST and OBJ: the class, from a line or first above the mark, and its arguments. */
static bool instantiate(struct values *v, bool on_stack)
{
    ref callee = on_stack ? 0 : pop(v), args;
    size_t from;

    if (v->fault || v->marks_n == 0)
        return fault(v, "an opcode needs a mark and there is none");
    from = v->marks[v->marks_n - 1];
    if (on_stack) {
        if (v->stack_n <= from)
            return fault(v, "an object without a class");
        callee = v->stack[from];
        memmove(v->stack + from, v->stack + from + 1, (v->stack_n - from - 1) * sizeof *v->stack);
        v->stack_n--;
    }
    if (!collect(v, VALUE_TUPLE))
        return false;
    args = pop(v);
    return call(v, callee, args);
}

static bool build(struct values *v)
{
    ref state = pop(v), to = peek(v);
    struct value *x = value_at(v, to);

    if (v->fault)
        return false;
    if (x->kind != VALUE_OBJECT && x->kind != VALUE_PERSID && x->kind != VALUE_GLOBAL &&
        !(x->kind == VALUE_DICT && x->known != KNOWN_NOTHING))
        return fault(v, "attributes for what has none");
    if (x->kind == VALUE_DICT && x->state)
        return fault(v, "attributes for a dictionary twice");
    if (x->kind != VALUE_PERSID)
        x->state = state;
    return true;
}

static bool persistent(struct values *v, ref id)
{
    ref r = add_value(v, VALUE_PERSID);

    if (v->fault)
        return false;
    value_at(v, r)->u.id = id;
    return push(v, r);
}

static bool persistent_line(struct values *v, struct span line)
{
    return push_text(v, VALUE_STR, line) && persistent(v, pop(v));
}

/* ---- opcodes ---- */

static bool run_constant(struct values *v, uint8_t op, struct span arg)
{
    switch (op) {
    case OP_NONE:
        return push_new(v, VALUE_NONE);
    case OP_NEWTRUE:
    case OP_NEWFALSE:
        return push_bool(v, op == OP_NEWTRUE);
    case OP_INT:
    case OP_LONG:
        return push_line(v, arg, op == OP_LONG);
    case OP_BININT:
    case OP_LONG1:
    case OP_LONG4:
        return push_long(v, arg);
    case OP_BININT1:
    case OP_BININT2:
        return push_unsigned(v, arg);
    case OP_FLOAT:
        return line_is_float(arg) ? push_new(v, VALUE_NUMBER) : fault(v, "a number that is none");
    case OP_BINFLOAT:
        return push_new(v, VALUE_NUMBER);
    case OP_STRING:
        return push_quoted(v, arg);
    case OP_UNICODE:
        return push_unicode(v, arg);
    case OP_BINSTRING:
    case OP_SHORT_BINSTRING:
    case OP_SHORT_BINUNICODE:
    case OP_BINUNICODE:
    case OP_BINUNICODE8:
        return push_text(v, VALUE_STR, arg);
    default: /* BINBYTES and its like */
        return push_text(v, VALUE_BYTES, arg);
    }
}

static bool run_container(struct values *v, uint8_t op)
{
    switch (op) {
    case OP_EMPTY_LIST:
        return push_new(v, VALUE_LIST);
    case OP_EMPTY_TUPLE:
        return push_new(v, VALUE_TUPLE);
    case OP_EMPTY_DICT:
        return push_new(v, VALUE_DICT);
    case OP_EMPTY_SET:
        return push_new(v, VALUE_SET);
    case OP_LIST:
        return collect(v, VALUE_LIST);
    case OP_TUPLE:
        return collect(v, VALUE_TUPLE);
    case OP_DICT:
        return collect(v, VALUE_DICT);
    case OP_FROZENSET:
        return collect(v, VALUE_SET);
    case OP_TUPLE1:
    case OP_TUPLE2:
    case OP_TUPLE3:
        return collect_few(v, (size_t)op - OP_TUPLE1 + 1);
    case OP_APPEND:
        return add_one(v, VALUE_LIST);
    case OP_APPENDS:
        return add_marked(v, VALUE_LIST);
    case OP_SETITEM:
        return add_one(v, VALUE_DICT);
    case OP_SETITEMS:
        return add_marked(v, VALUE_DICT);
    default: /* ADDITEMS */
        return add_marked(v, VALUE_SET);
    }
}

static bool run_stack(struct values *v, uint8_t op, struct span arg)
{
    size_t from;

    switch (op) {
    case OP_MARK:
        return push_mark(v);
    case OP_POP: /* of a mark, where nothing is above it */
        if (v->marks_n && v->marks[v->marks_n - 1] == v->stack_n)
            return pop_mark(v, &from);
        return pop(v) != 0;
    case OP_POP_MARK:
        if (!pop_mark(v, &from))
            return false;
        v->stack_n = from;
        return true;
    case OP_DUP:
        return push(v, peek(v));
    case OP_GET:
    case OP_PUT:
        return memo_line(v, arg, op == OP_PUT);
    case OP_BINGET:
    case OP_LONG_BINGET:
        return memo_push(v, little(arg));
    case OP_BINPUT:
    case OP_LONG_BINPUT:
        return memo_set(v, little(arg));
    default: /* MEMOIZE */
        return memo_set(v, v->memo_used);
    }
}

static bool run_live(struct values *v, uint8_t op, struct span arg)
{
    switch (op) {
    case OP_GLOBAL:
        return push_global_lines(v, arg);
    case OP_STACK_GLOBAL:
        return push_stack_global(v);
    case OP_EXT1:
    case OP_EXT2:
    case OP_EXT4:
        return push_global(v, SPAN_LITERAL("copyreg"), SPAN_LITERAL("extension"));
    case OP_REDUCE:
        return reduce(v);
    case OP_NEWOBJ:
    case OP_NEWOBJ_EX:
        return new_object(v, op == OP_NEWOBJ_EX);
    case OP_INST:
        return push_global_lines(v, arg) && instantiate(v, false);
    case OP_OBJ:
        return instantiate(v, true);
    case OP_BUILD:
        return build(v);
    case OP_PERSID:
        return persistent_line(v, arg);
    default: /* BINPERSID */
        return persistent(v, pop(v));
    }
}

static bool run_one(struct values *v, uint8_t op, struct span arg)
{
    switch (op) {
    case OP_PROTO:
        return arg.p[0] <= 5 || fault(v, "a protocol past 5");
    case OP_FRAME:
        return true;
    case OP_NEXT_BUFFER:
    case OP_READONLY_BUFFER:
        return fault(v, "a buffer beside the pickle, which no file has");
    case OP_NONE:
    case OP_NEWTRUE:
    case OP_NEWFALSE:
    case OP_INT:
    case OP_LONG:
    case OP_BININT:
    case OP_LONG1:
    case OP_LONG4:
    case OP_BININT1:
    case OP_BININT2:
    case OP_FLOAT:
    case OP_BINFLOAT:
    case OP_STRING:
    case OP_UNICODE:
    case OP_BINSTRING:
    case OP_SHORT_BINSTRING:
    case OP_SHORT_BINUNICODE:
    case OP_BINUNICODE:
    case OP_BINUNICODE8:
    case OP_BINBYTES:
    case OP_SHORT_BINBYTES:
    case OP_BINBYTES8:
    case OP_BYTEARRAY8:
        return run_constant(v, op, arg);
    case OP_MARK:
    case OP_POP:
    case OP_POP_MARK:
    case OP_DUP:
    case OP_GET:
    case OP_PUT:
    case OP_BINGET:
    case OP_LONG_BINGET:
    case OP_BINPUT:
    case OP_LONG_BINPUT:
    case OP_MEMOIZE:
        return run_stack(v, op, arg);
    case OP_GLOBAL:
    case OP_STACK_GLOBAL:
    case OP_EXT1:
    case OP_EXT2:
    case OP_EXT4:
    case OP_REDUCE:
    case OP_NEWOBJ:
    case OP_NEWOBJ_EX:
    case OP_INST:
    case OP_OBJ:
    case OP_BUILD:
    case OP_PERSID:
    case OP_BINPERSID:
        return run_live(v, op, arg);
    default:
        return run_container(v, op);
    }
}

static bool finish(struct values *v, struct span rest)
{
    if (v->stack_n != 1 || v->marks_n != 0)
        return fault(v, "it ends with values left over, or with none");
    v->top = v->stack[0];
    v->consumed = v->in.n - rest.n;
    return true;
}

bool values_read(struct values *v, struct span in)
{
    struct span rest = in, arg;
    uint8_t op;

    *v = (struct values){ .in = in };
    arena_init(&v->text, TEXT_MAX);
    (void)add_value(v, VALUE_NONE); /* the one that is none, like the first cell */
    if (v->fault || !GROW(v, cells))
        return false;
    v->cells[v->cells_n++] = (struct cell){ 0 };
    while (take_u8(&rest, &op)) {
        v->off = in.n - rest.n - 1;
        if (opcode_args[op] == ARG_UNKNOWN)
            return fault(v, "no such opcode");
        if (!opcode_take_arg(&rest, op, &arg))
            return fault(v, "it is cut off");
        if (op == OP_STOP)
            return finish(v, rest);
        if (!run_one(v, op, arg) || v->fault)
            return false;
    }
    v->off = in.n;
    return fault(v, "it is cut off");
}

void values_free(struct values *v)
{
    arena_reset(&v->text);
    free(v->values);
    free(v->cells);
    free(v->stack);
    free(v->marks);
    free(v->memo);
    *v = (struct values){ 0 };
}
