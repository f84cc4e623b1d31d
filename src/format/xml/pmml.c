/*
 * PMML: a model in XML, evaluated by other programs. The language itself only computes; told are
 * files that it brings in, functions it does not define and classes that an extension names.
 *
 * Spec: dmg.org/pmml/v4-4-1 (Extension; Built-in Functions).
 */
#include "base/compiler.h"
#include "format/model/model.h"
#include "format/xml/xml.h"

struct reader {
    struct xml x;
    bool exact, pmml;
    unsigned told;
};

/* Every fact counts the lines before it: so many, and no more, are told. */
#define TOLD_MAX 200

static void fact(struct reader *r, enum fact_kind kind, struct span subject, struct span detail)
{
    struct fact f = { .kind = kind,
                      .where = r->x.s->where,
                      .offset = r->exact ? r->x.offset : PRATIQUE_NO_OFFSET,
                      .line = 1,
                      .subject = subject,
                      .detail = detail };
    const uint8_t *p = r->x.in.p, *end = p + r->x.offset, *next;

    if (r->told++ >= TOLD_MAX)
        return;
    while ((next = memchr(p, '\n', (size_t)(end - p)))) {
        p = next + 1;
        f.line++;
    }
    f.column = (uint32_t)(end - p) + 1;
    facts_add(r->x.s->facts, &f);
}

/* Words of code in a text that should be a name or a remark. */
static bool names_code(struct span text)
{
    static const char *const signs[] = { "java.lang.", "javax.",         "java.io.",
                                         "java.net.",  "Runtime",        "exec(",
                                         "eval(",      "ProcessBuilder", "__import__",
                                         "os.system",  "subprocess",     "<script",
                                         "&lt;script", "ScriptEngine" };

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (span_find(text, 0, span_text(signs[i])) != SIZE_MAX)
            return true;
    return false;
}

/* A function with a dot in it is a class of the evaluating program's: none of PMML's has one. */
static bool is_foreign_function(struct span name)
{
    return name.n > 0 && memchr(name.p, '.', name.n) != NULL;
}

static void tell_element(struct reader *r)
{
    struct span name = xml_local(r->x.name), function = xml_get(r->x.text, "function");

    if (span_is(name, "include") && xml_get(r->x.text, "href").n > 0)
        fact(r, FACT_XML_EXTERNAL, xml_get(r->x.text, "href"), SPAN_LITERAL("XInclude"));
    if (span_is(name, "Apply") && is_foreign_function(function))
        fact(r, FACT_PMML_EXTENSION, name, function);
    else if (span_is(name, "script") || (span_is(name, "Extension") && names_code(r->x.text)))
        fact(r, FACT_PMML_EXTENSION, name, r->x.text);
}

static void tell_open(struct reader *r)
{
    if (r->x.depth == 1 && span_is(xml_local(r->x.name), "PMML")) {
        r->pmml = true;
        model_says(r->x.s, "version", xml_get(r->x.text, "version"));
        model_says(r->x.s, "library", SPAN_LITERAL("PMML"));
    }
    if (r->pmml)
        tell_element(r);
}

static void tell_event(struct reader *r, enum xml_event event)
{
    switch (event) {
    case XML_OPEN:
        tell_open(r);
        break;
    case XML_TEXT:
        if (r->pmml && names_code(r->x.text))
            fact(r, FACT_PMML_EXTENSION, r->x.open[r->x.depth ? r->x.depth - 1 : 0], r->x.text);
        break;
    case XML_DOCTYPE:
        if (span_is(xml_local(r->x.name), "PMML") && r->x.text.n > 0)
            fact(r, FACT_XML_EXTERNAL, r->x.text, SPAN_LITERAL("document type"));
        break;
    case XML_ENTITY:
        fact(r, FACT_XML_EXTERNAL, r->x.text, SPAN_LITERAL("entity"));
        break;
    case XML_GROWS:
        fact(r, FACT_XML_BOMB, r->x.name, SPAN_EMPTY);
        break;
    case XML_PI:
        if (span_is(r->x.name, "xml-stylesheet") && r->pmml)
            fact(r, FACT_PMML_EXTENSION, r->x.name, r->x.text);
        break;
    default:
        break;
    }
}

/* Encodings whose markup is not where ASCII has it: what another parser sees is not seen here. */
static bool is_known_encoding(struct span declaration)
{
    static const char *const heads[] = { "utf-8",    "UTF-8",       "Utf-8",       "us-ascii",
                                         "US-ASCII", "ascii",       "ASCII",       "iso-8859",
                                         "ISO-8859", "windows-125", "Windows-125", "utf-16",
                                         "UTF-16",   "utf8",        "UTF8" };
    struct span encoding = xml_get(declaration, "encoding");

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (span_starts(encoding, span_text(heads[i])))
            return true;
    return encoding.n == 0;
}

enum pratique_status pmml_tell(struct scan *s, struct span in, bool exact, bool *pmml)
{
    struct reader r = { .exact = exact };
    enum xml_event event;
    enum pratique_status st;
    bool encoding = true;

    xml_begin(&r.x, s, in);
    while ((event = xml_next(&r.x)) != XML_EOF && event != XML_BAD) {
        tell_event(&r, event);
        if (event == XML_PI && span_is(r.x.name, "xml"))
            encoding = is_known_encoding(r.x.text);
    }
    st = r.x.status;
    *pmml = r.pmml && st == PRATIQUE_OK;
    if (st == PRATIQUE_E_FORMAT && !r.pmml && span_find(in, 0, SPAN_LITERAL("<PMML")) == SIZE_MAX)
        st = PRATIQUE_OK;
    xml_end(&r.x);
    if (st == PRATIQUE_OK && !encoding)
        st = scan_fail(s, PRATIQUE_E_FORMAT, 0, "XML: an encoding that is not known");
    return st;
}
