/* torch legacy, the tar form, TorchScript: tables, real files, sweeps. */
#include "format/torch/torch.h"

#include "format/torch/simple.h"
#include "model.h"

#define MAGIC "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
#define P1001 "\x80\x02M\xe9\x03."
#define SYS   "\x80\x02}q\x01."
#define STORAGE(class, key, numel)                                                                 \
    "(X\x07\0\0\0storagectorch\n" class "\nX\x01\0\0\0" key "X\x03\0\0\0cpuK" numel "NtQ"
#define KEYS1                                                                                      \
    "\x80\x02]q\x01X\x01\0\0\0aq\x02"                                                              \
    "a."
#define I64(n) n "\0\0\0\0\0\0\0"

static const struct {
    const char *what;
    struct span in;
    bool is;
} magics[] = {
    { "protocol 2", SPAN_LITERAL(MAGIC), true },
    { "protocol 3", SPAN_LITERAL("\x80\x03\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.x"),
      true },
    { "protocol 4 with a frame",
      SPAN_LITERAL(
          "\x80\x04\x95\x0d\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."),
      true },
    { "protocol 0", SPAN_LITERAL("L119547037146038801333356L\n."), true },
    { "LONG4", SPAN_LITERAL("\x80\x02\x8b\x0a\0\0\0\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."),
      true },
    { "another number", SPAN_LITERAL("\x80\x02\x8a\x0a\x6d\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."),
      false },
    { "no end", SPAN_LITERAL("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"), false },
    { "something on top",
      SPAN_LITERAL("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19N."), false },
    { "nothing", SPAN_LITERAL(""), false },
};

TEST(torch_magic)
{
    for (size_t i = 0; i < ARRAY_LEN(magics); i++)
        CHECK(format_torch_legacy.looks_like(magics[i].in) == magics[i].is, "%s", magics[i].what);
}

static const struct {
    const char *what;
    struct span in;
    const char *keys; /* joined with a space; NULL: no list of strings */
} lists[] = {
    { "empty, protocol 2", SPAN_LITERAL("\x80\x02]q\0."), "" },
    { "one", SPAN_LITERAL(KEYS1), "a" },
    { "two",
      SPAN_LITERAL("\x80\x02]q\x01(X\x01\0\0\0aq\x02X\x02\0\0\0bcq\x03"
                   "e."),
      "a bc" },
    { "batches", SPAN_LITERAL("\x80\x02](X\x01\0\0\0ae(X\x01\0\0\0be."), "a b" },
    { "protocol 0", SPAN_LITERAL("(lp0\nVa\np1\naVb\np2\na."), "a b" },
    { "protocol 4", SPAN_LITERAL("\x80\x04\x95\x09\0\0\0\0\0\0\0]\x94\x8c\x01\x61\x94\x61."), "a" },
    { "Python 2", SPAN_LITERAL("\x80\x02]q\x01U\x01\x61q\x02\x61."), "a" },
    { "no list", SPAN_LITERAL("\x80\x02X\x01\0\0\0a."), NULL },
    { "an int",
      SPAN_LITERAL("\x80\x02](K\x01"
                   "e."),
      NULL },
    { "a tuple", SPAN_LITERAL("\x80\x02(X\x01\0\0\0at."), NULL },
    { "a string that is not appended", SPAN_LITERAL("\x80\x02]X\x01\0\0\0a."), NULL },
    { "a mark that stays", SPAN_LITERAL("\x80\x02](X\x01\0\0\0a."), NULL },
    { "from the memo",
      SPAN_LITERAL("\x80\x02](X\x01\0\0\0aq\x01h\x01"
                   "e."),
      NULL },
    { "popped", SPAN_LITERAL("\x80\x02](X\x01\0\0\0a0e."), NULL },
    { "nested", SPAN_LITERAL("\x80\x02]]a."), NULL },
    { "escaped", SPAN_LITERAL("(lp0\nV\\u0061\na."), NULL },
    { "cut", SPAN_LITERAL("\x80\x02](X\x01\0\0\0a"), NULL },
};

TEST(torch_keys)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct torch_keys k = { .in = lists[i].in };
        char joined[64] = "";
        struct span key;

        while (torch_keys_next(&k, &key))
            (void)snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%.*s",
                           *joined ? " " : "", (int)key.n, (const char *)key.p);
        CHECK(k.broken == !lists[i].keys, "%s: broken", lists[i].what);
        CHECK(!lists[i].keys || strcmp(joined, lists[i].keys) == 0, "%s: %s", lists[i].what,
              joined);
    }
}

static const struct {
    const char *what;
    struct span in;
    enum pratique_status want;
    size_t keys, sizes, trailing;
    uint64_t nested_bytes;
} legacy[] = {
    { "one storage",
      SPAN_LITERAL(MAGIC P1001 SYS "\x80\x02" STORAGE("FloatStorage", "a", "\x02") "." KEYS1 I64(
          "\x02") "\1\2\3\4\5\6\7\10"),
      PRATIQUE_OK, 0, 0, 0, 0 },
    { "two tensors share it",
      SPAN_LITERAL(MAGIC P1001 SYS "\x80\x02" STORAGE("ByteStorage", "a", "\x02")
                       STORAGE("ByteStorage", "a", "\x02") "\x86." KEYS1 I64("\x02") "ab"),
      PRATIQUE_OK, 0, 0, 0, 0 },
    { "bytes behind it",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("ByteStorage", "a", "\x02") "." KEYS1 I64("\x02") "abXYZ"),
      PRATIQUE_OK, 0, 0, 1, 3 },
    { "fewer elements than the pickle says",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("ByteStorage", "a", "\x02") "." KEYS1 I64("\x01") "ab"),
      PRATIQUE_OK, 0, 1, 0, 10 },
    { "longer than the file",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("FloatStorage", "a", "\x02") "." KEYS1 I64("\x02") "abc"),
      PRATIQUE_OK, 1, 0, 0, 11 },
    { "a key that no tensor names",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("ByteStorage", "b", "\x02") "." KEYS1 I64("\x02") "ab"),
      PRATIQUE_OK, 1, 0, 0, 10 },
    { "a storage that no key names",
      SPAN_LITERAL(MAGIC P1001 SYS "\x80\x02" STORAGE("ByteStorage", "b", "\x02") ".\x80\x02]."),
      PRATIQUE_OK, 1, 0, 0, 0 },
    { "a key twice",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("ByteStorage", "a", "\0") ".\x80\x02](X\x01\0\0\0"
                                                                "aX\x01\0\0\0"
                                                                "ae." I64("\0") I64("\0")),
      PRATIQUE_OK, 1, 0, 0, 8 },
    { "a storage of no type that torch has",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("MyStorage", "a", "\x02") "." KEYS1 I64("\x02") "ab"),
      PRATIQUE_OK, 1, 0, 0, 10 },
    { "keys that are no list",
      SPAN_LITERAL(MAGIC P1001 SYS
                   "\x80\x02" STORAGE("ByteStorage", "a", "\x02") ".\x80\x02}." I64("\x02") "ab"),
      PRATIQUE_OK, 1, 0, 0, 10 },
    { "another protocol", SPAN_LITERAL(MAGIC "\x80\x02M\xea\x03.rest"), PRATIQUE_OK, 1, 0, 0, 4 },
    { "the magic number alone", SPAN_LITERAL(MAGIC), PRATIQUE_E_FORMAT, 0, 0, 0, 0 },
    { "cut in the object", SPAN_LITERAL(MAGIC P1001 SYS "\x80\x02("), PRATIQUE_E_FORMAT, 0, 0, 0,
      0 },
};

TEST(torch_legacy_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(legacy); i++) {
        struct bench b;

        bench_run(&b, &format_torch_legacy, legacy[i].in, legacy[i].what);
        CHECK(b.status == legacy[i].want, "%s: %d %s", legacy[i].what, b.status, b.scan.error.msg);
        CHECK(bench_count(&b, FACT_TORCH_KEYS) == legacy[i].keys, "%s: keys", legacy[i].what);
        CHECK(bench_count(&b, FACT_TORCH_STORAGE_SIZE) == legacy[i].sizes, "%s: sizes",
              legacy[i].what);
        CHECK(bench_count(&b, FACT_TRAILING) == legacy[i].trailing, "%s: trailing", legacy[i].what);
        CHECK(b.nested_bytes == legacy[i].nested_bytes, "%s: %d bytes nested", legacy[i].what,
              (int)b.nested_bytes);
        bench_free(&b);
    }
    bench_sweep(&format_torch_legacy, legacy[1].in, "two tensors");
}

/* What is not a magic number's file, but begins like one, is run all the same. */
TEST(torch_legacy_runs_every_pickle)
{
    static const struct span in = SPAN_LITERAL(MAGIC P1001 "\x80\x02"
                                                           "cposix\nsystem\nX\x04\0\0\0true\x85R."
                                                           "\x80\x02"
                                                           "cposix\nputenv\nX\x04\0\0\0true\x85R."
                                                           "\x80\x02"
                                                           "cposix\nunlink\nX\x04\0\0\0true\x85R.");
    struct bench b;

    bench_run(&b, &format_torch_legacy, in, "three calls");
    CHECK(bench_count(&b, FACT_PICKLE_CALL) == 3, "three calls are told");
    bench_free(&b);
}

TEST(torch_files)
{
    static const char *const files[] = { "legacy.pt", "legacy_protocol4.pt", "legacy_types.pt" };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];
        struct bench b;
        struct span in;

        (void)snprintf(path, sizeof path, "tests/fixtures/torch/%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        CHECK(format_torch_legacy.looks_like(in), "%s: recognised", files[i]);
        bench_run(&b, &format_torch_legacy, in, files[i]);
        CHECK(b.status == PRATIQUE_OK, "%s: %s", files[i], b.scan.error.msg);
        CHECK(b.nested == 0 && bench_count(&b, FACT_TRAILING) == 0 &&
                  bench_count(&b, FACT_TORCH_KEYS) == 0 && bench_count(&b, FACT_PICKLE_PERSID) == 0,
              "%s: quiet", files[i]);
        bench_free(&b);
        if (in.n < 1000)
            bench_sweep(&format_torch_legacy, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}

#define ROW(class) "\x80\x02K\x0bX\x03\0\0\0cpuctorch\n" class "\n\x87."

static const struct {
    const char *what, *name;
    struct span in;
    uint64_t nested_bytes;
    size_t trailing;
} tars[] = {
    { "a storage", "storages",
      SPAN_LITERAL("\x80\x02K\x01." ROW("ByteStorage") I64("\x02") "ab\x80\x02]."), 0, 0 },
    { "bytes behind", "storages",
      SPAN_LITERAL("\x80\x02K\x01." ROW("ByteStorage") I64("\x02") "ab\x80\x02].xyz"), 3, 1 },
    { "of no known type", "storages",
      SPAN_LITERAL("\x80\x02K\x01." ROW("OddStorage") I64("\x02") "ab\x80\x02]."), 14, 0 },
    { "longer than the file", "storages",
      SPAN_LITERAL("\x80\x02K\x01." ROW("ByteStorage") I64("\x7f") "ab"), 10, 0 },
    { "a count that is none", "storages", SPAN_LITERAL("\x80\x02].rest"), 4, 0 },
    { "a tensor", "tensors",
      SPAN_LITERAL("\x80\x02K\x01." ROW("FloatTensor") "\x01\0\0\0\0\0\0\0" I64("\x02") I64("\x01")
                       I64("\0")),
      0, 0 },
    { "a tensor of too many dimensions", "tensors",
      SPAN_LITERAL("\x80\x02K\x01." ROW("FloatTensor") "\xff\xff\xff\xff\0\0\0\0"), 8, 0 },
};

TEST(torch_tar_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(tars); i++) {
        struct bench b;

        CHECK(!format_torch_tar.looks_like(tars[i].in), "%s: by role alone", tars[i].what);
        bench_run(&b, &format_torch_tar, tars[i].in, tars[i].name);
        CHECK(b.status == PRATIQUE_OK, "%s: %s", tars[i].what, b.scan.error.msg);
        CHECK(b.nested_bytes == tars[i].nested_bytes, "%s: %d bytes nested", tars[i].what,
              (int)b.nested_bytes);
        CHECK(bench_count(&b, FACT_TRAILING) == tars[i].trailing, "%s: trailing", tars[i].what);
        bench_free(&b);
        bench_sweep(&format_torch_tar, tars[i].in, tars[i].name);
    }
}

static const struct {
    const char *what, *source;
    const char *file, *other; /* subjects of the facts, or NULL */
} scripts[] = {
    { "plain",
      "class M(Module):\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n"
      "    return torch.add(torch.relu(x), x, alpha=1)\n",
      NULL, NULL },
    { "own operators", "ops.prim.data(x)\nops.quantized.linear(x)\nops.torchvision.nms(x)", NULL,
      NULL },
    { "words in strings", "raise \"torch.save(x)\"\ny = 'ops.evil.run'\nz = '''torch.save\n'''",
      NULL, NULL },
    { "words in comments", "# torch.save(x)\nx = 1", NULL, NULL },
    { "an escaped quote", "x = 'it\\'s torch.save(y)'", NULL, NULL },
    { "attributes called ops and torch",
      "class M(Module):\n  ops : int\n  def ops(self): pass\n"
      "  y = self.ops\n  self.torch(torch=1)",
      NULL, NULL },
    { "own functions", "__torch__.mine.save(x)\n(self).saver(x)", NULL, NULL },
    { "bound classes", "__torch__.torch.classes.quantized.Conv2dPackedParamsBase", NULL, NULL },
    { "writes", "torch.save(x, \"p\")", "torch.save", NULL },
    { "reads", "y = torch.from_file('/etc/passwd', False, 10)", "torch.from_file", NULL },
    { "spread out", "torch . \\\n  save (x)", "torch.save", NULL },
    { "not called at once", "f = torch.save\nf(x)", "torch.save", NULL },
    { "as an operator", "ops.aten.save(x, 'p')", "ops.aten.save", NULL },
    { "by torch.ops", "torch.ops.aten.save(x, 'p')", "torch.ops.aten.save", NULL },
    { "another machine", "ops.prim.rpc_sync(a)", "ops.prim.rpc_sync", NULL },
    { "another library's file", "ops.image.read_file(p)", "ops.image.read_file", NULL },
    { "another library", "ops.mine.run(x)", NULL, "ops.mine.run" },
    { "its class", "x : __torch__.torch.classes.mine.Thing", NULL,
      "__torch__.torch.classes.mine.Thing" },
    { "a namespace under another name", "a = ops.aten\na.save(x)", NULL, "ops.aten" },
    { "torch under another name", "t = torch\nt.from_file(x)", NULL, "torch" },
    { "torch in parentheses", "(torch).from_file(x)", NULL, "torch" },
    { "torch by getattr", "getattr(torch, 'save')(x)", NULL, "torch" },
    { "as a method", "(x).save('p')", NULL, "save" },
    { "as a method of a name", "x.save('p')", NULL, "save" },
    { "a type comment", "# type: torch.save\n", "torch.save", NULL },
    { "after a string", "x = 'a' + torch.save(y)", "torch.save", NULL },
    { "after a triple string", "x = '''a''' + torch.save(y)", "torch.save", NULL },
    { "after an escaped backslash", "x = 'a\\\\' + torch.save(y) + 'b'", "torch.save", NULL },
    { "after a comment", "# it's\ntorch.save(y) # '", "torch.save", NULL },
};

TEST(torchscript_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        const struct fact *file, *other;
        struct bench b;

        bench_run(&b, &format_torchscript, span_text(scripts[i].source), scripts[i].what);
        file = bench_fact(&b, FACT_TORCHSCRIPT_FILE);
        other = bench_fact(&b, FACT_TORCHSCRIPT_OPERATOR);
        CHECK(b.status == PRATIQUE_OK && b.nested == 0, "%s: %s", scripts[i].what,
              b.scan.error.msg);
        CHECK(scripts[i].file ? file && span_is(file->subject, scripts[i].file) : !file, "%s: file",
              scripts[i].what);
        CHECK(!scripts[i].other || (other && span_is(other->subject, scripts[i].other)),
              "%s: other", scripts[i].what);
        CHECK(scripts[i].other || scripts[i].file || !other, "%s: quiet", scripts[i].what);
        bench_free(&b);
    }
}

TEST(torchscript_place_and_count)
{
    struct bench b;
    const struct fact *f;

    bench_run(&b, &format_torchscript,
              SPAN_LITERAL("x = 1\n  torch.save(x)\ntorch.save(y)\ntorch.save(z)"), "three");
    f = bench_fact(&b, FACT_TORCHSCRIPT_FILE);
    CHECK(f && f->line == 2 && f->column == 3 && f->offset == 8 && f->count == 3, "2:3, three");
    bench_free(&b);
}

TEST(torchscript_other_content)
{
    static const struct {
        const char *what;
        struct span in;
        enum pratique_status want;
        uint64_t nested;
    } content[] = {
        { "a pickle", SPAN_LITERAL("\x80\x02N."), PRATIQUE_E_FORMAT, 1 },
        { "a pickle of text", SPAN_LITERAL("cposix\nsystem\n(S'x'\ntR."), PRATIQUE_OK, 1 },
        { "control characters", SPAN_LITERAL("x = 1\1"), PRATIQUE_E_FORMAT, 1 },
        { "a string without end", SPAN_LITERAL("x = 'a\ntorch.save(y)"), PRATIQUE_E_FORMAT, 1 },
        { "nothing", SPAN_LITERAL(""), PRATIQUE_OK, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(content); i++) {
        struct bench b;

        bench_run(&b, &format_torchscript, content[i].in, content[i].what);
        CHECK(b.status == content[i].want, "%s: %s", content[i].what, b.scan.error.msg);
        CHECK(b.nested == content[i].nested, "%s: nested", content[i].what);
        bench_free(&b);
    }
    bench_sweep(&format_torchscript, span_text(scripts[0].source), "plain");
    bench_sweep(&format_torchscript, span_text(scripts[2].source), "strings");
}

TEST(torch_bytecode)
{
    static const struct span in =
        SPAN_LITERAL("\x80\x02(X\x09\0\0\0aten::addX\x0a\0\0\0aten::saveX\x09\0\0\0my::op.x1"
                     "X\x05\0\0\0::abcX\x05\0\0\0a b::t.");
    struct bench b;
    const struct fact *f;

    bench_run(&b, &format_torch_bytecode, in, "bytecode.pkl");
    CHECK(b.status == PRATIQUE_OK, "%s", b.scan.error.msg);
    f = bench_fact(&b, FACT_TORCHSCRIPT_FILE);
    CHECK(f && span_is(f->subject, "aten::save"), "aten::save");
    f = bench_fact(&b, FACT_TORCHSCRIPT_OPERATOR);
    CHECK(f && span_is(f->subject, "my::op.x1"), "my::op");
    CHECK(bench_count(&b, FACT_TORCHSCRIPT_OPERATOR) == 1, "and nothing else");
    bench_free(&b);
}
