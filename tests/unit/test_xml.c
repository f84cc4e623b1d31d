/* XML by its events, and what is no XML. */
#include "format/xml/xml.h"

#include "model.h"

static const struct {
    const char *what, *in;
    const char *want; /* a letter for each event: Open Close Text Pi Doctype Entity Grows; ! bad */
} rows[] = {
    { "an element", "<a/>", "OC" },
    { "elements", "<a x='1>' y=\"<\"><b>t</b></a>\n", "OOTCCT" },
    { "a mark and a declaration", "\xEF\xBB\xBF<?xml version='1.0'?><a></a>", "POC" },
    { "a comment and a section", "<a><!-- <b> --><![CDATA[<c>]]></a>", "OTC" },
    { "a document type", "<!DOCTYPE a SYSTEM 'x'><a/>", "DOC" },
    { "a subset", "<!DOCTYPE a [<!ELEMENT a (#PCDATA)><!ATTLIST a b CDATA '>'>]><a/>", "DOC" },
    { "an entity", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DOTC" },
    { "one from outside", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///c'>]><a/>", "DEOC" },
    { "a public one", "<!DOCTYPE a [<!ENTITY b PUBLIC 'p' 'http://c'>]><a/>", "DEOC" },
    { "a parameter that declares", "<!DOCTYPE a [<!ENTITY % b '<!ENTITY c \"d\">'>%b;]><a/>",
      "DEOC" },
    { "blanks in an end tag", "<a></a >", "OC" },
    { "nothing", "", "!" },
    { "text alone", "abc", "T!" },
    { "no end", "<a><b></b>", "OOC!" },
    { "another end", "<a></b>", "O!" },
    { "two roots", "<a/><b/>", "OC!" },
    { "no name", "< a/>", "!" },
    { "an attribute that does not end", "<a b='></a>", "!" },
    { "a comment that does not end", "<a><!-- ", "O!" },
    { "a subset that does not end", "<!DOCTYPE a [<!ENTITY b 'c'>", "D!" },
    { "a document type too late", "<a/><!DOCTYPE a>", "OC!" },
};

static void read_events(struct scan *s, struct span in, char out[64])
{
    static const char letters[] = " OCTPDEG!";
    struct xml x;
    enum xml_event event;
    size_t n = 0;

    xml_begin(&x, s, in);
    while ((event = xml_next(&x)) != XML_EOF && n < 62) {
        out[n++] = letters[event];
        if (event == XML_BAD)
            break;
    }
    out[n] = 0;
    xml_end(&x);
}

TEST(xml_events)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span in = span_text(rows[i].in);
        struct bench b;
        char got[64];
        uint8_t *copy = malloc(in.n ? in.n : 1);
        uint64_t memory;

        bench_init(&b);
        memory = b.budget.memory_left;
        if (copy) {
            memcpy(copy, in.p, in.n);
            read_events(&b.scan, span_of(copy, in.n), got);
            CHECK(strcmp(got, rows[i].want) == 0, "%s: %s (%s)", rows[i].what, got,
                  b.scan.error.msg);
        }
        CHECK(b.budget.memory_left == memory, "%s: memory given back", rows[i].what);
        free(copy);
        bench_free(&b);
    }
}

TEST(xml_attributes)
{
    struct span rest = SPAN_LITERAL(" a='1' x:b = \"2>\"  c"), name, value;

    CHECK(span_is(xml_get(rest, "b"), "2>") && xml_get(rest, "c").n == 0, "by name");
    CHECK(xml_attribute(&rest, &name, &value) && span_is(name, "a") && span_is(value, "1"),
          "first");
    CHECK(xml_attribute(&rest, &name, &value) && span_is(xml_local(name), "b"), "second");
    CHECK(!xml_attribute(&rest, &name, &value), "none");
}
