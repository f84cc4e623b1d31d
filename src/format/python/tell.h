/* What is said of a node: facts with their place and their evidence. Private to python/. */
#ifndef PRATIQUE_FORMAT_PYTHON_TELL_H
#define PRATIQUE_FORMAT_PYTHON_TELL_H

#include "fact/python.h"
#include "format/python/analysis.h"

/* Bytes of the texts of one fact. */
#define TELL_TEXT_MAX 240
#define TELL_NAME_MAX 256

/* Everything that a fact about a node borrows while it is added. */
struct telling {
    struct fact fact;
    char name[TELL_NAME_MAX], function[TELL_NAME_MAX], call[TELL_TEXT_MAX], line[TELL_TEXT_MAX],
        arg[TELL_TEXT_MAX];
    char lines[32];
};

/* White space folded outside of strings' quotes; cut to size. */
struct span tell_folded(struct span s, char *text, size_t size) NONNULL;
/* A fact at a node, or where the code stands that the node is part of. */
void tell_place(struct analysis *an, struct fact *f, uint32_t node) NONNULL;
/* False past the bound of facts. */
bool tell_start(struct analysis *an, struct telling *t, enum fact_kind kind, uint32_t node) NONNULL;
/* PY_GUESSED for a guess. */
unsigned tell_guess(const struct analysis *an, val v) NONNULL;
/* Whether using the known name is a fact. */
bool is_of_interest(const struct analysis *an, uint32_t known) NONNULL;
/* Modules of which any attribute may be one that somebody asked for. */
bool is_sensitive(const struct analysis *an, val v) NONNULL;
/* A module of interest that is found as an attribute of another: asyncio.base_events.socket. */
void tell_found_module(struct analysis *an, uint32_t node, val v) NONNULL;
/* What a node that is no call's function may be: each name of interest among it. */
void tell_reference(struct analysis *an, uint32_t node, val v) NONNULL;

#endif
