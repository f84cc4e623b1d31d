/* Models as a whole: names, paths, parts, and more files than are followed. */
#include "scan/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "format/model/sketch.h"
#include "test.h"

TEST(model_folder_patterns)
{
    static const struct {
        const char *pattern, *name;
        bool fits;
    } rows[] = {
        { "config.json", "config.json", true },
        { "config.json", "xconfig.json", false },
        { "config.json", "config.jsonl", false },
        { "*.gguf", "a.gguf", true },
        { "*.gguf", ".gguf", true },
        { "*.gguf", "gguf", false },
        { "model-*-of-*.safetensors", "model-00001-of-00002.safetensors", true },
        { "model-*-of-*.safetensors", "model-of-1.safetensors", false },
        { "a*b*c", "aXbXbXc", true },
        { "a*b*c", "acb", false },
        { "*", "", true },
        { "", "", true },
        { "", "a", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(model_name_fits(rows[i].pattern, span_text(rows[i].name)) == rows[i].fits, "%s: %s",
              rows[i].pattern, rows[i].name);
}

TEST(model_folder_paths)
{
    static const struct {
        const char *from, *path, *want;
    } rows[] = {
        { "", "a.bin", "a.bin" },         { "m/", "a.bin", "m/a.bin" },
        { "m/", "./a.bin", "m/a.bin" },   { "m/n/", "../a.bin", "m/a.bin" },
        { "m/n/", "../../a", "a" },       { "m/", "../../../a", "a" },
        { "m/", "b//c", "m/b/c" },        { "m/", "b/./c", "m/b/c" },
        { "m/", "b/../c", "m/c" },        { "m/", ".", "m/" },
        { "a/b/c/", "../../x/", "a/x/" }, { "m/", "", "m/" },
    };
    struct arena a;

    arena_init(&a, 65536);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span got = model_resolve(&a, span_text(rows[i].from), span_text(rows[i].path));

        CHECK(span_is(got, rows[i].want), "%s and %s: %.*s", rows[i].from, rows[i].path, (int)got.n,
              (const char *)got.p);
    }
    arena_reset(&a);
}

TEST(model_folder_parts)
{
    static const struct {
        const char *path, *stem, *ending;
        uint32_t number, of;
    } rows[] = {
        { "model-00002-of-00005.safetensors", "model", ".safetensors", 2, 5 },
        { "a/b-00001-of-00001.gguf", "a/b", ".gguf", 1, 1 },
        { "m-00001-of-00002", "m", "", 1, 2 },
        { "m-1-of-2.bin", NULL, NULL, 0, 0 },
        { "m-0000a-of-00002.bin", NULL, NULL, 0, 0 },
        { "m-00001-of-00002x.bin", NULL, NULL, 0, 0 },
        { "m-00001-of-00002/x.bin", NULL, NULL, 0, 0 },
        { "", NULL, NULL, 0, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model_part p;
        bool is = model_part(span_text(rows[i].path), &p);

        CHECK(is == (rows[i].stem != NULL), "%s", rows[i].path);
        if (is && rows[i].stem)
            CHECK(span_is(p.stem, rows[i].stem) && span_is(p.ending, rows[i].ending) &&
                      p.number == rows[i].number && p.of == rows[i].of,
                  "%s: what it is", rows[i].path);
    }
}

/* A file that was read and admitted. */
static void note(struct model_set *m, const char *path)
{
    struct task *t = task_new(path, -1, NULL);
    struct pratique_report rep = { .path = path, .judged.verdict = PRATIQUE_ADMIT };

    CHECK(t, "no memory");
    if (!t)
        return;
    task_fact(t, FACT_READ, "%s", "");
    model_set_note(m, t, &rep, "root");
    task_free(t);
}

static size_t count(const struct task *t, enum fact_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < t->facts.n; i++)
        n += t->facts.list[i].kind == kind;
    return n;
}

TEST(model_folder_outermost)
{
    static const char *const paths[] = { "root/a/config.json",     "root/a/model.safetensors",
                                         "root/a/onnx/model.onnx", "root/b/model.onnx",
                                         "root/c/config.json",     "root/ab/readme.txt" };
    struct model_set m;

    model_set_init(&m);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        note(&m, paths[i]);
    model_set_find(&m);
    CHECK(m.folders_n == 2, "%zu models", m.folders_n);
    if (m.folders_n == 2) {
        CHECK(span_is(m.folders[0].path, "a/") && m.folders[0].to - m.folders[0].from == 3, "a");
        CHECK(strcmp(m.folders[0].kind, "transformers") == 0, "kind of a");
        CHECK(span_is(m.folders[1].path, "b/") && strcmp(m.folders[1].kind, "ONNX") == 0, "b");
    }
    model_set_free(&m);
}

TEST(model_folder_of_too_many_files)
{
    struct model_set m;
    struct task *t;
    char path[64];

    model_set_init(&m);
    note(&m, "root/config.json");
    note(&m, "root/model.safetensors");
    for (size_t i = 0; i < MODEL_FILES_MAX; i++) {
        (void)snprintf(path, sizeof path, "root/f%zu", i);
        note(&m, path);
    }
    CHECK(m.full, "it says so");
    model_set_find(&m);
    CHECK(m.folders_n == 1, "%zu models", m.folders_n);
    t = m.folders_n ? model_set_task(&m, &m.folders[0]) : NULL;
    CHECK(t && count(t, FACT_FOLDER_FULL) == 1, "and so does the folder's report");
    task_free(t);
    model_set_free(&m);
}

/* Numbers from first to last, as a file tells them. */
static void sketch_of(struct sketch *s, uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i < last; i++)
        sketch_add(s, sketch_number(i));
}

TEST(model_sketches)
{
    static const struct {
        const char *what;
        uint64_t whole[2], part[2];
        bool other;
    } rows[] = {
        { "the same", { 0, 20 }, { 0, 20 }, false },
        { "the same of many", { 0, 50000 }, { 0, 50000 }, false },
        { "a few less", { 0, 5000 }, { 100, 5000 }, false },
        { "a few more", { 0, 5000 }, { 0, 5100 }, false },
        { "part of it", { 0, 5000 }, { 0, 500 }, false },
        { "another", { 0, 20 }, { 20, 40 }, true },
        { "another of many", { 0, 5000 }, { 5000, 10000 }, true },
        { "a tenth is the same", { 0, 5000 }, { 4500, 9500 }, true },
        { "nothing in it", { 0, 20 }, { 0, 0 }, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sketch whole = { 0 }, part = { 0 }, copy = { 0 };
        char text[SKETCH_TEXT_N];
        size_t of, lacks;

        sketch_of(&whole, rows[i].whole[0], rows[i].whole[1]);
        sketch_of(&part, rows[i].part[0], rows[i].part[1]);
        sketch_text(&part, text);
        sketch_merge(&copy, span_text(text));
        CHECK(copy.n == part.n && memcmp(copy.low, part.low, part.n * sizeof part.low[0]) == 0,
              "%s: as text", rows[i].what);
        lacks = sketch_lacks(&whole, &copy, &of);
        CHECK((of > 0 && lacks * 2 >= of) == rows[i].other, "%s: %zu of %zu", rows[i].what, lacks,
              of);
    }
}

TEST(model_sketches_of_names)
{
    CHECK(sketch_name(SPAN_LITERAL("bert.layer.0.query.weight")) ==
              sketch_name(SPAN_LITERAL("0.query.weight")),
          "what stands in front");
    CHECK(sketch_name(SPAN_LITERAL("layer.1.query.weight")) !=
              sketch_name(SPAN_LITERAL("layer.0.query.weight")),
          "the third part from the end");
    CHECK(sketch_name(SPAN_LITERAL("")) != sketch_name(SPAN_LITERAL(".")), "no name");
}

TEST(model_folder_prose)
{
    CHECK(model_is_prose(SPAN_LITERAL("docs/usage.md")) && model_is_prose(SPAN_LITERAL("LICENSE")),
          "documents");
    CHECK(model_is_prose(SPAN_LITERAL("merges.txt")), "words");
    CHECK(!model_is_prose(SPAN_LITERAL("requirements.txt")) &&
              !model_is_prose(SPAN_LITERAL("a.py")) && !model_is_prose(SPAN_LITERAL("x.sh")),
          "what is acted on");
}
