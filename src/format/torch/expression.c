/*
 * Tells expressions of sizes from programs: see expression.h. sympify() evaluates what it is given,
 * so that every character counts: what is not known to be needed is not plain.
 *
 * Spec: sympy's srepr() and str(), torch/utils/_sympy/functions.py, torch/_guards.py.
 */
#include "format/torch/expression.h"

#include <ctype.h>

#include "base/compiler.h"

static bool is_one_of(struct span s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(s, list[i]))
            return true;
    return false;
}

static bool is_function(struct span name, bool guard)
{
    static const char *const functions[] = {
#define FUNCTION(name) name,
#include "format/torch/functions.def"
#undef FUNCTION
    };
    static const char *const in_guards[] = {
        "size",    "stride",    "dim",     "storage_offset", "len",   "int",     "float",
        "min",     "max",       "abs",     "isinstance",     "numel", "sym_max", "sym_min",
        "sym_not", "sym_float", "sym_int", "sym_ite",        "ceil",  "pow",     "trunc"
    };

    return is_one_of(name, functions, ARRAY_LEN(functions)) ||
           (guard && is_one_of(name, in_guards, ARRAY_LEN(in_guards)));
}

/* Attributes of what a guard speaks of. */
static bool is_attribute(struct span name)
{
    static const char *const names[] = { "size",           "stride",    "dim",     "shape",
                                         "storage_offset", "ndim",      "dtype",   "numel",
                                         "device",         "layout",    "ceil",    "floor",
                                         "trunc",          "sym_max",   "sym_min", "sym_ite",
                                         "sym_not",        "sym_float", "sym_int", "type",
                                         "index",          "sqrt",      "pow" };

    return is_one_of(name, names, ARRAY_LEN(names));
}

/* Words that no expression of sizes has. */
static bool is_code(struct span name)
{
    static const char *const words[] = {
        "lambda",  "import", "eval",  "exec",  "open",    "compile",  "getattr",    "setattr",
        "globals", "locals", "vars",  "dir",   "os",      "sys",      "subprocess", "builtins",
        "type",    "object", "yield", "await", "sympify", "lambdify", "parse_expr"
    };

    return is_one_of(name, words, ARRAY_LEN(words)) ||
           span_find(name, 0, SPAN_LITERAL("__")) != SIZE_MAX;
}

static bool is_name_byte(uint8_t c)
{
    return isalnum(c) || c == '_';
}

static struct span take_name(struct span *in)
{
    size_t n = 0;
    struct span name;

    while (n < in->n && is_name_byte(in->p[n]))
        n++;
    (void)take(in, n, &name);
    return name;
}

/* A text between quotes: the name of a symbol or of an input. False: it holds more. */
static bool skip_quoted(struct span *in)
{
    uint8_t quote = in->p[0];
    size_t n = 1;

    while (n < in->n && (is_name_byte(in->p[n]) || memchr(".- /", in->p[n], 4)))
        n++;
    return n < in->n && in->p[n] == quote && skip(in, n + 1);
}

/* Digits, perhaps with an exponent: "1lambda" is a number and a word to Python. */
static bool is_number(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!isdigit(name.p[i]) && name.p[i] != 'e' && name.p[i] != 'E')
            return false;
    return true;
}

static enum expression_kind worse(enum expression_kind a, enum expression_kind b)
{
    return a > b ? a : b;
}

/* A word: before is the character in front of it, and what follows stands in in. */
static enum expression_kind kind_of_word(struct span name, uint8_t before, struct span in,
                                         bool guard)
{
    bool called = in.n > 0 && in.p[0] == '(';

    if (isdigit(name.p[0]))
        return called || !is_number(name) ? EXPRESSION_CODE : EXPRESSION_PLAIN;
    if (is_code(name) && !(guard && before == '.' && span_is(name, "type")))
        return EXPRESSION_CODE;
    if (before == '.')
        return guard && is_attribute(name) ? EXPRESSION_PLAIN : EXPRESSION_CODE;
    return called && !is_function(name, guard) ? EXPRESSION_UNKNOWN : EXPRESSION_PLAIN;
}

static enum expression_kind kind_of_sign(struct span in, uint8_t before, bool guard)
{
    uint8_t c = in.p[0];

    if (c == '(' && before && memchr(")]'\"", before, 4))
        return EXPRESSION_CODE;
    if (span_starts(in, SPAN_LITERAL(":=")))
        return EXPRESSION_CODE;
    if (memchr("+-*/%()<>=!,&|~ .", c, 17))
        return EXPRESSION_PLAIN;
    return guard && (c == '[' || c == ']' || c == ':') ? EXPRESSION_PLAIN : EXPRESSION_CODE;
}

enum expression_kind expression_kind(struct span text, bool guard)
{
    enum expression_kind kind = EXPRESSION_PLAIN;
    uint8_t before = 0;

    while (text.n > 0 && kind != EXPRESSION_CODE) {
        if (is_name_byte(text.p[0])) {
            struct span name = take_name(&text);

            kind = worse(kind, kind_of_word(name, isdigit(name.p[0]) ? 0 : before, text, guard));
            before = 'a';
        } else if (text.p[0] == '\'' || text.p[0] == '"') {
            kind = skip_quoted(&text) ? kind : EXPRESSION_CODE;
            before = '\'';
        } else {
            kind = worse(kind, kind_of_sign(text, before, guard));
            before = text.p[0] == ' ' ? before : text.p[0];
            (void)skip(&text, 1);
        }
    }
    return kind;
}
