/* Torch's own forms; the zip form is a layout (format/layout.c). */
#ifndef PRATIQUE_FORMAT_TORCH_TORCH_H
#define PRATIQUE_FORMAT_TORCH_TORCH_H

#include "format/format.h"

/* torch.save before 1.6: magic number, protocol, sys_info, object, keys, storages in a row. */
extern const struct format format_torch_legacy;

/* `storages`, `tensors` and `pickle` of the tar form; told by its role (ROLE_TORCH_TAR), never by
 * content. */
extern const struct format format_torch_tar;

/* TorchScript source; told by its role (ROLE_TORCHSCRIPT), never by content. */
extern const struct format format_torchscript;

/* The other pickles of a TorchScript zip; told by their role (ROLE_TORCHSCRIPT_PICKLE). */
extern const struct format format_torchscript_pickle;

/* bytecode.pkl of TorchScript for mobile; told by its role (ROLE_TORCH_BYTECODE). */
extern const struct format format_torch_bytecode;

/* JSON of torch.export; told by its role (ROLE_TORCH_EXPORT). */
extern const struct format format_torch_export;

#endif
