/*
 * ExecuTorch programs (.pte) and torch's mobile flatbuffers (.ptl): which operators they call,
 * which delegates they hand work to, and what they carry. What an operator does is told as for
 * TorchScript (format/torch/operators.h); data of a delegate is inspected for programs.
 *
 * Spec: executorch/schema/program.fbs and runtime/executor/program.cpp (extended header);
 * torch/csrc/jit/serialization/mobile_bytecode.fbs.
 */
#include <inttypes.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/flatbuffer/flatbuffer.h"
#include "format/torch/operators.h"

struct reader {
    struct scan *s;
    struct span in, segments; /* what follows the program */
    struct fb fb;
    uint64_t operators, plans, delegates;
};

static enum pratique_status broken(struct reader *r, const char *format)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, r->fb.wrong_at, "%s: %s", format, r->fb.wrong);
}

/* ---- operators ---- */

/* Libraries of ExecuTorch itself, by the namespace of their operators. */
static bool is_own(struct span ns)
{
    static const char *const names[] = { "executorch_prim", "dim_order_ops", "quantized_decomposed",
                                         "et_vk",           "llama",         "cadence",
                                         "torchao",         "cortex_m",      "custom_sdpa",
                                         "backend_mps",     "qnn",           "sgtorch" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(ns, names[i]))
            return true;
    return false;
}

static void judge_operator(struct reader *r, struct span name)
{
    size_t at = span_find(name, 0, SPAN_LITERAL("::"));
    struct span ns = name, rest = name;
    enum operator_kind kind;

    r->operators++;
    if (at == SIZE_MAX) {
        ns = SPAN_LITERAL("aten");
    } else {
        ns.n = at;
        rest = span_from(name, at + 2);
    }
    kind = is_own(ns) ? OPERATOR_PLAIN : operator_look_up(ns, rest);
    if (kind == OPERATOR_FILE)
        scan_fact(r->s, FACT_TORCHSCRIPT_FILE, PRATIQUE_NO_OFFSET, name, SPAN_EMPTY);
    if (kind == OPERATOR_OTHER)
        scan_fact(r->s, FACT_TORCHSCRIPT_OPERATOR, PRATIQUE_NO_OFFSET, name, SPAN_EMPTY);
}

/* A vector of tables whose field 0 is the name of an operator. */
static void operators(struct reader *r, const struct fb_table *t, unsigned field)
{
    struct fb_vector list = fb_vector(&r->fb, t, field, 4);

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb); i++) {
        struct fb_table op = fb_table_at(&r->fb, &list, i);
        struct span name = fb_string(&r->fb, &op, 0);

        if (fb_look(&r->fb, name))
            judge_operator(r, name);
    }
}

/* ---- ExecuTorch ---- */

enum { PROGRAM_VERSION = 0, PROGRAM_PLANS = 1, PROGRAM_INLINE = 3, PROGRAM_SEGMENTS = 4 };
enum { PLAN_OPERATORS = 6, PLAN_DELEGATES = 7 };

static bool is_known_delegate(struct span id)
{
    static const char *const names[] = {
        "XnnpackBackend", "CoreMLBackend",  "MPSBackend",    "QnnBackend",        "VulkanBackend",
        "EthosUBackend",  "VgfBackend",     "ArmBackend",    "NeuropilotBackend", "OpenvinoBackend",
        "NXPBackend",     "NeutronBackend", "EnnBackend",    "SamsungBackend",    "MetalBackend",
        "TOSABackend",    "CortexMBackend", "WebGPUBackend", "NxpBackend",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(id, names[i]))
            return true;
    return false;
}

static void delegates(struct reader *r, const struct fb_table *plan)
{
    struct fb_vector list = fb_vector(&r->fb, plan, PLAN_DELEGATES, 4);

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb); i++) {
        struct fb_table delegate = fb_table_at(&r->fb, &list, i);
        struct span id = fb_string(&r->fb, &delegate, 0);

        r->delegates++;
        if (fb_ok(&r->fb) && !is_known_delegate(id))
            scan_fact(r->s, FACT_MODEL_DELEGATE, PRATIQUE_NO_OFFSET, id, SPAN_EMPTY);
    }
}

static enum pratique_status inline_data(struct reader *r, const struct fb_table *program)
{
    struct fb_vector list = fb_vector(&r->fb, program, PROGRAM_INLINE, 4);
    enum pratique_status st = PRATIQUE_OK;

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb) && st == PRATIQUE_OK; i++) {
        struct fb_table data = fb_table_at(&r->fb, &list, i);
        struct span bytes = fb_bytes(&r->fb, &data, 0);

        if (fb_look(&r->fb, bytes))
            st = array_embedded(r->s, bytes, SPAN_LITERAL("(delegate)"));
    }
    return st;
}

/* Segments lie behind the program, in order, and end in the file. */
static enum pratique_status segments(struct reader *r, const struct fb_table *program)
{
    struct fb_vector list = fb_vector(&r->fb, program, PROGRAM_SEGMENTS, 4);
    enum pratique_status st = PRATIQUE_OK;

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb) && st == PRATIQUE_OK; i++) {
        struct fb_table segment = fb_table_at(&r->fb, &list, i);
        uint64_t offset = fb_number(&r->fb, &segment, 0, 8, 0);
        uint64_t size = fb_number(&r->fb, &segment, 1, 8, 0);
        struct span body;

        if (!span_sub(r->segments, offset, size, &body))
            return scan_fail(r->s, PRATIQUE_E_FORMAT, offset,
                             "ExecuTorch: a segment lies outside of the file");
        st = array_embedded(r->s, body, SPAN_LITERAL("(segment)"));
    }
    return st;
}

static enum pratique_status plans(struct reader *r, const struct fb_table *program)
{
    struct fb_vector list = fb_vector(&r->fb, program, PROGRAM_PLANS, 4);

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb); i++) {
        struct fb_table plan = fb_table_at(&r->fb, &list, i);

        r->plans++;
        operators(r, &plan, PLAN_OPERATORS);
        delegates(r, &plan);
        if (!budget_time(r->s->budget))
            return scan_fail_budget(r->s, 0);
    }
    return PRATIQUE_OK;
}

/* "eh00", its length, the program's size, where the segments begin. */
static enum pratique_status extended_header(struct reader *r)
{
    struct span head = span_from(r->in, 8);
    uint32_t n;
    uint64_t size, base;

    r->segments = SPAN_EMPTY;
    if (!span_starts(head, SPAN_LITERAL("eh00")))
        return PRATIQUE_OK;
    (void)skip(&head, 4);
    if (!take_u32le(&head, &n) || n < 24 || !take_u64le(&head, &size) || !take_u64le(&head, &base))
        return scan_fail(r->s, PRATIQUE_E_FORMAT, 8, "ExecuTorch: its header is cut short");
    if (size > r->in.n || base > r->in.n || (base != 0 && base < size))
        return scan_fail(r->s, PRATIQUE_E_FORMAT, 16,
                         "ExecuTorch: its header speaks of more than the file");
    if (base != 0)
        r->segments = span_from(r->in, base);
    return PRATIQUE_OK;
}

static bool executorch_looks_like(struct span in)
{
    return fb_looks_like(in, "ET12");
}

static enum pratique_status executorch_scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .in = in };
    struct fb_table program;
    enum pratique_status st = extended_header(&r);

    s->recognised = "ExecuTorch";
    if (st != PRATIQUE_OK)
        return st;
    program = fb_open(&r.fb, in);
    st = plans(&r, &program);
    if (st == PRATIQUE_OK)
        st = inline_data(&r, &program);
    if (st == PRATIQUE_OK)
        st = segments(&r, &program);
    if (st != PRATIQUE_OK)
        return st;
    if (!fb_ok(&r.fb))
        return broken(&r, "ExecuTorch");
    s->budget->work_done += in.n < 65536 ? in.n : 65536;
    scan_read(s, "ExecuTorch", in.n,
              "%" PRIu64 " methods, %" PRIu64 " operators, %" PRIu64 " delegates", r.plans,
              r.operators, r.delegates);
    return PRATIQUE_OK;
}

const struct format format_executorch = {
    .name = "ExecuTorch",
    .spec = "executorch/schema/program.fbs: ET12",
    .looks_like = executorch_looks_like,
    .scan = executorch_scan,
};

/* ---- torch mobile ---- */

enum { MODULE_EXTRA = 1, MODULE_VALUES = 4, MODULE_TYPES = 7, MODULE_SOURCES = 8 };
enum { FUNCTION_OPERATORS = 2, VALUE_FUNCTION = 16 };

static enum pratique_status files(struct reader *r, const struct fb_table *module, unsigned field,
                                  enum role role)
{
    struct fb_vector list = fb_vector(&r->fb, module, field, 4);
    enum pratique_status st = PRATIQUE_OK;

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb) && st == PRATIQUE_OK; i++) {
        struct fb_table file = fb_table_at(&r->fb, &list, i);
        struct span name = fb_string(&r->fb, &file, 0), body = fb_string(&r->fb, &file, 1);

        if (body.n > 0 && fb_look(&r->fb, body))
            st = scan_nested(r->s, body, name.n ? name : SPAN_LITERAL("(file)"), role);
    }
    return st;
}

/* A function among the values: its operators. */
static void values(struct reader *r, const struct fb_table *module)
{
    struct fb_vector list = fb_vector(&r->fb, module, MODULE_VALUES, 4);

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb); i++) {
        struct fb_table value = fb_table_at(&r->fb, &list, i), function;

        if (fb_number(&r->fb, &value, 0, 1, 0) != VALUE_FUNCTION)
            continue;
        function = fb_table(&r->fb, &value, 1);
        r->plans++;
        operators(r, &function, FUNCTION_OPERATORS);
    }
}

/* Classes of other libraries: "__torch__.torch.classes.ns.Name". */
static void types(struct reader *r, const struct fb_table *module)
{
    struct fb_vector list = fb_vector(&r->fb, module, MODULE_TYPES, 4);
    static const struct span classes = { (const uint8_t *)"__torch__.torch.classes.", 24 };

    for (uint32_t i = 0; i < list.n && fb_ok(&r->fb); i++) {
        struct fb_table type = fb_table_at(&r->fb, &list, i);
        struct span name = fb_string(&r->fb, &type, 0), ns = SPAN_EMPTY, rest;
        size_t dot;

        if (!span_starts(name, classes) || !fb_look(&r->fb, name))
            continue;
        rest = span_from(name, classes.n);
        dot = span_find(rest, 0, SPAN_LITERAL("."));
        ns = dot == SIZE_MAX ? rest : span_of(rest.p, dot);
        if (operator_class_look_up(ns, span_from(rest, dot == SIZE_MAX ? rest.n : dot + 1)) !=
            OPERATOR_PLAIN)
            scan_fact(r->s, FACT_TORCHSCRIPT_OPERATOR, PRATIQUE_NO_OFFSET, name, SPAN_EMPTY);
    }
}

static bool mobile_looks_like(struct span in)
{
    return fb_looks_like(in, "PTMF");
}

static enum pratique_status mobile_scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .in = in };
    struct fb_table module = fb_open(&r.fb, in);
    enum pratique_status st;

    s->recognised = "torch mobile flatbuffer";
    values(&r, &module);
    types(&r, &module);
    st = files(&r, &module, MODULE_SOURCES, ROLE_TORCHSCRIPT);
    if (st == PRATIQUE_OK)
        st = files(&r, &module, MODULE_EXTRA, ROLE_ANY);
    if (st != PRATIQUE_OK)
        return st;
    if (!fb_ok(&r.fb))
        return broken(&r, "torch mobile flatbuffer");
    s->budget->work_done += in.n < 65536 ? in.n : 65536;
    scan_read(s, "torch mobile flatbuffer", in.n, "%" PRIu64 " functions, %" PRIu64 " operators",
              r.plans, r.operators);
    return PRATIQUE_OK;
}

const struct format format_torch_mobile = {
    .name = "torch mobile flatbuffer",
    .spec = "torch/csrc/jit/serialization/mobile_bytecode.fbs: PTMF",
    .looks_like = mobile_looks_like,
    .scan = mobile_scan,
};
