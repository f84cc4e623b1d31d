/*
 * The pickle machine: runs a pickle as CPython's C unpickler would
 * (Modules/_pickle.c, CPython 3.8 to 3.14; opcodes as in Lib/pickletools.py),
 * except that nothing is imported, called or built: a value is a word that says
 * what kind of thing it is and where it came from.
 *
 * Where readers differ the machine goes on as the most forgiving of them: what
 * runs under any of them is told. It leaves out what cannot change what runs:
 * whether text is well-formed, whether a key can be hashed, what a number is.
 */
#include "format/pickle/stack.h"

#define OPCODES_PER_CLOCK UINT64_C(65536)

/* ---- stack and memo ---- */

bool stack_grow(struct machine *m)
{
    if (!store_fit(m, &m->stack_store, (m->stack_max + 1) * sizeof(word)))
        return false;
    m->stack = m->stack_store.p;
    m->stack_max = m->stack_store.size / sizeof(word);
    return true;
}

bool mark_push(struct machine *m)
{
    if (!m->stack && !stack_grow(m)) /* items from a mark on are somewhere, if none */
        return false;
    if (m->marks_n == m->marks_max) {
        if (!store_fit(m, &m->marks_store, (m->marks_max + 1) * sizeof *m->marks))
            return false;
        m->marks = m->marks_store.p;
        m->marks_max = m->marks_store.size / sizeof *m->marks;
    }
    m->marks[m->marks_n++] = m->fence = m->sp;
    return true;
}

static bool op_pop(struct machine *m)
{
    if (m->marks_n && m->marks[m->marks_n - 1] == m->sp) {
        mark_drop(m);
        return true;
    }
    if (m->sp <= m->fence)
        return underflow(m);
    m->sp--;
    return true;
}

static bool op_pop_mark(struct machine *m)
{
    return mark_pop(m, &m->sp);
}

static bool op_dup(struct machine *m)
{
    word w;

    if (m->sp <= m->fence)
        return underflow(m);
    w = m->stack[m->sp - 1];
    if (word_tag(w) == TAG_GLOBAL)
        m->globals[word_payload(w)].pushed++;
    return push(m, w);
}

static bool put(struct machine *m, uint64_t index)
{
    if (m->sp <= m->fence)
        return underflow(m);
    return memo_put(m, index, m->stack[m->sp - 1]);
}

static bool get(struct machine *m, uint64_t index)
{
    word w = memo_get(m, index);

    if (word_tag(w) == TAG_GLOBAL)
        m->globals[word_payload(w)].pushed++;
    return w ? push(m, w) : fault(m, "memo has no such entry");
}

static bool op_put_line(struct machine *m, struct span line)
{
    uint64_t index;

    return line_is_index(line, &index) ? put(m, index) : fault(m, "a memo index that is none");
}

static bool op_get_line(struct machine *m, struct span line)
{
    uint64_t index;

    return line_is_index(line, &index) ? get(m, index) : fault(m, "a memo index that is none");
}

/* ---- constants ---- */

/* The first byte of a pickle, or of one behind base64, zlib, gzip, bz2 or xz. */
static inline bool may_hide(uint8_t first)
{
    static const char firsts[] = "\x80x\x1f"
                                 "BgeHQYKc(\xfd/\\";

    return memchr(firsts, first, sizeof firsts - 1) != NULL;
}

static inline bool op_constant(struct machine *m, enum tag tag, struct span arg)
{
    if (UNLIKELY(arg.n >= 8 && may_hide(arg.p[0])) && m->op_off >= m->tell_from)
        embedded_look(m, m->op_off, constant_bytes(m, m->op_off));
    if (UNLIKELY(m->options->on_text != NULL) && tag == TAG_STR)
        m->options->on_text(m->options->user, arg);
    return push_here(m, tag);
}

/* ---- the rest ---- */

static bool op_string(struct machine *m, struct span line)
{
    struct span text;

    if (!line_is_quoted(line) || !span_sub(line, 1, line.n - 2, &text))
        return fault(m, "a STRING without quotes");
    return op_constant(m, TAG_STR, text);
}

static bool op_proto(struct machine *m, struct span arg)
{
    m->protocol = arg.p[0];
    if (m->protocol <= 5)
        return true;
    tell_text(m, FACT_PICKLE_PROTOCOL, m->protocol, SPAN_LITERAL("PROTO"), NULL);
    if (!m->soft)
        m->soft = "a protocol that no Python knows";
    return true;
}

/* C reads frames as a promise that so many bytes are there; Python's own unpickler does not mind.
 */
static bool op_frame(struct machine *m, struct span arg)
{
    uint64_t n = little_endian(arg), left = m->rest.n;

    if (n <= left)
        return true;
    tell_text(m, FACT_PICKLE_FRAME, n, SPAN_LITERAL("FRAME"), NULL);
    if (!m->soft)
        m->soft = "a frame that is longer than the file";
    return true;
}

static bool op_next_buffer(struct machine *m)
{
    tell_text(m, FACT_PICKLE_BUFFER, 0, SPAN_LITERAL("NEXT_BUFFER"), NULL);
    return push_here(m, TAG_EXTERN);
}

/* Runs one opcode other than STOP; false: m->fault or m->status says why. */
static ALWAYS_INLINE bool run_opcode(struct machine *m, uint8_t op, struct span arg)
{
    switch (op) {
    case OP_NONE:
    case OP_NEWTRUE:
    case OP_NEWFALSE:
    case OP_BININT:
    case OP_BININT1:
    case OP_BININT2:
    case OP_LONG1:
    case OP_LONG4:
    case OP_BINFLOAT:
        return push_here(m, TAG_ATOM);
    case OP_INT:
    case OP_LONG:
        return line_is_number(arg) ? push_here(m, TAG_ATOM) : fault(m, "a number that is none");
    case OP_FLOAT:
        return line_is_float(arg) ? push_here(m, TAG_ATOM) : fault(m, "a number that is none");
    case OP_STRING:
        return op_string(m, arg);
    case OP_UNICODE:
    case OP_BINSTRING:
    case OP_SHORT_BINSTRING:
    case OP_BINUNICODE:
    case OP_SHORT_BINUNICODE:
    case OP_BINUNICODE8:
        return op_constant(m, TAG_STR, arg);
    case OP_BINBYTES:
    case OP_SHORT_BINBYTES:
    case OP_BINBYTES8:
    case OP_BYTEARRAY8:
        return op_constant(m, TAG_BYTES, arg);
    case OP_EMPTY_LIST:
        return push_here(m, TAG_LIST);
    case OP_EMPTY_DICT:
        return push_here(m, TAG_DICT);
    case OP_EMPTY_SET:
        return push_here(m, TAG_SET);
    case OP_EMPTY_TUPLE:
        return op_tuple_n(m, 0);
    case OP_TUPLE1:
        return op_tuple_n(m, 1);
    case OP_TUPLE2:
        return op_tuple_n(m, 2);
    case OP_TUPLE3:
        return op_tuple_n(m, 3);
    case OP_TUPLE:
    case OP_FROZENSET:
        return op_tuple(m);
    case OP_LIST:
        return op_list(m);
    case OP_DICT:
        return op_dict(m);
    case OP_APPEND:
        return op_append(m);
    case OP_APPENDS:
        return op_appends(m);
    case OP_SETITEM:
        return op_setitem(m);
    case OP_SETITEMS:
        return op_setitems(m);
    case OP_ADDITEMS:
        return op_additems(m);
    case OP_MARK:
        return mark_push(m);
    case OP_POP:
        return op_pop(m);
    case OP_POP_MARK:
        return op_pop_mark(m);
    case OP_DUP:
        return op_dup(m);
    case OP_GET:
        return op_get_line(m, arg);
    case OP_BINGET:
    case OP_LONG_BINGET:
        return get(m, little_endian(arg));
    case OP_PUT:
        return op_put_line(m, arg);
    case OP_BINPUT:
    case OP_LONG_BINPUT:
        return put(m, little_endian(arg));
    case OP_MEMOIZE:
        return put(m, m->memo_n);
    case OP_GLOBAL:
        return op_global(m, arg);
    case OP_STACK_GLOBAL:
        return op_stack_global(m);
    case OP_EXT1:
    case OP_EXT2:
    case OP_EXT4:
        return op_ext(m, arg);
    case OP_REDUCE:
        return op_reduce(m);
    case OP_BUILD:
        return op_build(m);
    case OP_INST:
        return op_inst(m, arg);
    case OP_OBJ:
        return op_obj(m);
    case OP_NEWOBJ:
        return op_newobj(m);
    case OP_NEWOBJ_EX:
        return op_newobj_ex(m);
    case OP_PERSID:
        return op_persid(m, arg);
    case OP_BINPERSID:
        return op_binpersid(m);
    case OP_NEXT_BUFFER:
        return op_next_buffer(m);
    case OP_READONLY_BUFFER:
        return m->sp > m->fence || underflow(m);
    case OP_PROTO:
        return op_proto(m, arg);
    case OP_FRAME:
        return op_frame(m, arg);
    default:
        return fault(m, "an unknown opcode");
    }
}

/* The argument of an opcode; the short ones are the usual ones. */
static inline bool take_arg(struct machine *m, uint8_t op, struct span *arg)
{
    static const uint8_t fixed[] = {
        [ARG_NONE] = 0, [ARG_1] = 1, [ARG_2] = 2, [ARG_4] = 4, [ARG_8] = 8
    };
    uint8_t kind = opcode_args[op], n;

    *arg = SPAN_EMPTY;
    if (kind == ARG_NONE)
        return true;
    if (LIKELY(kind != ARG_UNKNOWN && kind <= ARG_8))
        return take(&m->rest, fixed[kind], arg) || fault(m, "the data end inside an argument");
    if (kind == ARG_COUNT1 ? take_u8(&m->rest, &n) && take(&m->rest, n, arg)
                           : opcode_take_arg(&m->rest, op, arg))
        return true;
    return fault(m, kind == ARG_UNKNOWN ? "an unknown opcode"
                                        : "an argument that reaches past the end");
}

static bool in_time(struct machine *m)
{
    if (budget_time(m->scan->budget))
        return true;
    m->status = scan_fail_budget(m->scan, m->base + m->op_off);
    return false;
}

/* Runs to STOP; false: m->fault or m->status says why. */
static bool run(struct machine *m)
{
    struct span arg;
    uint8_t op;
    word top;

    for (;;) {
        m->op_off = m->in.n - m->rest.n;
        if (!take_u8(&m->rest, &op))
            return fault(m, "the data end before STOP");
        if (!take_arg(m, op, &arg))
            return false;
        if (UNLIKELY(++m->opcodes % OPCODES_PER_CLOCK == 0) && !in_time(m))
            return false;
        if (op == OP_STOP)
            return pop(m, &top);
        if (!run_opcode(m, op, arg) || UNLIKELY(m->status != PRATIQUE_OK))
            return false;
    }
}

/* torch's MAGIC_NUMBER (torch/serialization.py), as LONG1 has it. */
static bool is_torch_magic(const struct machine *m, word w)
{
    return word_tag(w) == TAG_ATOM && span_equal(constant_bytes(m, word_payload(w)),
                                                 SPAN_LITERAL("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8"
                                                              "\x50\x19"));
}

static void start(struct machine *m, struct span in, uint64_t base,
                  const struct pickle_options *options)
{
    store_reset(m);
    m->in = in;
    m->base = base;
    m->options = options;
    m->rest = in;
    m->op_off = m->opcodes = m->arrays = 0;
    m->protocol = 0;
    m->wrappers = m->has_dtypes = false;
    m->array = (struct array_shape){ .dict = UINT64_MAX };
    m->first_array = UINT64_MAX;
    m->fault = m->soft = NULL;
    m->status = PRATIQUE_OK;
}

/*
 * pickle.load() knows nothing of joblib: it takes the arrays' bytes for opcodes.
 * The names that only this reading resolves are told as well, and what it does
 * with them; that arrays make no good pickle is no news.
 */
static void run_as_plain(struct machine *m, struct span in, uint64_t base)
{
    static const struct pickle_options plain = { 0 };
    uint64_t from = m->first_array;

    if (!globals_remember(m))
        return;
    start(m, in, base, &plain);
    m->no_joblib = true;
    m->tell_from = from;
    (void)run(m);
    tell_all(m);
    m->no_joblib = false;
    m->tell_from = 0;
}

static void tell_stop(struct machine *m, const char *why)
{
    m->fault = why;
    tell_text(m, FACT_PICKLE_STOPPED, 0, span_text(why), NULL);
}

enum pratique_status machine_run(struct machine *m, struct span in, uint64_t base,
                                 const struct pickle_options *options, struct pickle_end *end)
{
    enum pratique_status st;

    start(m, in, base, options);
    *end = (struct pickle_end){ 0 };
    if (in.n > PAYLOAD_MAX) /* an offset must fit a word of the memo */
        return scan_fail(m->scan, PRATIQUE_E_LIMIT, base, "a pickle larger than 64 GiB");
    if (!m->stack && !stack_grow(m)) /* so that no opcode has to think of no stack at all */
        return m->status;
    end->stop = run(m);
    end->consumed = in.n - m->rest.n;
    end->opcodes = m->opcodes;
    end->protocol = m->protocol;
    if (end->stop) {
        end->magic = is_torch_magic(m, m->stack[m->sp]);
        end->is_int = constant_uint(m, m->stack[m->sp], &end->top_int);
    }
    if (!end->stop && m->status == PRATIQUE_OK)
        tell_stop(m, m->fault);
    else if (m->soft)
        tell_stop(m, m->soft);
    st = m->status != PRATIQUE_OK ? m->status : m->fault ? PRATIQUE_E_FORMAT : PRATIQUE_OK;
    if (st == PRATIQUE_E_FORMAT)
        (void)scan_fail(m->scan, st, base + m->op_off, "%s", m->fault);
    tell_all(m);
    if (m->arrays && (st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT))
        run_as_plain(m, in, base);
    return st;
}

struct machine *machine_new(struct scan *s)
{
    struct machine *m = scan_map(s, sizeof *m);

    if (!m) {
        (void)scan_fail_budget(s, 0);
        return NULL;
    }
    m->scan = s;
    m->told_other = -1;
    return m;
}

void machine_free(struct machine *m)
{
    struct store *const stores[] = { &m->stack_store,   &m->marks_store, &m->memo_store,
                                     &m->sparse_store,  &m->ring_store,  &m->odd_store,
                                     &m->globals_store, &m->index_store, &m->told_store,
                                     &m->dtypes_store,  &m->known_store };

    for (size_t i = 0; i < ARRAY_LEN(stores); i++)
        store_free(m, stores[i]);
    scan_unmap(m->scan, m, sizeof *m);
}

enum pratique_status pickle_run(struct scan *s, struct span in, uint64_t base,
                                const struct pickle_options *options, struct pickle_end *end)
{
    struct machine *m = machine_new(s);
    enum pratique_status st;

    *end = (struct pickle_end){ 0 };
    if (!m)
        return PRATIQUE_E_LIMIT;
    st = machine_run(m, in, base, options, end);
    machine_free(m);
    return st;
}
