/* What a text file's name says of it. Private to text/. */
#ifndef PRATIQUE_FORMAT_TEXT_NAMES_H
#define PRATIQUE_FORMAT_TEXT_NAMES_H

#include "format/format.h"

enum text_class {
    CLASS_UNKNOWN = 0, /* no extension, or one that says nothing */
    CLASS_SOURCE,      /* languages.def */
    CLASS_PYTHON,      /* its interpreter goes by the name */
    CLASS_NOTEBOOK,    /* Jupyter's: JSON with cells of code */
    CLASS_PTH,         /* read by Python's site module as it starts */
    CLASS_SCRIPT,      /* JavaScript and TypeScript: searched for names */
    CLASS_PROSE,       /* documentation, tables, logs: nothing loads it as anything else */
    CLASS_METADATA,    /* of a package */
    CLASS_CONFIG,      /* JSON, YAML, ini: read by a loader */
    CLASS_TEMPLATE,    /* Jinja */
    CLASS_MARKUP,      /* HTML, XML, SVG */
};

struct text_name {
    enum text_class class;
    const char *language; /* of CLASS_SOURCE */
};

/* name: raw bytes, with folders or without. */
struct text_name text_name_of(struct span name);

#endif
