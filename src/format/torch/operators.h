/* What is known of TorchScript's operators. */
#ifndef PRATIQUE_FORMAT_TORCH_OPERATORS_H
#define PRATIQUE_FORMAT_TORCH_OPERATORS_H

#include "input/span.h"

enum operator_kind {
    OPERATOR_PLAIN, /* computes */
    OPERATOR_FILE,  /* reads or writes files, calls other machines */
    OPERATOR_OTHER, /* not one of torch's own: another library brings it */
};

/* Of ns::name. */
enum operator_kind operator_look_up(struct span ns, struct span name);

/* Of a class that a library binds: torch.classes.ns.name. */
enum operator_kind operator_class_look_up(struct span ns, struct span name);

#endif
