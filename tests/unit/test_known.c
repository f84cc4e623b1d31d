/* src/format/known */
#include "format/known/known.h"

#include "format/known/media.h"
#include "format/known/sniff.h"
#include "model.h"

#define CORPUS "tests/fuzz/corpus/known/"

/* Every media file of the corpus is read to its end, and says so when it is cut or goes on. */
TEST(known_media_end)
{
    static const struct {
        const char *file, *format;
        bool ends; /* its structure says where it ends */
    } rows[] = {
        { "y_png", "png", true },      { "y_jpeg", "jpeg", true },  { "y_gif", "gif", true },
        { "y_wav", "wav", true },      { "y_webp", "webp", true },  { "y_bmp", "bmp", true },
        { "y_ico", "ico", true },      { "y_tiff", "tiff", false }, { "y_mp3", "mp3", true },
        { "y_ogg", "ogg", true },      { "y_flac", "flac", false }, { "y_mp4", "mp4", true },
        { "y_ttf", "truetype", true }, { "y_woff", "woff", true },  { "y_tzif", "tzif", true },
        { "y_mo", "mo", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct media *m;
        char path[128];
        uint8_t *longer;
        struct span in;

        (void)snprintf(path, sizeof path, CORPUS "%s", rows[i].file);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        m = media_of(in);
        CHECK(m && strcmp(m->name, rows[i].format) == 0, "%s: told", rows[i].file);
        CHECK(m && m->end(in) == in.n, "%s: %zu of %zu", rows[i].file, m ? m->end(in) : 0, in.n);
        longer = malloc(in.n + 9);
        memcpy(longer, in.p, in.n);
        memcpy(longer + in.n, "\0\0\0\0junk", 9);
        CHECK(m && (m->end(span_of(longer, in.n + 9)) == in.n) == rows[i].ends,
              "%s: behind it: %zu", rows[i].file, m ? m->end(span_of(longer, in.n + 9)) : 0);
        free(longer);
        free((void *)(uintptr_t)in.p);
    }
}

TEST(known_is_not_claimed_lightly)
{
    static const struct {
        const char *what;
        struct span in;
    } rows[] = {
        { "nothing", { (const uint8_t *)"", 0 } },
        { "BM as text", SPAN_LITERAL("BM is a company") },
        { "a magic as text", SPAN_LITERAL("PAR1 and GGUF are magics\n") },
        { "MZ alone", SPAN_LITERAL("MZ\0\0\0\0\0\0\0\0\0\0") },
        { "II and no star", SPAN_LITERAL("II+\0\0\0\0\0") },
        { "a short field", SPAN_LITERAL("\x0a\x01x") },
        { "protocol buffers of nothing known", SPAN_LITERAL("\x08\x01\x10\x02\x18\x03\x20\x04") },
        { "c and noise",
          SPAN_LITERAL("c\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffs") },
        { "a map of a number", SPAN_LITERAL("\x81\x01\x80\0\0") },
        { "text with a BOM", SPAN_LITERAL("\xff\xfe"
                                          "a\0b\0") },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(!format_known.looks_like(rows[i].in), "%s", rows[i].what);
}

TEST(known_media_behind_an_end_is_scanned)
{
    struct span in;
    struct bench b;
    uint8_t *longer;

    CHECK(bench_load(CORPUS "y_png", &in), "png");
    longer = malloc(in.n + 4);
    memcpy(longer, in.p, in.n);
    memcpy(longer + in.n, "cos\n", 4);
    bench_run(&b, &format_known, span_of(longer, in.n + 4), "png and more");
    CHECK(b.status == PRATIQUE_OK && bench_count(&b, FACT_TRAILING) == 1 && b.nested_bytes == 4,
          "told and handed on");
    bench_free(&b);
    bench_run(&b, &format_known, span_of(longer, in.n - 4), "png cut");
    CHECK(b.status == PRATIQUE_E_FORMAT, "cut off");
    bench_free(&b);
    free(longer);
    free((void *)(uintptr_t)in.p);
}

TEST(known_sweep)
{
    static const char *const files[] = { "y_png",         "y_jpeg",         "y_gif",  "y_tzif",
                                         "y_mo",          "y_mp4",          "y_ico",  "i_onnx",
                                         "i_java",        "i_py312",        "y_woff", "y_ogg",
                                         "i_saved_model", "y_sentencepiece" };
    struct span in;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, CORPUS "%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_sweep(&format_known, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}
