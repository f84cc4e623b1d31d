/* Rows of the report for people, shared by report_text.c and report_text_watch.c. */
#ifndef PRATIQUE_REPORT_TEXT_H
#define PRATIQUE_REPORT_TEXT_H

#include "report/writer.h"

enum paint { PLAIN, BOLD, DIM, RED, GREEN, YELLOW, MAGENTA, CYAN };

enum paint text_severity_paint(enum pratique_severity s);

/* An empty text to build a row in. */
struct out *text_scratch(struct pratique_writer *w) NONNULL;

/* "  label     lead text": the text is what text_scratch() holds, wrapped behind the lead. */
void text_row(struct pratique_writer *w, const char *label, enum paint label_paint,
              const char *lead, enum paint text_paint) NONNULL;

/* Cuts text at max bytes, between code points. */
void text_cut(struct out *text, size_t max) NONNULL;

/* What a watch adds: isolation, imports, output, processes, timeline. */
void text_watch(struct pratique_writer *w, const struct pratique_report *r) NONNULL;

/* What a folder that is a model adds: what is loaded, what is left, what it says of itself. */
void text_model(struct pratique_writer *w, const struct pratique_report *r) NONNULL;

#endif
