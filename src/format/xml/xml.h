/*
 * XML, pulled event by event: elements, text, and what a document type brings in. Bounded: depth
 * by a stack of its own, entities by what they would grow to; nothing is expanded or fetched.
 *
 * Spec: XML 1.0, fifth edition; Namespaces in XML 1.0 (names are compared without their prefix).
 * Left out: validation, the conditions of an external subset.
 */
#ifndef PRATIQUE_FORMAT_XML_XML_H
#define PRATIQUE_FORMAT_XML_XML_H

#include "format/format.h"

#define XML_DEPTH_MAX    1000
#define XML_ENTITIES_MAX 512
#define XML_SLOTS        1024
/* What all entities of a document may grow to; expat and libxml2 stop near there too. */
#define XML_GROWTH_MAX (UINT64_C(8) << 20)

enum xml_event {
    XML_EOF,     /* the end, and all elements are closed */
    XML_OPEN,    /* name; text: its attributes */
    XML_CLOSE,   /* name */
    XML_TEXT,    /* text, or a CDATA section's */
    XML_PI,      /* name, text */
    XML_DOCTYPE, /* name; text: the address of an external subset, or empty */
    XML_ENTITY,  /* one from outside; name; text: its address */
    XML_GROWS,   /* name: an entity that grows past XML_GROWTH_MAX, or one too many */
    XML_BAD,     /* scan_fail() says why: E_FORMAT or E_LIMIT */
};

struct xml_entity {
    struct span name;
    uint64_t size; /* expanded */
    bool used;
    bool wanted; /* referred to before it was declared */
};

struct xml {
    struct scan *s;
    struct span in;
    size_t at;
    /* Of the event that xml_next() returned last. */
    size_t offset;
    struct span name, text;
    /* Inside. */
    struct span *open; /* names of the open elements; of scan_map() */
    size_t depth;
    struct xml_entity *entities;
    size_t entities_n;
    uint64_t grown;
    bool subset, empty, rooted, told_growth;
    uint32_t events;
    enum pratique_status status;
};

/* in is UTF-8, or any encoding whose markup is ASCII. xml_end() in every case. */
void xml_begin(struct xml *x, struct scan *s, struct span in) NONNULL;
enum xml_event xml_next(struct xml *x) NONNULL;
void xml_end(struct xml *x) NONNULL;

/* Cuts the next attribute off; false at their end. Values as they are written. */
bool xml_attribute(struct span *attributes, struct span *name, struct span *value) NONNULL;
/* The value of that attribute, prefix or not; empty without it. */
struct span xml_get(struct span attributes, const char *name) NONNULL;
/* The name without its prefix. */
struct span xml_local(struct span name);

/*
 * Tells of PMML, and of entities in any XML. *pmml: it is that, and was read to its end; E_FORMAT
 * when it starts as PMML and breaks off. Other XML that does not parse is PRATIQUE_OK.
 */
enum pratique_status pmml_tell(struct scan *s, struct span in, bool exact,
                               bool *pmml) NONNULL MUST_CHECK;

#endif
