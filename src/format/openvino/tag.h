/* Tags of XML, one after the other: no tree, no entities but characters. Private to openvino/. */
#ifndef PRATIQUE_FORMAT_OPENVINO_TAG_H
#define PRATIQUE_FORMAT_OPENVINO_TAG_H

#include "input/span.h"

struct tag {
    struct span name;       /* without the slash of an end tag */
    struct span attributes; /* what stands behind the name */
    bool end;               /* </name> */
    bool empty;             /* <name/> */
};

enum tag_result {
    TAG_FOUND,
    TAG_NONE,   /* the text is over */
    TAG_BROKEN, /* a tag that does not end, a declaration of types or entities, CDATA */
};

/* Cuts text up to the next tag, and the tag; comments and instructions are passed over. */
enum tag_result tag_next(struct span *in, struct tag *t);

/* Cuts an attribute off. False: what follows is none; the end of them is an empty span. */
bool tag_attribute(struct span *in, struct span *name, struct span *value);

/* A value with &lt;, &#65; and the like resolved, cut to size; returns its length. */
size_t tag_value(struct span raw, uint8_t *out, size_t size);

#endif
