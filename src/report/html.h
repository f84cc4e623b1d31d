/* Pieces of the HTML report, shared by report_html.c and report_html_watch.c. */
#ifndef PRATIQUE_REPORT_HTML_H
#define PRATIQUE_REPORT_HTML_H

#include "report/writer.h"

/* The style sheet, the script, and its hash for the page's security policy. */
extern const char html_style[], html_script[], html_script_sha256[];

/*
 * Writes markup, our own, with the strings behind it: each %s is escaped, for the text of an
 * element or a quoted attribute; %u takes a uint64_t.
 */
void html_put(struct out *o, const char *markup, ...) NONNULL;

/* Escapes what another writer left in raw, and frees it. */
void html_take(struct out *o, struct out *raw) NONNULL;

/* "refuse", "critical": names of classes. */
const char *html_severity(const struct pratique_event *e) NONNULL;

/* An event in words, and the chain of its frames. */
void html_event(struct out *o, const struct pratique_event *e) NONNULL;
void html_chain(struct out *o, const struct pratique_event *e) NONNULL;

/* What a watch adds; the timeline is a part of it. */
void html_watch(struct out *o, const struct pratique_report *r) NONNULL;
void html_timeline(struct out *o, const struct pratique_report *r) NONNULL;

#endif
