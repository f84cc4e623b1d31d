/*
 * Python sources, decoded: what is taken is UTF-8 without NUL (or has its first bad byte
 * named), memory is given back, faults lie in the file and have a reason. Then the bytes go
 * through the codec that the first of them picks, whatever a cookie says.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "format/python/codec.h"
#include "format/python/source.h"
#include "format/python/unicode.h"
#include "harness.h"

static const char *const names[] = {
    "ascii",
    "latin_1",
    "utf_8",
    "utf_8_sig",
    "utf_7",
    "utf_16",
    "utf_16_be",
    "utf_32",
    "utf_32_le",
    "unicode_escape",
    "punycode",
    "idna",
    "cp037",
    "cp1252",
    "raw_unicode_escape",
    "cp864",
    "mac_arabic",
    "big5",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp950",
    "euc_jp",
    "euc_jis_2004",
    "euc_jisx0213",
    "euc_kr",
    "gb2312",
    "gbk",
    "gb18030",
    "hz",
    "johab",
    "shift_jis",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_kr",
    "iso2022_jp_3",
    "iso2022_jp_2004",
    "iso2022_jp_ext",
    "shift_jis_2004",
    "undefined",
    "shift_jisx0213",
};

static void source(struct span in)
{
    struct harness h;
    struct py_source src;
    struct py_fault fault;
    enum pratique_status st;
    uint64_t memory;

    harness_init(&h);
    memory = h.budget.memory_left;
    st = py_source_open(&src, &h.scan, in, &fault);
    if (st == PRATIQUE_OK && src.text.n && memchr(src.text.p, 0, src.text.n))
        abort(); /* a NUL was let through */
    if (src.invalid == SIZE_MAX ? st == PRATIQUE_OK && !utf8_valid(src.text.p, src.text.n)
                                : src.invalid >= src.text.n)
        abort();
    if (src.same && (src.text.n + src.skipped != in.n || src.copy))
        abort();
    if (st == PRATIQUE_E_FORMAT && (!fault.reason[0] || fault.offset > in.n))
        abort();
    if ((st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM) && h.scan.error.status != st)
        abort();
    py_source_close(&src, &h.scan);
    if (h.budget.memory_left != memory)
        abort();
    harness_free(&h);
}

static void codec(const struct py_codec *c, struct span in)
{
    struct harness h;
    struct py_decode d = { .in = in };

    harness_init(&h);
    d.s = &h.scan;
    if (c->decode(&d, c) && d.at != in.n)
        abort(); /* ended too soon */
    if (d.at > in.n || d.bad > in.n - d.at || !utf8_valid(d.out ? d.out : in.p, d.n))
        abort();
    scan_unmap(&h.scan, d.out, d.size);
    harness_free(&h);
}

/* NFKC of NFKC is the same again. */
static void nfkc(struct span in)
{
    struct buf once, twice;

    buf_init(&once, 1u << 24);
    buf_init(&twice, 1u << 24);
    if (!py_nfkc(&once, in) || !py_nfkc(&twice, span_of(once.p, once.n)) ||
        !span_equal(span_of(once.p, once.n), span_of(twice.p, twice.n)))
        abort();
    buf_free(&once);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    uint8_t pick;

    source(in);
    nfkc(in);
    (void)py_character_by_name(in);
    (void)py_codec_find(in);
    if (take_u8(&in, &pick))
        codec(py_codec_find(span_text(names[pick % ARRAY_LEN(names)])), in);
    return 0;
}
