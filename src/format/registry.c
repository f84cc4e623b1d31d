/* Every format, in the order they are tried. A new format is one line here. */
#include "format/archive/archive.h"
#include "format/array/array.h"
#include "format/caffe/caffe.h"
#include "format/carve/carve.h"
#include "format/cntk/cntk.h"
#include "format/coreml/coreml.h"
#include "format/fault/fault.h"
#include "format/format.h"
#include "format/gguf/gguf.h"
#include "format/hdf5/hdf5.h"
#include "format/known/known.h"
#include "format/numpy/npy.h"
#include "format/onnx/onnx.h"
#include "format/openvino/openvino.h"
#include "format/paddle/paddle.h"
#include "format/pickle/pickle.h"
#include "format/python/python.h"
#include "format/safetensors/safetensors.h"
#include "format/skops/skops.h"
#include "format/stream/stream.h"
#include "format/table/arrow.h"
#include "format/table/jsonl.h"
#include "format/table/parquet.h"
#include "format/table/sqlite.h"
#include "format/tar/tar.h"
#include "format/tensorflow/tensorflow.h"
#include "format/text/text.h"
#include "format/torch/torch.h"
#include "format/zip/zip.h"

const struct format *const formats[] = {
#ifdef PRATIQUE_FAULTS
    &format_fault,
#endif
    &format_zip,
    &format_tar,
    &format_gzip,
    &format_bzip2,
    &format_xz,
    &format_lzma,
    &format_zstd,
    &format_lz4,
    &format_zlib,
    &format_7z,
    &format_rar,
    &format_torch_legacy,
    &format_pickle,
    &format_npy,
    &format_skops,
    &format_safetensors,
    &format_hdf5,
    &format_onnx,
    &format_onnx_value,
    &format_ort,
    &format_core_ml,
    &format_core_ml_weights,
    &format_paddle,
    &format_paddle_params,
    &format_caffe,
    &format_caffe_text,
    &format_cntk,
    &format_openvino,
    &format_msgpack,
    &format_xgboost,
    &format_xgboost_ubj,
    &format_lightgbm,
    &format_catboost,
    &format_mxnet,
    &format_rdata,
    &format_faiss,
    &format_fasttext,
    &format_word2vec,
    &format_hnswlib,
    &format_executorch,
    &format_torch_mobile,
    &format_ocdbt,
    &format_annoy, /* by name */
    &format_tensorflow,
    &format_tensorflow_text,
    &format_tf_checkpoint,
    &format_tf_shard, /* by name */
    &format_tf_records,
    &format_tflite,
    &format_sqlite,
    &format_parquet,
    &format_arrow,
    &format_arrow_stream,
    &format_jsonl,
    &format_gguf,
    &format_ggml,
    &format_known,
    &format_python,  /* by name; text tells it by first line and content */
    &format_text,    /* where nothing above matches */
    &format_unknown, /* and where that does not either */
    NULL,
};
