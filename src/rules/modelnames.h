/* Packages whose classes configurations of models may name: model_packages.def. */
#ifndef PRATIQUE_RULES_MODELNAMES_H
#define PRATIQUE_RULES_MODELNAMES_H

#include "base/compiler.h"
#include "input/span.h"

/* Whether name is one of those packages, or lies below it. */
bool modelnames_has(struct span name);

/* Whether the last part of a dotted name is written as classes are: "LayerNorm", "GELU", "_Loss".
 */
bool modelnames_is_class(struct span name);

#endif
