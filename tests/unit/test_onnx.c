/* The walk over messages, names of libraries, tags of XML, documents of graphs; sweeps of models.
 */
#include "format/model/graph.h"
#include "format/mxnet/symbol.h"
#include "format/onnx/onnx.h"
#include "format/openvino/tag.h"
#include "format/protobuf/walk.h"

#include "model.h"

/* ---- the walk ---- */

enum { OUTER, INNER };
static const struct pb_slot outer[] = {
    [1] = PB_ONE(VARINT),  [2] = PB_SUB(OUTER),    [3] = PB_SUBS(INNER),
    [4] = PB_MANY(VARINT), [5] = PB_MANY(FIXED32), [70] = PB_ONE(BYTES),
};
static const struct pb_slot inner[] = { [1] = PB_ONE(BYTES) };
static const struct pb_message schema[] = {
    [OUTER] = { "Outer", outer, sizeof outer / sizeof *outer, false },
    [INNER] = { "Inner", inner, sizeof inner / sizeof *inner, true },
};

static const struct {
    const char *what;
    struct span in;
    enum pratique_status want;
    uint64_t twice, wrong, unknown;
} walks[] = {
    { "nothing", SPAN_LITERAL(""), PRATIQUE_OK, 0, 0, 0 },
    { "a number", SPAN_LITERAL("\x08\x01"), PRATIQUE_OK, 0, 0, 0 },
    { "a number twice", SPAN_LITERAL("\x08\x01\x08\x02"), PRATIQUE_OK, 1, 0, 0 },
    { "many messages", SPAN_LITERAL("\x1a\x00\x1a\x00"), PRATIQUE_OK, 0, 0, 0 },
    { "one message twice", SPAN_LITERAL("\x12\x00\x12\x00"), PRATIQUE_OK, 1, 0, 0 },
    { "a number twice in two messages", SPAN_LITERAL("\x08\x01\x12\x02\x08\x02"), PRATIQUE_OK, 0, 0,
      0 },
    { "a high field twice", SPAN_LITERAL("\xb2\x04\x00\xb2\x04\x00"), PRATIQUE_OK, 1, 0, 0 },
    { "packed", SPAN_LITERAL("\x22\x02\x01\x02\x20\x03"), PRATIQUE_OK, 0, 0, 0 },
    { "packed, cut within a number", SPAN_LITERAL("\x22\x01\x81"), PRATIQUE_E_FORMAT, 0, 0, 0 },
    { "packed, of a wrong length", SPAN_LITERAL("\x2a\x03\x01\x02\x03"), PRATIQUE_OK, 0, 1, 0 },
    { "text for a number", SPAN_LITERAL("\x0a\x01x"), PRATIQUE_OK, 0, 1, 0 },
    { "a number for a message", SPAN_LITERAL("\x10\x01"), PRATIQUE_OK, 0, 1, 0 },
    { "unknown", SPAN_LITERAL("\x32\x01x"), PRATIQUE_OK, 0, 0, 1 },
    { "unknown where that is no matter", SPAN_LITERAL("\x1a\x03\x32\x01x"), PRATIQUE_OK, 0, 0, 0 },
    { "a group", SPAN_LITERAL("\x33\x34"), PRATIQUE_E_FORMAT, 0, 0, 0 },
    { "field 0", SPAN_LITERAL("\x00\x01"), PRATIQUE_E_FORMAT, 0, 0, 0 },
    { "a length beyond the end", SPAN_LITERAL("\x12\x05\x08\x01"), PRATIQUE_E_FORMAT, 0, 0, 0 },
    { "a length beyond its parent", SPAN_LITERAL("\x12\x02\x12\x05\x08\x01"), PRATIQUE_E_FORMAT, 0,
      0, 0 },
};

TEST(walk_table)
{
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        struct pb_walk w = { .whole = walks[i].in, .schema = schema };
        struct bench b;
        enum pratique_status st;

        bench_init(&b);
        w.s = &b.scan;
        st = pb_walk(&w, OUTER);
        CHECK(st == walks[i].want, "%s: status %d", walks[i].what, st);
        CHECK(w.twice == walks[i].twice && w.wrong == walks[i].wrong &&
                  w.unknown == walks[i].unknown,
              "%s: %d twice, %d wrong, %d unknown", walks[i].what, (int)w.twice, (int)w.wrong,
              (int)w.unknown);
        bench_free(&b);
    }
}

/* Messages within messages: as deep as the libraries go, and one deeper. */
TEST(walk_depth)
{
    uint8_t text[3 * PB_DEPTH_MAX];

    for (size_t deep = PB_DEPTH_MAX - 1; deep <= PB_DEPTH_MAX; deep++) {
        struct pb_walk w = { .schema = schema };
        struct bench b;
        size_t n = sizeof text;

        for (size_t i = 0; i < deep; i++) { /* from the inside */
            size_t len = sizeof text - n;

            if (len > 0x7F)
                text[--n] = (uint8_t)(len >> 7);
            text[--n] = (uint8_t)(len > 0x7F ? (len & 0x7F) | 0x80 : len);
            text[--n] = 0x12;
        }
        bench_init(&b);
        w.s = &b.scan;
        w.whole = span_of(text + n, sizeof text - n);
        CHECK((pb_walk(&w, OUTER) == PRATIQUE_OK) == (deep < PB_DEPTH_MAX), "%zu deep", deep);
        bench_free(&b);
    }
}

/* ---- names ---- */

TEST(libraries)
{
    static const struct {
        const char *text;
        bool want;
    } rows[] = { { "x.so", true },         { "x.so.1.2", true }, { "a/b.DLL", true },
                 { "x.dylib", true },      { "x.pyd", true },    { "x.so ", true },
                 { "x.sow", false },       { "also", false },    { "so", false },
                 { "version 1.2", false }, { "", false },        { "....", false } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(graph_is_library(span_text(rows[i].text)) == rows[i].want, "%s", rows[i].text);
}

/* ---- tags ---- */

static const struct {
    const char *what, *in;
    enum tag_result want;
    const char *name;
} tags[] = {
    { "a tag", "<a>", TAG_FOUND, "a" },
    { "behind a comment", "x <!-- <b> --> <a/>", TAG_FOUND, "a" },
    { "behind an instruction", "<?xml version='1.0'?><a b='>'>", TAG_FOUND, "a" },
    { "an end", "</a >", TAG_FOUND, "a" },
    { "none", "text", TAG_NONE, "" },
    { "a declaration", "<!DOCTYPE a>", TAG_BROKEN, "" },
    { "CDATA", "<![CDATA[<a>]]>", TAG_BROKEN, "" },
    { "no end", "<a b='", TAG_BROKEN, "" },
    { "a tag in a tag", "<a <b>", TAG_BROKEN, "" },
    { "no name", "< a>", TAG_BROKEN, "" },
    { "a comment without end", "<!-- <a>", TAG_BROKEN, "" },
};

TEST(tag_table)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct span in = span_text(tags[i].in);
        struct tag t;

        CHECK(tag_next(&in, &t) == tags[i].want && span_is(t.name, tags[i].name), "%s",
              tags[i].what);
    }
}

TEST(tag_values)
{
    static const struct {
        const char *in, *want;
    } rows[] = { { "a", "a" },
                 { "&lt;&gt;&amp;&quot;&apos;", "<>&\"'" },
                 { "&#65;&#x42;", "AB" },
                 { "&#;&#x110000;&no;", "&#;&#x110000;&no;" },
                 { "&", "&" },
                 { "&#xE9;", "\xC3\xA9" } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out[64];
        size_t n = tag_value(span_text(rows[i].in), out, sizeof out);

        if (rows[i].in[1] != '#' || rows[i].in[2] != ';')
            CHECK(span_is(span_of(out, n), rows[i].want), "%s", rows[i].in);
    }
}

/* ---- documents ---- */

static const struct {
    const char *what, *in;
    const struct doc_reader *reader;
    bool matches;
    enum fact_kind want; /* FACT_KINDS: none */
} documents[] = {
    { "a symbol",
      "{\"nodes\":[{\"op\":\"Convolution\",\"name\":\"x.so\",\"inputs\":[]}],\"arg_nodes\":[0],"
      "\"heads\":[[0,0,0]]}",
      &mxnet_symbol, true, FACT_KINDS },
    { "a symbol with Python",
      "{\"nodes\":[{\"op\":\"Custom\",\"attrs\":{\"op_type\":\"evil\"}}],\"heads\":[]}",
      &mxnet_symbol, true, FACT_OPERATOR_PYTHON },
    { "an address", "{\"nodes\":[{\"op\":\"_Native\",\"param\":{\"info\":\"0x7f\"}}],\"heads\":[]}",
      &mxnet_symbol, true, FACT_OPERATOR_PYTHON },
    { "Python in a subgraph",
      "{\"nodes\":[{\"op\":\"_foreach\",\"subgraphs\":[{\"nodes\":[{\"op\":\"Custom\"}]}]}],"
      "\"heads\":[]}",
      &mxnet_symbol, true, FACT_OPERATOR_PYTHON },
    { "a library", "{\"nodes\":[{\"op\":\"x\",\"attrs\":{\"path\":\"x.so\"}}],\"heads\":[]}",
      &mxnet_symbol, true, FACT_OPERATOR_LIBRARY },
    { "no symbol", "{\"nodes\":{}}", &mxnet_symbol, false, FACT_KINDS },
    { "a program of Paddle",
      "{\"base_code\":{\"magic\":\"pir\",\"version\":1},\"program\":{\"regions\":[{\"#\":\"1."
      "relu\"}]}}",
      &paddle_pir, true, FACT_KINDS },
    { "... with Python",
      "{\"base_code\":{\"magic\":\"pir\"},\"program\":{\"regions\":[{\"#\":\"1.py_func\"}]}}",
      &paddle_pir, true, FACT_OPERATOR_PYTHON },
    { "... of a library",
      "{\"base_code\":{\"magic\":\"pir\"},\"program\":[{\"#\":\"custom_op.x\"}]}", &paddle_pir,
      true, FACT_OPERATOR_CUSTOM },
    { "a package",
      "{\"itemInfoEntries\":{\"A\":{\"path\":\"com.apple.CoreML/"
      "model.mlmodel\"}},\"rootModelIdentifier\":\"A\"}",
      &core_ml_manifest, true, FACT_KINDS },
    { "a package that leaves",
      "{\"itemInfoEntries\":{\"A\":{\"path\":\"../x\"}},\"rootModelIdentifier\":\"A\"}",
      &core_ml_manifest, true, FACT_MODEL_PATH },
};

TEST(documents_table)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct bench b;
        struct doc d;
        bool told = false;

        bench_init(&b);
        CHECK(doc_json(&d, &b.scan, span_text(documents[i].in)) == PRATIQUE_OK, "%s: no JSON",
              documents[i].what);
        CHECK(documents[i].reader->matches(&d) == documents[i].matches, "%s", documents[i].what);
        if (documents[i].matches)
            CHECK(documents[i].reader->tell(&d) == PRATIQUE_OK, "%s", documents[i].what);
        for (size_t f = 0; f < b.facts.n; f++)
            told |= b.facts.list[f].kind == documents[i].want;
        CHECK(documents[i].want == FACT_KINDS ? b.facts.n == 0 : told, "%s: %zu facts",
              documents[i].what, b.facts.n);
        doc_free(&d);
        bench_free(&b);
    }
}

/* ---- a model ---- */

/* IR version 8, the standard's operators of version 17, a graph of one node and one tensor. */
static const char small[] = "\x08\x08\x3a\x24"
                            "\x0a\x0c\x0a\x01x\x12\x01y\"\x04Relu"
                            "\x12\x01g"
                            "*\x11\x08\x02\x10\x01\x42\x01wJ\x08\0\0\x80?\0\0\0@"
                            "B\x04\x0a\x00\x10\x11";

TEST(model_cut_and_flipped)
{
    struct span whole = SPAN_LITERAL(small);

    CHECK(format_onnx.looks_like(whole), "the whole is one");
    for (size_t n = 0; n <= whole.n; n++) {
        struct bench b;

        bench_run(&b, &format_onnx, span_of(whole.p, n), "cut");
        CHECK(n < whole.n || (b.status == PRATIQUE_OK && b.facts.n > 0), "the whole: %s",
              b.scan.error.msg);
        bench_free(&b);
    }
    for (size_t i = 0; i < whole.n * 8; i++) {
        uint8_t copy[sizeof small];
        struct bench b;

        memcpy(copy, whole.p, whole.n);
        copy[i / 8] ^= (uint8_t)(1u << i % 8);
        bench_run(&b, &format_onnx, span_of(copy, whole.n), "flipped");
        bench_free(&b);
    }
}
