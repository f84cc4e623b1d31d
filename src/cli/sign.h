/* Commands that are part of another: pratique manifest sign. */
#ifndef PRATIQUE_CLI_SIGN_H
#define PRATIQUE_CLI_SIGN_H

#include "cli/cli.h"

extern const struct command command_manifest_sign;

#endif
