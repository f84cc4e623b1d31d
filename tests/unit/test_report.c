/* src/report: what a report looks like, and what must never be in one. */
#include "base/utf8.h"
#include "report/out.h"
#include "report/writer.h"
#include "scan/report.h"
#include "test.h"

static const struct pratique_rule critical = { .id = "TST001",
                                               .name = "test-critical",
                                               .severity = PRATIQUE_CRITICAL,
                                               .message = "loading it runs a command",
                                               .why = "It runs with your rights.",
                                               .remedy = "Do not load it.",
                                               .reference = "nowhere" };
static const struct pratique_rule low = { .id = "TST002",
                                          .name = "test-low",
                                          .severity = PRATIQUE_LOW,
                                          .message = "odd",
                                          .why = "w",
                                          .remedy = "r",
                                          .reference = "nowhere" };

static struct pratique_finding finding(const struct pratique_rule *rule, const char *path,
                                       uint64_t offset, const char *subject, const char *detail)
{
    return (struct pratique_finding){ .rule = rule,
                                      .severity = rule->severity,
                                      .path = path,
                                      .offset = offset,
                                      .count = 1,
                                      .subject = subject,
                                      .detail = detail,
                                      .function = "",
                                      .excuse = "",
                                      .chain = "",
                                      .source = "",
                                      .because = "" };
}

static bool into_buf(void *user, const char *text, size_t len)
{
    return buf_add(user, text, len);
}

/* The whole report on one artifact. */
static void write_report(struct buf *b, enum pratique_format f, const struct pratique_style *style,
                         const struct pratique_report *r)
{
    struct pratique_writer *w = NULL;

    buf_init(b, 1 << 24);
    CHECK(pratique_writer_begin(&w, f, style, NULL, into_buf, b) == PRATIQUE_OK, "begin");
    CHECK(pratique_writer_add(w, r) == PRATIQUE_OK, "add");
    CHECK(pratique_writer_end(w) == PRATIQUE_OK, "end");
}

static struct pratique_report report(const char *path, struct pratique_finding *f, size_t n)
{
    return (struct pratique_report){
        .path = path,
        .format = "zip (torch)",
        .policy = "model",
        .bytes = 1204000,
        .judged = { .verdict = n ? PRATIQUE_REFUSE : PRATIQUE_ADMIT, .findings = f, .n = n },
    };
}

TEST(report_text_of_a_finding)
{
    struct pratique_finding f =
        finding(&critical, "a.pt!/data.pkl", 1234, "posix.system", "posix.system(\"echo\")");
    struct pratique_report r = report("a.pt", &f, 1);
    struct buf b;

    write_report(&b, PRATIQUE_TEXT, NULL, &r);
    CHECK(strcmp(b.p, "refuse      a.pt  zip (torch), 1.2 MB, policy model\n"
                      "  critical  posix.system(\"echo\")\n"
                      "            in data.pkl, byte 1,234\n"
                      "            TST001: loading it runs a command\n"
                      "            why: It runs with your rights.\n"
                      "            do:  Do not load it.\n"
                      "\n"
                      "1 artifact, 1.2 MB: 1 refused\n") == 0,
          "%s", b.p);
    buf_free(&b);
}

TEST(report_text_of_what_is_admitted_is_one_line)
{
    struct pratique_report r = report("a.pt", NULL, 0);
    struct pratique_style quiet = { .quiet = true };
    struct buf b;

    write_report(&b, PRATIQUE_TEXT, NULL, &r);
    CHECK(strcmp(b.p, "admit       a.pt  zip (torch), 1.2 MB, policy model\n"
                      "1 artifact, 1.2 MB: 1 admitted\n") == 0,
          "%s", b.p);
    buf_free(&b);
    write_report(&b, PRATIQUE_TEXT, &quiet, &r);
    CHECK(b.n == 0, "quiet: %s", b.n ? b.p : "");
    buf_free(&b);
}

/* An admission: its steps are told one by one and counted as one, and where the files are is told.
 */
TEST(report_text_of_an_admission)
{
    struct pratique_component done = {
        .path = "a.whl", .format = "unpacked", .detail = "213 files to out", .bytes = 4300000
    };
    struct pratique_report scan = report("a.whl", NULL, 0), files = scan;
    struct pratique_style style = { .steps = true };
    struct pratique_writer *w = NULL;
    struct buf b;

    files.format = "unpack";
    files.policy = "admit";
    files.components = &done;
    files.components_n = 1;
    buf_init(&b, 1 << 16);
    CHECK(pratique_writer_begin(&w, PRATIQUE_TEXT, &style, NULL, into_buf, &b) == PRATIQUE_OK,
          "begin");
    CHECK(pratique_writer_add(w, &scan) == PRATIQUE_OK, "scan");
    CHECK(pratique_writer_add(w, &files) == PRATIQUE_OK, "files");
    CHECK(pratique_writer_end(w) == PRATIQUE_OK, "end");
    CHECK(strcmp(b.p, "admit       a.whl  zip (torch), 1.2 MB, policy model\n"
                      "admit       a.whl  unpack, 1.2 MB, policy admit\n"
                      "  unpacked  213 files to out, 4.3 MB\n"
                      "1 artifact, 1.2 MB: 1 admitted\n") == 0,
          "%s", b.p);
    buf_free(&b);
}

/* How often needle is in text. */
static size_t times(const char *text, const char *needle)
{
    size_t n = 0;

    for (const char *p = text; (p = strstr(p, needle)); p += strlen(needle))
        n++;
    return n;
}

TEST(report_text_folds_long_lists)
{
    enum { N = 1000 };
    static struct pratique_finding f[N];
    struct pratique_report r = report("a.pt", f, N);
    struct pratique_style verbose = { .verbose = true };
    struct buf b;

    for (size_t i = 0; i < N; i++)
        f[i] = finding(i < N / 2 ? &critical : &low, "a.pt", i,
                       i % 2 ? "subject one" : "subject two", "");
    write_report(&b, PRATIQUE_TEXT, NULL, &r);
    CHECK(times(b.p, "subject") == 3, "%zu places", times(b.p, "subject"));
    CHECK(strstr(b.p, "... and 497 more of this kind"), "%s", b.p);
    CHECK(strstr(b.p, "TST002: odd, 500 times"), "%s", b.p);
    CHECK(times(b.p, "\n") < 25, "one screen");
    buf_free(&b);
    write_report(&b, PRATIQUE_TEXT, &verbose, &r);
    CHECK(times(b.p, "subject") == N, "verbose: %zu places", times(b.p, "subject"));
    buf_free(&b);
}

TEST(report_text_keeps_its_width)
{
    struct pratique_finding f = finding(
        &critical, "a.pt", 0, "",
        "many words to wrap and onewordthatismuchlongerthantheline\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 and more");
    struct pratique_report r = report("a.pt", &f, 1);
    struct pratique_style narrow = { .width = 40 };
    struct buf b;
    size_t column = 0;

    r.policy = ""; /* the first line is left whole */
    write_report(&b, PRATIQUE_TEXT, &narrow, &r);
    for (const char *p = b.p; *p; p++) {
        column = *p == '\n' ? 0 : column + (((unsigned char)*p & 0xC0) != 0x80);
        CHECK(column <= 40, "column %zu: %s", column, b.p);
    }
    CHECK(utf8_valid((const uint8_t *)b.p, b.n), "no code point is cut in two");
    buf_free(&b);
}

TEST(report_of_any_format_holds_no_control_characters)
{
    static const char hostile[] = "a\x1b[31m\x07\n\r\t\x7f\x9b\xff\xe2\x80\xae\"\\b";
    struct pratique_finding f = finding(&critical, hostile, 1, hostile, hostile);
    struct pratique_component c = { hostile, hostile, hostile, 1, hostile, hostile, "" };
    struct pratique_report r = report(hostile, &f, 1);
    struct pratique_style verbose = { .verbose = true };
    struct buf b;

    r.format = hostile;
    r.components = &c;
    r.components_n = 1;
    for (unsigned format = PRATIQUE_TEXT; format <= PRATIQUE_CYCLONEDX; format++) {
        write_report(&b, (enum pratique_format)format, &verbose, &r);
        CHECK(utf8_valid((const uint8_t *)b.p, b.n), "format %u: UTF-8", format);
        for (size_t i = 0, len; i < b.n; i += len ? len : 1) {
            uint32_t ch;

            len = utf8_decode_bytes((const uint8_t *)b.p + i, b.n - i, &ch);
            CHECK(ch == '\n' || utf8_is_printable(ch), "format %u: U+%04X", format, ch);
        }
        buf_free(&b);
    }
}

TEST(report_json_escapes_and_uris)
{
    static const struct {
        const char *in, *json, *uri;
    } rows[] = {
        { "", "\"\"", "" },
        { "a b", "\"a b\"", "a%20b" },
        { "q\"b\\", "\"q\\\"b\\\\\"", "q%22b%5C" },
        { "\x01\n", "\"\\\\x01\\\\n\"", "%01%0A" },
        { "\xff", "\"\\\\xff\"", "%FF" },
        { "\xc3\xa9", "\"\xc3\xa9\"", "%C3%A9" },
        { "/a//b", "\"/a//b\"", "file:///a//b" },
        { "//host/x", "\"//host/x\"", "file:///host/x" },
        { "c:x?y#z%", "\"c:x?y#z%\"", "c%3Ax%3Fy%23z%25" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct out o;

        out_init(&o, NULL, NULL);
        out_json_string(&o, rows[i].in);
        CHECK(strcmp(o.buf.p, rows[i].json) == 0, "row %zu: %s", i, o.buf.p);
        out_free(&o);
        out_init(&o, NULL, NULL);
        out_puts(&o, "");
        out_uri(&o, rows[i].in);
        CHECK(strcmp(o.buf.p ? o.buf.p : "", rows[i].uri) == 0, "row %zu: %s", i, o.buf.p);
        out_free(&o);
    }
}

TEST(report_sizes)
{
    static const struct {
        uint64_t n;
        const char *want;
    } rows[] = {
        { 0, "0 bytes" },         { 1, "1 byte" },           { 9999, "9,999 bytes" },
        { 10000, "10.0 kB" },     { 999949, "999.9 kB" },    { 999950, "1.0 MB" },
        { 1234567890, "1.2 GB" }, { UINT64_MAX, "18.4 EB" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct out o;

        out_init(&o, NULL, NULL);
        out_size(&o, rows[i].n);
        CHECK(strcmp(o.buf.p, rows[i].want) == 0, "row %zu: %s", i, o.buf.p);
        out_free(&o);
    }
}

static bool refuse_to_write(void *user, const char *text, size_t len)
{
    size_t *calls_left = user;

    (void)text;
    (void)len;
    return *calls_left > 0 && (*calls_left)-- > 0;
}

TEST(report_tells_that_it_could_not_be_written)
{
    struct pratique_report r = report("a.pt", NULL, 0);

    for (size_t calls = 0; calls < 3; calls++) {
        struct pratique_writer *w = NULL;
        size_t left = calls;
        enum pratique_status st =
            pratique_writer_begin(&w, PRATIQUE_JSON, NULL, NULL, refuse_to_write, &left);

        CHECK((st == PRATIQUE_OK) == !!w, "begin, %zu calls", calls);
        CHECK(w || st == PRATIQUE_E_IO, "begin says why");
        if (!w)
            continue;
        CHECK(pratique_writer_add(w, &r) == (calls > 1 ? PRATIQUE_OK : PRATIQUE_E_IO), "add");
        CHECK(pratique_writer_end(w) == PRATIQUE_E_IO, "end");
    }
}

TEST(report_of_no_artifact_is_undecided)
{
    struct pratique_writer *w = NULL;
    struct buf b;

    buf_init(&b, 1 << 20);
    CHECK(pratique_writer_begin(&w, PRATIQUE_JSON, NULL, NULL, into_buf, &b) == PRATIQUE_OK &&
              pratique_writer_end(w) == PRATIQUE_OK,
          "written");
    CHECK(strstr(b.p, "\"verdict\": \"undecided\""), "%s", b.p);
    buf_free(&b);
}
