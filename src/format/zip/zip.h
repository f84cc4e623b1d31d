/* The zip reader, as the registry and other formats see it. See zip.c. */
#ifndef PRATIQUE_FORMAT_ZIP_ZIP_H
#define PRATIQUE_FORMAT_ZIP_ZIP_H

#include "format/format.h"

extern const struct format format_zip;

#endif
