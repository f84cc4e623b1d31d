/* Layouts: which archive is told what it is, and which member is spared from being read. */
#include "format/layout.h"

#include "model.h"

#define MEMBERS_MAX 12

static const struct {
    const char *what, *kind, *layout; /* layout: NULL for none */
    const char *names[MEMBERS_MAX];
    enum role roles[MEMBERS_MAX];
    size_t unread; /* how many MODEL_UNREAD */
} rows[] = {
    { "torch.save",
      "zip",
      "torch",
      { "m/data.pkl", "m/.format_version", "m/.storage_alignment", "m/byteorder", "m/data/0",
        "m/data/17", "m/version", "m/.data/serialization_id" },
      { ROLE_TORCH_PICKLE, ROLE_TEXT, ROLE_TEXT, ROLE_TEXT, ROLE_TENSOR, ROLE_TENSOR, ROLE_TEXT,
        ROLE_TEXT },
      0 },
    { "torch.jit.save",
      "zip",
      "torchscript",
      { "s/data.pkl", "s/constants.pkl", "s/code/__torch__.py", "s/code/__torch__/a/b.py",
        "s/code/__torch__.py.debug_pkl", "s/constants/0", "s/data/0", "s/version",
        "s/traced_inputs/0", "s/bytecode.pkl", "s/extra/notes" },
      { ROLE_TORCHSCRIPT_PICKLE, ROLE_TORCHSCRIPT_PICKLE, ROLE_TORCHSCRIPT, ROLE_TORCHSCRIPT,
        ROLE_TORCHSCRIPT_PICKLE, ROLE_TENSOR, ROLE_TENSOR, ROLE_TEXT, ROLE_TENSOR,
        ROLE_TORCH_BYTECODE, ROLE_ANY },
      0 },
    { "almost a storage's name",
      "zip",
      "torch",
      { "m/data.pkl", "m/version", "m/data/0x", "m/data/", "m/data/0/1", "m/data/-1", "m/DATA/0",
        "m/data//0", "m/data/0 ", "m/data/../data.pkl", "m/m/data/0",
        "m/data/000000000000000000000" },
      { ROLE_TORCH_PICKLE, ROLE_TEXT },
      0 },
    { "two folders: nothing is spared",
      "zip",
      "torch, several folders",
      { "m/data.pkl", "m/version", "m/data/0", "n/data.pkl", "n/data/0" },
      { ROLE_TORCH_PICKLE, ROLE_TEXT, ROLE_ANY, ROLE_TORCH_PICKLE, ROLE_ANY },
      0 },
    { "a member at the top: nothing is spared",
      "zip",
      "torch, several folders",
      { "m/data.pkl", "m/version", "m/data/0", "__main__.py" },
      { ROLE_TORCH_PICKLE, ROLE_TEXT, ROLE_ANY, ROLE_ANY },
      0 },
    { "an empty folder name",
      "zip",
      NULL,
      { "/data.pkl", "/version", "/data/0" },
      { ROLE_ANY },
      0 },
    { "no folder", "zip", NULL, { "data.pkl", "version", "data/0" }, { ROLE_ANY }, 0 },
    { "a pickle alone", "zip", NULL, { "m/data.pkl", "m/other" }, { ROLE_ANY }, 0 },
    { "torch.export",
      "zip",
      "torch export",
      { "e/archive_format", "e/models/model.json", "e/data/weights/weight_0", "e/byteorder",
        "e/data/sample_inputs/model.pt" },
      { ROLE_TEXT, ROLE_TORCH_EXPORT, ROLE_TENSOR, ROLE_TEXT, ROLE_ANY },
      0 },
    { "torch.export before 2.8",
      "zip",
      "torch export",
      { "serialized_exported_program.json", "serialized_state_dict.pt", "version" },
      { ROLE_TORCH_EXPORT, ROLE_ANY, ROLE_ANY },
      0 },
    { "torch.package",
      "zip",
      "torch package",
      { "p/.data/extern_modules", "p/.data/0.storage", "p/mine.py", "p/a/model.pkl",
        "p/.data/x.storage", "p/.data/version" },
      { ROLE_TEXT, ROLE_TENSOR, ROLE_ANY, ROLE_TORCH_PICKLE, ROLE_ANY, ROLE_TEXT },
      1 },
    { "torch.package of two folders",
      "zip",
      "torch package",
      { "p/.data/extern_modules", "p/.data/0.storage", "q/x" },
      { ROLE_ANY },
      1 },
    { "torch zip that is a package as well",
      "zip",
      "torch",
      { "p/data.pkl", "p/version", "p/.data/extern_modules", "p/.data/0.storage" },
      { ROLE_TORCH_PICKLE, ROLE_TEXT, ROLE_TEXT, ROLE_ANY },
      1 },
    { "torch tar",
      "tar",
      "torch tar",
      { "sys_info", "pickle", "storages", "tensors" },
      { ROLE_ANY, ROLE_TORCH_TAR, ROLE_TORCH_TAR, ROLE_TORCH_TAR },
      0 },
    { "the same names in a zip",
      "zip",
      NULL,
      { "pickle", "storages", "tensors" },
      { ROLE_ANY },
      0 },
    { "npz", "zip", "npz", { "a.npy", "folder/b.npy" }, { ROLE_ANY }, 0 },
    { "not npz alone", "zip", NULL, { "a.npy", "b.txt" }, { ROLE_ANY }, 0 },
    { "skops", "zip", "skops", { "1.npy", "schema.json" }, { ROLE_ANY }, 0 },
    { "keras",
      "zip",
      "keras",
      { "metadata.json", "config.json", "model.weights.h5" },
      { ROLE_KERAS_CONFIG, ROLE_KERAS_CONFIG, ROLE_ANY },
      0 },
    { "a config alone", "zip", NULL, { "config.json", "model.safetensors" }, { ROLE_ANY }, 0 },
    { "wheel", "zip", "wheel", { "a/__init__.py", "a-1.dist-info/WHEEL" }, { ROLE_ANY }, 0 },
    { "not a wheel",
      "zip",
      NULL,
      { "a/b-1.dist-info/WHEEL", "a-1.dist-info/x/WHEEL" },
      { ROLE_ANY },
      0 },
    { "sdist", "tar", "sdist", { "a-1/setup.py", "a-1/PKG-INFO" }, { ROLE_ANY }, 0 },
    { "egg", "zip", "egg", { "EGG-INFO/PKG-INFO" }, { ROLE_ANY }, 0 },
    { "jar", "zip", "jar", { "META-INF/MANIFEST.MF" }, { ROLE_ANY }, 0 },
    { "nothing", "zip", NULL, { NULL }, { ROLE_ANY }, 0 },
};

static size_t count_unread(const struct archive *a)
{
    struct bench b;
    size_t n;

    bench_init(&b);
    layout_report(&b.scan, a);
    n = bench_count(&b, FACT_MODEL_UNREAD);
    bench_free(&b);
    return n;
}

TEST(layout_rows)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct member members[MEMBERS_MAX];
        struct archive a = { rows[i].kind, members, 0 };
        const struct layout *layout;

        for (; a.n < MEMBERS_MAX && rows[i].names[a.n]; a.n++)
            members[a.n] = (struct member){ .name = span_text(rows[i].names[a.n]),
                                            .raw = SPAN_EMPTY,
                                            .stored = true };
        layout = layout_of(&a);
        CHECK(!layout == !rows[i].layout, "%s: %s", rows[i].what, layout ? layout->name : "none");
        CHECK(!layout || !rows[i].layout || strcmp(layout->name, rows[i].layout) == 0, "%s: %s",
              rows[i].what, layout ? layout->name : "");
        for (size_t m = 0; layout && m < a.n; m++)
            CHECK((layout->role ? layout->role(&a, &members[m]) : ROLE_ANY) == rows[i].roles[m],
                  "%s: %s", rows[i].what, rows[i].names[m]);
        CHECK(count_unread(&a) == rows[i].unread, "%s: unread", rows[i].what);
    }
}

/* A weight that the archive's JSON could call a pickle is looked at. */
TEST(layout_export_weights)
{
    static const struct {
        const char *what;
        struct span raw;
        bool stored;
        enum role want;
    } weights[] = {
        { "numbers", SPAN_LITERAL("\0\0\x80\x3f"), true, ROLE_TENSOR },
        { "numbers, compressed", SPAN_LITERAL("\0\0\x80\x3f"), false, ROLE_ANY },
        { "a zip", SPAN_LITERAL("PK\x03\x04"), true, ROLE_ANY },
        { "a pickle", SPAN_LITERAL("\x80\x02N."), true, ROLE_ANY },
        { "a pickle without a magic number", SPAN_LITERAL("cos\nsystem\n(S'x'\ntR."), true,
          ROLE_ANY },
    };

    for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
        struct member members[] = {
            { .name = SPAN_LITERAL("e/data/weights/weight_0"),
              .raw = weights[i].raw,
              .stored = weights[i].stored },
            { .name = SPAN_LITERAL("e/archive_format"), .raw = SPAN_EMPTY, .stored = true },
        };
        struct archive a = { "zip", members, 2 };
        const struct layout *layout = layout_of(&a);

        CHECK(layout && layout->role(&a, &members[0]) == weights[i].want, "%s", weights[i].what);
    }
}
