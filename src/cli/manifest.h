/* The commands behind `pratique manifest`. */
#ifndef PRATIQUE_CLI_MANIFEST_H
#define PRATIQUE_CLI_MANIFEST_H

#include "cli/cli.h"

extern const struct command command_manifest_create, command_manifest_verify, command_manifest_show,
    command_manifest_diff;

#endif
