/*
 * Jinja templates (chat templates of language models), read by a lexer and a parser of our own:
 * what a template asks for is told, not what it looks like. An attribute chain to Python's
 * internals, a string that is put together to name one, a gadget of Jinja's own, an import of
 * another template: facts. Loops, conditions, string methods and the functions that chat templates
 * are given are ordinary.
 *
 * Spec: jinja.palletsprojects.com/templates, 3.1; transformers, utils/chat_template_utils.py;
 * llama.cpp, common/jinja (minja).
 */
#ifndef PRATIQUE_FORMAT_JINJA_JINJA_H
#define PRATIQUE_FORMAT_JINJA_JINJA_H

#include "format/format.h"

/* Where a template stands in a file, for the facts about it. */
struct jinja_place {
    uint64_t offset; /* of its first byte in the file; PRATIQUE_NO_OFFSET when texts were decoded */
    uint32_t line, column; /* of its first byte; 0: the file has none */
    const char *name;      /* "chat_template", "chat_template.tool_use" */
    bool general;          /* of any program, not of a model: it may take in others of its folder */
    bool found;            /* a text that looks like one: what starts something is told, no more */
};

/*
 * Reads a template and tells what it reaches for. A template that does not parse is told as such
 * (no engine renders it). E_LIMIT and E_NOMEM only.
 */
enum pratique_status jinja_tell(struct scan *s, struct span template,
                                const struct jinja_place *place) NONNULL MUST_CHECK;

#endif
