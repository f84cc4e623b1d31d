/* Lowering: what instructions sources become, what does not fit, sweeps. */
#include <stdlib.h>

#include "../fuzz/harness.h"
#include "format/package/ir.h"
#include "ir_dump.h"
#include "test.h"

struct lowered {
    struct harness h;
    struct arena arena;
    struct ir_names names;
    struct ir_module *m;
    const char *why;
    enum pratique_status status;
};

static void lower(struct lowered *l, struct span text, size_t ceiling)
{
    harness_init(&l->h);
    arena_init(&l->arena, ceiling);
    l->m = NULL;
    l->status = PRATIQUE_E_NOMEM;
    if (ir_names_init(&l->names, &l->arena))
        l->status = ir_lower(&l->h.scan, &l->arena, &l->names, text, &l->m, &l->why);
}

static void done(struct lowered *l)
{
    uint64_t left = l->h.budget.memory_left;

    arena_reset(&l->arena);
    harness_free(&l->h);
    harness_init(&l->h);
    CHECK(left == l->h.budget.memory_left, "memory is given back");
    harness_free(&l->h);
}

/* ---- instructions ---- */

static const struct {
    const char *what;
    unsigned function;
    const char *source, *want;
} rows[] = {
    { "names", 0, "x = y\n",
      "0: LOAD r0 builtin y; 1: STORE r0 global x; 2: CONST r0 None; 3: RETURN r0" },
    { "calls", 0, "f(a, *b, k=1, **c)\n",
      "0: LOAD r0 builtin f; 1: LOAD r1 builtin a; 2: LOAD r2 builtin b; 3: CONST r3 "
      "1; 4: LOAD r4 builtin c; 5: CALL r0 r0 (r1 *r2 k=r3 **r4); 6: CONST r0 None; "
      "7: RETURN r0" },
    { "chains of attributes, items and operators", 0, "a.b[0].c() + d - 1\n",
      "0: LOAD r0 builtin a; 1: ATTR r0 r0 b; 2: CONST r1 0; 3: ITEM r0 r0 r1; 4: "
      "ATTR r0 r0 c; 5: CALL r0 r0 (); 6: LOAD r1 builtin d; 7: BINARY r0 r0 r1 +; "
      "8: CONST r1 1; 9: BINARY r0 r0 r1 -; 10: CONST r0 None; 11: RETURN r0" },
    { "slices", 0, "a[1:, ::2]\n",
      "0: LOAD r0 builtin a; 1: CONST r1 1; 2: CONST r2 None; 3: CONST r3 None; 4: "
      "SLICE r1 r1 r2 r3; 5: CONST r2 None; 6: CONST r3 None; 7: CONST r4 2; 8: "
      "SLICE r2 r2 r3 r4; 9: TUPLE r1 (r1 r2); 10: ITEM r0 r0 r1; 11: CONST r0 None; "
      "12: RETURN r0" },
    { "literals", 0, "x = None, True, ..., 0x1F, 1.5, 99999999999999999999\n",
      "0: CONST r0 None; 1: CONST r1 True; 2: CONST r2 ...; 3: CONST r3 31; 4: CONST "
      "r4 1.5; 5: CONST r5 99999999999999999999; 6: TUPLE r0 (r0 r1 r2 r3 r4 r5); 7: "
      "STORE r0 global x; 8: CONST r0 None; 9: RETURN r0" },
    { "strings", 0, "x = 'a\\x41' 'b', r'\\n', b'\\x7e'\n",
      "0: CONST r0 'aAb'; 1: CONST r1 '\\n'; 2: CONST r2 b'~'; 3: TUPLE r0 (r0 r1 "
      "r2); 4: STORE r0 global x; 5: CONST r0 None; 6: RETURN r0" },
    { "f-strings", 0, "f'a{{{x}\\t{y!r:>{w}}{z!s}'\n",
      "0: CONST r0 'a{'; 1: LOAD r1 builtin x; 2: CONST r2 '~'; 3: LOAD r3 builtin "
      "y; 4: LOAD r4 builtin w; 5: LOAD r4 builtin z; 6: JOIN r0 (r0 r1 r2 !r3 r4); "
      "7: CONST r0 None; 8: RETURN r0" },
    { "f-strings beside strings", 0, "'a' 'b' f'{x}' 'c'\n",
      "0: CONST r0 'ab'; 1: LOAD r1 builtin x; 2: CONST r2 'c'; 3: JOIN r0 (r0 r1 "
      "r2); 4: CONST r0 None; 5: RETURN r0" },
    { "and, or, not", 0, "x = a and b or not c\n",
      "0: LOAD r0 builtin a; 1: BRANCH r0 @2 @3; 2: LOAD r0 builtin b; 3: BRANCH r0 "
      "@6 @4; 4: LOAD r0 builtin c; 5: UNARY r0 r0 not; 6: STORE r0 global x; 7: "
      "CONST r0 None; 8: RETURN r0" },
    { "comparisons", 0, "x = a < b <= c != d\n",
      "0: LOAD r0 builtin a; 1: LOAD r1 builtin b; 2: COMPARE r0 r0 r1 <; 3: BRANCH "
      "r0 @4 @10; 4: LOAD r2 builtin c; 5: COMPARE r0 r1 r2 <=; 6: MOVE r1 r2; 7: "
      "BRANCH r0 @8 @10; 8: LOAD r2 builtin d; 9: COMPARE r0 r1 r2 !=; 10: STORE r0 "
      "global x; 11: CONST r0 None; 12: RETURN r0" },
    { "a choice", 0, "x = a if b and not c else d\n",
      "0: LOAD r0 builtin b; 1: BRANCH r0 @2 @6; 2: LOAD r0 builtin c; 3: BRANCH r0 "
      "@6 @4; 4: LOAD r0 builtin a; 5: JUMP @7; 6: LOAD r0 builtin d; 7: STORE r0 "
      "global x; 8: CONST r0 None; 9: RETURN r0" },
    { "displays", 0, "x = [1, *a], {2}, {3: 4, **b}, ()\n",
      "0: CONST r0 1; 1: LOAD r1 builtin a; 2: LIST r0 (r0 *r1); 3: CONST r1 2; 4: "
      "SET r1 (r1); 5: CONST r2 3; 6: CONST r3 4; 7: LOAD r4 builtin b; 8: DICT r2 "
      "(r2 r3 **r4); 9: TUPLE r3 (); 10: TUPLE r0 (r0 r1 r2 r3); 11: STORE r0 global "
      "x; 12: CONST r0 None; 13: RETURN r0" },
    { "unpacking", 0, "a, *b, c = d\n",
      "0: LOAD r0 builtin d; 1: PART r1 r0 0 3 front; 2: STORE r1 global a; 3: PART "
      "r1 r0 1 3 rest; 4: STORE r1 global b; 5: PART r1 r0 1 3 back; 6: STORE r1 "
      "global c; 7: CONST r0 None; 8: RETURN r0" },
    { "nested targets", 0, "(a, b.c), d[0] = e = f\n",
      "0: LOAD r0 builtin f; 1: PART r1 r0 0 2 front; 2: PART r2 r1 0 2 front; 3: "
      "STORE r2 global a; 4: PART r2 r1 1 2 front; 5: LOAD r3 builtin b; 6: SETATTR "
      "r3 r2 c; 7: PART r1 r0 1 2 front; 8: LOAD r2 builtin d; 9: CONST r3 0; 10: "
      "SETITEM r2 r3 r1; 11: STORE r0 global e; 12: CONST r0 None; 13: RETURN r0" },
    { "augmented", 0, "a += 1; b.c -= 2; d[e] *= 3\n",
      "0: LOAD r0 global a; 1: CONST r1 1; 2: BINARY r0 r0 r1 + inplace; 3: STORE r0 "
      "global a; 4: LOAD r0 builtin b; 5: ATTR r1 r0 c; 6: CONST r2 2; 7: BINARY r1 "
      "r1 r2 - inplace; 8: SETATTR r0 r1 c; 9: LOAD r0 builtin d; 10: LOAD r1 "
      "builtin e; 11: ITEM r2 r0 r1; 12: CONST r3 3; 13: BINARY r2 r2 r3 * inplace; "
      "14: SETITEM r0 r1 r2; 15: CONST r0 None; 16: RETURN r0" },
    { "del", 0, "del a, b.c, d[e]\n",
      "0: DELETE global a; 1: LOAD r0 builtin b; 2: DELATTR r0 c; 3: LOAD r0 builtin "
      "d; 4: LOAD r1 builtin e; 5: DELITEM r0 r1; 6: CONST r0 None; 7: RETURN r0" },
    { "annotations", 0, "x: f() = 1; y: int\n",
      "0: CONST r0 1; 1: STORE r0 global x; 2: LOAD r1 builtin f; 3: CALL r1 r1 (); "
      "4: CONST r0 None; 5: RETURN r0" },
    { "imports", 0,
      "import a.b, c as d; from . import e; from ..f.g import h as i; from j import "
      "*\n",
      "0: IMPORT r0 a.b top; 1: STORE r0 global a; 2: IMPORT r0 c; 3: STORE r0 "
      "global d; 4: IMPORT_FROM r0 1  e; 5: STORE r0 global e; 6: IMPORT_FROM r0 2 "
      "f.g h; 7: STORE r0 global i; 8: IMPORT_STAR 0 j; 9: CONST r0 None; 10: RETURN "
      "r0" },
    { "if, elif, else", 0, "if a: b\nelif c: d\nelse: e\n",
      "0: LOAD r0 builtin a; 1: BRANCH r0 @2 @4; 2: LOAD r0 builtin b; 3: JUMP @9; "
      "4: LOAD r0 builtin c; 5: BRANCH r0 @6 @8; 6: LOAD r0 builtin d; 7: JUMP @9; "
      "8: LOAD r0 builtin e; 9: CONST r0 None; 10: RETURN r0" },
    { "while", 0, "while a:\n  if b: break\n  continue\nelse: c\n",
      "0: LOAD r0 builtin a; 1: BRANCH r0 @2 @7; 2: LOAD r0 builtin b; 3: BRANCH r0 "
      "@4 @5; 4: JUMP @8; 5: JUMP @0; 6: JUMP @0; 7: LOAD r0 builtin c; 8: CONST r0 "
      "None; 9: RETURN r0" },
    { "for", 0, "for a, b in c: d\nelse: e\n",
      "0: LOAD r0 builtin c; 1: ITER r0 r0; 2: NEXT r1 r0 @9; 3: PART r2 r1 0 2 "
      "front; 4: STORE r2 global a; 5: PART r2 r1 1 2 front; 6: STORE r2 global b; "
      "7: LOAD r1 builtin d; 8: JUMP @2; 9: LOAD r1 builtin e; 10: CONST r0 None; "
      "11: RETURN r0" },
    { "a comprehension", 0, "[x + y for x in a if x for y in x]\n",
      "0: LIST r0 (); 1: LOAD r1 builtin a; 2: ITER r1 r1; 3: NEXT r2 r1 @17; 4: "
      "STORE r2 local x=s0; 5: LOAD r2 local x=s0; 6: BRANCH r2 @7 @3; 7: LOAD r2 "
      "local x=s0; 8: ITER r2 r2; 9: NEXT r3 r2 @16; 10: STORE r3 local y=s1; 11: "
      "LOAD r3 local x=s0; 12: LOAD r4 local y=s1; 13: BINARY r3 r3 r4 +; 14: APPEND "
      "r0 r3; 15: JUMP @9; 16: JUMP @3; 17: CONST r0 None; 18: RETURN r0" },
    { "a comprehension's names are its own", 1, "def f(x): return {x: 1 for x in x}\n",
      "0: DICT r0 (); 1: LOAD r1 local x=s0; 2: ITER r1 r1; 3: NEXT r2 r1 @9; 4: "
      "STORE r2 local x=s1; 5: LOAD r2 local x=s1; 6: CONST r3 1; 7: PUT r0 r2 r3; "
      "8: JUMP @3; 9: RETURN r0; 10: CONST r0 None; 11: RETURN r0" },
    { "a generator", 0, "any(p in q for p in r)\n",
      "0: LOAD r0 builtin any; 1: LIST r1 () generator; 2: LOAD r2 builtin r; 3: "
      "ITER r2 r2; 4: NEXT r3 r2 @11; 5: STORE r3 local p=s0; 6: LOAD r3 local p=s0; "
      "7: LOAD r4 builtin q; 8: COMPARE r3 r3 r4 in; 9: APPEND r1 r3; 10: JUMP @4; "
      "11: CALL r0 r0 (r1); 12: CONST r0 None; 13: RETURN r0" },
    { "a name bound in a condition", 0, "if (n := f()): n\n",
      "0: LOAD r0 builtin f; 1: CALL r0 r0 (); 2: STORE r0 global n; 3: BRANCH r0 @4 "
      "@5; 4: LOAD r0 global n; 5: CONST r0 None; 6: RETURN r0" },
    { "assert", 0, "assert a, b\n",
      "0: LOAD r0 builtin a; 1: BRANCH r0 @6 @2 assert; 2: LOAD r0 builtin "
      "AssertionError; 3: LOAD r1 builtin b; 4: CALL r0 r0 (r1); 5: RAISE r0 r0 "
      "assert; 6: CONST r0 None; 7: RETURN r0" },
    { "raise", 0, "raise A(b) from c\n",
      "0: LOAD r0 builtin A; 1: LOAD r1 builtin b; 2: CALL r0 r0 (r1); 3: LOAD r1 "
      "builtin c; 4: RAISE r0 r1; 5: CONST r0 None; 6: RETURN r0" },
    { "try", 1,
      "def f():\n try: a\n except (B, C) as e: raise\n except: d\n else: g\n "
      "finally: h\n",
      "0: LOAD r0 builtin a; 1: LOAD r0 builtin g; 2: JUMP @17; 3: CAUGHT r0; 4: "
      "LOAD r1 builtin B; 5: LOAD r2 builtin C; 6: TUPLE r1 (r1 r2); 7: MATCH r1 r0 "
      "r1; 8: BRANCH r1 @9 @13; 9: NOP; 10: STORE r0 local e=s0; 11: RERAISE r0; 12: "
      "JUMP @17; 13: NOP; 14: LOAD r1 builtin d; 15: JUMP @17; 16: RERAISE r0; 17: "
      "LOAD r0 builtin h; 18: JUMP @22; 19: CAUGHT r0 finally; 20: LOAD r1 builtin h; "
      "21: RERAISE r0 finally; 22: CONST r0 None; 23: RETURN r0; [0 1) @3; [0 17) @19" },
    { "finally on each way out", 1,
      "def f():\n for a in b:\n  try:\n   if c: return d\n   break\n  finally: e\n",
      "0: LOAD r0 builtin b; 1: ITER r0 r0; 2: NEXT r1 r0 @17; 3: STORE r1 local "
      "a=s0; 4: LOAD r1 builtin c; 5: BRANCH r1 @6 @9; 6: LOAD r1 builtin d; 7: LOAD "
      "r2 builtin e; 8: RETURN r1; 9: LOAD r1 builtin e; 10: JUMP @17; 11: LOAD r1 "
      "builtin e; 12: JUMP @16; 13: CAUGHT r1 finally; 14: LOAD r2 builtin e; 15: "
      "RERAISE r1 finally; 16: JUMP @2; 17: CONST r0 None; 18: RETURN r0; [4 7) @13" },
    { "with", 1, "def f():\n with a as b, c: return d\n",
      "0: LOAD r0 builtin a; 1: ENTER r1 r0; 2: STORE r1 local b=s0; 3: LOAD r1 "
      "builtin c; 4: ENTER r2 r1; 5: LOAD r2 builtin d; 6: CONST r3 None; 7: EXIT r3 "
      "r1 r3; 8: CONST r3 None; 9: EXIT r3 r0 r3; 10: RETURN r2; 11: CONST r2 None; "
      "12: EXIT r2 r1 r2; 13: JUMP @18; 14: CAUGHT r2 finally; 15: EXIT r3 r1 r2; "
      "16: BRANCH r3 @18 @17; 17: RERAISE r2 finally; 18: CONST r1 None; 19: EXIT r1 "
      "r0 r1; 20: JUMP @25; 21: CAUGHT r1 finally; 22: EXIT r2 r0 r1; 23: BRANCH r2 "
      "@25 @24; 24: RERAISE r1 finally; 25: CONST r0 None; 26: RETURN r0; [5 6) @14; "
      "[2 8) @21; [11 18) @21" },
    { "async", 1, "async def f():\n async with a: pass\n async for b in c: await d\n",
      "0: LOAD r0 builtin a; 1: ENTER r1 r0 async; 2: CONST r1 None; 3: EXIT r1 r0 "
      "r1 async; 4: JUMP @5; 5: LOAD r0 builtin c; 6: ITER r0 r0 async; 7: NEXT r1 "
      "r0 @12 async; 8: STORE r1 local b=s0; 9: LOAD r1 builtin d; 10: AWAIT r1 r1; "
      "11: JUMP @7; 12: CONST r0 None; 13: RETURN r0" },
    { "yield", 1, "def f():\n x = yield a\n yield from b\n",
      "0: LOAD r0 builtin a; 1: YIELD r0 r0; 2: STORE r0 local x=s0; 3: LOAD r0 "
      "builtin b; 4: YIELD_FROM r0 r0; 5: CONST r0 None; 6: RETURN r0" },
    { "def and defaults", 0, "@a\n@b(c)\ndef f(d, /, e=1, *g, h=2, **i): pass\n",
      "0: LOAD r0 builtin a; 1: LOAD r1 builtin b; 2: LOAD r2 builtin c; 3: CALL r1 "
      "r1 (r2); 4: CONST r2 1; 5: CONST r3 2; 6: FUNC r2 1 f (e=r2 h=r3); 7: CALL r1 "
      "r1 (r2) decorator; 8: CALL r0 r0 (r1) decorator; 9: STORE r0 global f; 10: "
      "CONST r0 None; 11: RETURN r0" },
    { "class", 0, "class A(B, metaclass=C): pass\n",
      "0: LOAD r0 builtin B; 1: LOAD r1 builtin C; 2: CLASS r0 1 A (r0 "
      "metaclass=r1); 3: STORE r0 global A; 4: CONST r0 None; 5: RETURN r0" },
    { "a class's body", 1, "class A:\n x = 1\n y = x, z\n z2 = lambda: x\n",
      "0: CONST r0 1; 1: STORE r0 classed x=s0; 2: LOAD r0 classed x=s0; 3: LOAD r1 "
      "builtin z; 4: TUPLE r0 (r0 r1); 5: STORE r0 classed y=s1; 6: FUNC r0 2 (); 7: "
      "STORE r0 classed z2=s2; 8: CONST r0 None; 9: RETURN r0" },
    { "a method does not see the class's names", 2, "class A:\n x = 1\n def f(self): return x\n",
      "0: LOAD r0 builtin x; 1: RETURN r0; 2: CONST r0 None; 3: RETURN r0" },
    { "inner functions", 2, "def f(a):\n b = 1\n def g():\n  nonlocal b\n  b = a\n return g\n",
      "0: LOAD r0 cell a=s0of1; 1: STORE r0 cell b=s1of1; 2: CONST r0 None; 3: "
      "RETURN r0" },
    { "global", 1, "def f():\n global x\n x = y\ny = 1\n",
      "0: LOAD r0 global y; 1: STORE r0 global x; 2: CONST r0 None; 3: RETURN r0" },
    { "lambda", 1, "lambda a, b=c: a + b + d\n",
      "0: LOAD r0 local a=s0; 1: LOAD r1 local b=s1; 2: BINARY r0 r0 r1 +; 3: LOAD "
      "r1 builtin d; 4: BINARY r0 r0 r1 +; 5: RETURN r0" },
    { "match: values and alternatives", 0,
      "match a:\n case 1 | None: b\n case 'x' if c: d\n case _: e\n",
      "0: LOAD r0 builtin a; 1: CONST r1 1; 2: COMPARE r1 r0 r1 ==; 3: BRANCH r1 @4 "
      "@5; 4: JUMP @8; 5: CONST r1 None; 6: COMPARE r1 r0 r1 is; 7: BRANCH r1 @8 "
      "@10; 8: LOAD r1 builtin b; 9: JUMP @19; 10: CONST r1 'x'; 11: COMPARE r1 r0 "
      "r1 ==; 12: BRANCH r1 @13 @17; 13: LOAD r1 builtin c; 14: BRANCH r1 @15 @17; "
      "15: LOAD r1 builtin d; 16: JUMP @19; 17: LOAD r1 builtin e; 18: JUMP @19; 19: "
      "CONST r0 None; 20: RETURN r0" },
    { "match: sequences, mappings, classes", 0,
      "match a:\n case [1, *b]: c\n case {'k': d, **e}: f\n case G(h, i=0) as j: k\n",
      "0: LOAD r0 builtin a; 1: IS_SEQUENCE r1 r0 1 1; 2: BRANCH r1 @3 @11; 3: PART "
      "r1 r0 0 2 front; 4: CONST r2 1; 5: COMPARE r2 r1 r2 ==; 6: BRANCH r2 @7 @11; "
      "7: PART r1 r0 1 2 rest; 8: STORE r1 global b; 9: LOAD r1 builtin c; 10: JUMP "
      "@33; 11: IS_MAPPING r1 r0; 12: BRANCH r1 @13 @21; 13: CONST r1 'k'; 14: "
      "HAS_KEY r2 r0 r1; 15: BRANCH r2 @16 @21; 16: ITEM r2 r0 r1; 17: STORE r2 "
      "global d; 18: STORE r0 global e; 19: LOAD r1 builtin f; 20: JUMP @33; 21: "
      "LOAD r1 builtin G; 22: IS_INSTANCE r1 r0 r1; 23: BRANCH r1 @24 @33; 24: PART "
      "r1 r0 0 1 front; 25: STORE r1 global h; 26: ATTR r1 r0 i; 27: CONST r2 0; 28: "
      "COMPARE r2 r1 r2 ==; 29: BRANCH r2 @30 @33; 30: STORE r0 global j; 31: LOAD "
      "r1 builtin k; 32: JUMP @33; 33: CONST r0 None; 34: RETURN r0" },
};

TEST(lower_instructions)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lowered l;
        char *text = NULL;
        size_t n = 0;
        FILE *out = open_memstream(&text, &n);

        lower(&l, span_text(rows[i].source), (size_t)1 << 20);
        if (out && l.m && rows[i].function < l.m->functions_n)
            ir_dump_function(out, l.m, rows[i].function);
        if (out)
            (void)fclose(out);
        CHECK(text && strcmp(text, rows[i].want) == 0, "%s:\n# got  %s\n# want %s", rows[i].what,
              text, rows[i].want);
        free(text);
        done(&l);
    }
}

/* ---- what each function has ---- */

TEST(lower_functions)
{
    static const char source[] = "x = 1\n"
                                 "async def f(a, /, b, *c, d=1, **e):\n"
                                 "  def g():\n"
                                 "    yield a\n"
                                 "class C: pass\n";
    static const unsigned kinds[] = { OP_ARG_POSONLY, OP_ARG, OP_ARG_STAR, OP_ARG_KWONLY,
                                      OP_ARG_DSTAR };
    const struct ir_function *f, *g;
    struct lowered l;

    lower(&l, SPAN_LITERAL(source), (size_t)1 << 20);
    CHECK(l.m && l.m->functions_n == 4, "four functions");
    if (l.m && l.m->functions_n == 4) {
        f = &l.m->functions[1], g = &l.m->functions[2];
        CHECK(f->is_async && !f->is_generator && f->params_n == 5, "f");
        for (unsigned i = 0; i < 5 && i < f->params_n; i++) {
            CHECK(f->params[i].kind == kinds[i] && f->params[i].slot == i, "parameter %u", i);
            CHECK(f->params[i].has_default == (i == 3), "default of %u", i);
        }
        CHECK(f->vars[0].captured && !f->vars[1].captured, "a is captured");
        CHECK(!g->is_async && g->is_generator && g->parent == 1, "g");
        CHECK(span_is(ir_name_text(&l.names, g->name), "g"), "its name");
        CHECK(l.m->functions[3].kind == IR_CLASS_BODY && !l.m->functions[3].parent, "C");
        CHECK(ir_line(l.m, f->off) == 2 && ir_line(l.m, g->off) == 3, "lines");
    }
    done(&l);
}

TEST(lower_names)
{
    struct arena arena;
    struct ir_names names;
    char text[16];

    arena_init(&arena, (size_t)1 << 20);
    CHECK(ir_names_init(&names, &arena), "a table");
    for (unsigned i = 0; i < 1000; i++) {
        int n = snprintf(text, sizeof text, "name%u", i);

        CHECK(ir_name(&names, span_of(text, (size_t)n)) == i + 1, "name %u", i);
    }
    CHECK(ir_name(&names, SPAN_LITERAL("name7")) == 8, "the same again");
    CHECK(ir_name_find(&names, SPAN_LITERAL("name999")) == 1000, "found");
    CHECK(ir_name_find(&names, SPAN_LITERAL("none")) == 0, "not there");
    CHECK(ir_name(&names, SPAN_EMPTY) == 0 && ir_name_text(&names, 0).n == 0, "the empty one");
    arena_reset(&arena);
}

/* ---- what does not fit ---- */

/* head, then times part, then tail. */
static char *repeated(const char *head, const char *part, unsigned times, const char *tail)
{
    size_t n = strlen(head) + strlen(part) * times + strlen(tail) + 1;
    char *text = malloc(n), *at = text;

    if (!text)
        return NULL;
    at = stpcpy(at, head);
    while (times--)
        at = stpcpy(at, part);
    stpcpy(at, tail);
    return text;
}

static const struct {
    const char *what, *head, *part;
    unsigned times;
    const char *tail, *why; /* NULL: it fits */
} bounds[] = {
    { "a long sum", "x = 1", " + y", 50000, "\n", NULL },
    { "a long chain", "x", ".a(b)[c]", 20000, "\n", NULL },
    { "many elif", "if a: b\n", "elif c: d\n", 20000, "else: e\n", NULL },
    { "a long list", "x = [", "1, ", 50000, "]\n", NULL },
    { "a long tuple", "x = (", "a, ", 50000, ")\n", NULL },
    { "a long dict", "x = {", "1: a, ", 50000, "**b}\n", NULL },
    { "many names of and", "x = a", " and b", 50000, "\n", NULL },
    { "many targets", "(", "a, ", 20000, ") = b\n", NULL },
    { "many strings", "x = (", "'a' ", 50000, ")\n", NULL },
    { "a deep unary", "x = ", "not ", 1500, "y\n", "nested too deeply" },
    { "a deep choice", "x = ", "a if b else ", 1200, "c\n", "nested too deeply" },
    { "deep lambdas", "x = ", "lambda: ", 150, "y\n", "nested too deeply" },
    { "a call with very many arguments", "f(", "a, ", 5000, ")\n", "too many values at once" },
    { "it does not parse", "x = = 1", "", 0, "\n", "it does not parse" },
};

TEST(lower_bounds)
{
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        char *text = repeated(bounds[i].head, bounds[i].part, bounds[i].times, bounds[i].tail);
        struct lowered l;

        if (!text)
            return;
        lower(&l, span_text(text), (size_t)64 << 20);
        if (bounds[i].why)
            CHECK(l.status == PRATIQUE_E_FORMAT && !l.m && strcmp(l.why, bounds[i].why) == 0,
                  "%s: %d %s", bounds[i].what, l.status, l.why);
        else
            CHECK(l.status == PRATIQUE_OK && l.m, "%s: %d %s", bounds[i].what, l.status, l.why);
        done(&l);
        free(text);
    }
}

/* finally blocks within finally blocks are copied, three times each: not for ever. */
TEST(lower_copies)
{
    char *text = malloc(4096), *at = text;
    struct lowered l;

    if (!text)
        return;
    for (int i = 0; i < 40; i++)
        at += sprintf(at, "%*stry: a\n%*sfinally:\n", i, "", i, "");
    (void)sprintf(at, "%*sb\n", 40, "");
    lower(&l, span_text(text), (size_t)64 << 20);
    CHECK(l.status == PRATIQUE_E_FORMAT && strcmp(l.why, "too many instructions") == 0, "%d %s",
          l.status, l.why);
    done(&l);
    free(text);
}

/* Whatever the arena's ceiling, it either fits or is refused. */
TEST(lower_ceilings)
{
    for (size_t ceiling = 0; ceiling < 20000; ceiling += 96) {
        struct lowered l;

        lower(&l, span_text(rows[30].source), ceiling);
        CHECK((l.status == PRATIQUE_OK) == (l.m != NULL), "ceiling %zu: %d", ceiling, l.status);
        CHECK(l.status == PRATIQUE_OK || l.status == PRATIQUE_E_FORMAT ||
                  l.status == PRATIQUE_E_NOMEM,
              "ceiling %zu: %d", ceiling, l.status);
        done(&l);
    }
}
