/*
 * The messages of ONNX, field by field.
 *
 * Spec: onnx/onnx.proto3, IR version 12; github.com/onnx/onnx/blob/main/docs/IR.md.
 */
#include "format/onnx/parts.h"

#include "base/compiler.h"

static const struct pb_slot model[] = {
    [1] = PB_ONE(VARINT),          /* ir_version */
    [2] = PB_ONE(BYTES),           /* producer_name */
    [3] = PB_ONE(BYTES),           /* producer_version */
    [4] = PB_ONE(BYTES),           /* domain */
    [5] = PB_ONE(VARINT),          /* model_version */
    [6] = PB_ONE(BYTES),           /* doc_string */
    [7] = PB_SUB(ONNX_GRAPH),      /* graph */
    [8] = PB_SUBS(ONNX_OPSET),     /* opset_import */
    [14] = PB_SUBS(ONNX_ENTRY),    /* metadata_props */
    [20] = PB_SUBS(ONNX_TRAINING), /* training_info */
    [25] = PB_SUBS(ONNX_FUNCTION), /* functions */
    [26] = PB_SUBS(ONNX_DEVICES),  /* configuration */
};
static const struct pb_slot graph[] = {
    [1] = PB_SUBS(ONNX_NODE),        /* node */
    [2] = PB_ONE(BYTES),             /* name */
    [5] = PB_SUBS(ONNX_TENSOR),      /* initializer */
    [10] = PB_ONE(BYTES),            /* doc_string */
    [11] = PB_SUBS(ONNX_VALUE),      /* input */
    [12] = PB_SUBS(ONNX_VALUE),      /* output */
    [13] = PB_SUBS(ONNX_VALUE),      /* value_info */
    [14] = PB_SUBS(ONNX_ANNOTATION), /* quantization_annotation */
    [15] = PB_SUBS(ONNX_SPARSE),     /* sparse_initializer */
    [16] = PB_SUBS(ONNX_ENTRY),      /* metadata_props */
};
static const struct pb_slot node[] = {
    [1] = PB_MANY(BYTES),              /* input */
    [2] = PB_MANY(BYTES),              /* output */
    [3] = PB_ONE(BYTES),               /* name */
    [4] = PB_ONE(BYTES),               /* op_type */
    [5] = PB_SUBS(ONNX_ATTRIBUTE),     /* attribute */
    [6] = PB_ONE(BYTES),               /* doc_string */
    [7] = PB_ONE(BYTES),               /* domain */
    [8] = PB_ONE(BYTES),               /* overload */
    [9] = PB_SUBS(ONNX_ENTRY),         /* metadata_props */
    [10] = PB_SUBS(ONNX_NODE_DEVICES), /* device_configurations */
};
static const struct pb_slot attribute[] = {
    [1] = PB_ONE(BYTES),         /* name */
    [2] = PB_ONE(FIXED32),       /* f */
    [3] = PB_ONE(VARINT),        /* i */
    [4] = PB_ONE(BYTES),         /* s */
    [5] = PB_SUB(ONNX_TENSOR),   /* t */
    [6] = PB_SUB(ONNX_GRAPH),    /* g */
    [7] = PB_MANY(FIXED32),      /* floats */
    [8] = PB_MANY(VARINT),       /* ints */
    [9] = PB_MANY(BYTES),        /* strings */
    [10] = PB_SUBS(ONNX_TENSOR), /* tensors */
    [11] = PB_SUBS(ONNX_GRAPH),  /* graphs */
    [13] = PB_ONE(BYTES),        /* doc_string */
    [14] = PB_SUB(ONNX_TYPE),    /* tp */
    [15] = PB_SUBS(ONNX_TYPE),   /* type_protos */
    [20] = PB_ONE(VARINT),       /* type */
    [21] = PB_ONE(BYTES),        /* ref_attr_name */
    [22] = PB_SUB(ONNX_SPARSE),  /* sparse_tensor */
    [23] = PB_SUBS(ONNX_SPARSE), /* sparse_tensors */
};
static const struct pb_slot tensor[] = {
    [1] = PB_MANY(VARINT),      /* dims */
    [2] = PB_ONE(VARINT),       /* data_type */
    [3] = PB_SUB(ONNX_SEGMENT), /* segment */
    [4] = PB_MANY(FIXED32),     /* float_data */
    [5] = PB_MANY(VARINT),      /* int32_data */
    [6] = PB_MANY(BYTES),       /* string_data */
    [7] = PB_MANY(VARINT),      /* int64_data */
    [8] = PB_ONE(BYTES),        /* name */
    [9] = PB_ONE(BYTES),        /* raw_data */
    [10] = PB_MANY(FIXED64),    /* double_data */
    [11] = PB_MANY(VARINT),     /* uint64_data */
    [12] = PB_ONE(BYTES),       /* doc_string */
    [13] = PB_SUBS(ONNX_ENTRY), /* external_data */
    [14] = PB_ONE(VARINT),      /* data_location */
    [16] = PB_SUBS(ONNX_ENTRY), /* metadata_props */
};
static const struct pb_slot sparse[] = {
    [1] = PB_SUB(ONNX_TENSOR), /* values */
    [2] = PB_SUB(ONNX_TENSOR), /* indices */
    [3] = PB_MANY(VARINT),     /* dims */
};
static const struct pb_slot function[] = {
    [1] = PB_ONE(BYTES),            /* name */
    [2] = PB_ONE(VARINT),           /* since_version, until IR version 8 */
    [3] = PB_ONE(VARINT),           /* status, as long */
    [4] = PB_MANY(BYTES),           /* input */
    [5] = PB_MANY(BYTES),           /* output */
    [6] = PB_MANY(BYTES),           /* attribute */
    [7] = PB_SUBS(ONNX_NODE),       /* node */
    [8] = PB_ONE(BYTES),            /* doc_string */
    [9] = PB_SUBS(ONNX_OPSET),      /* opset_import */
    [10] = PB_ONE(BYTES),           /* domain */
    [11] = PB_SUBS(ONNX_ATTRIBUTE), /* attribute_proto */
    [12] = PB_SUBS(ONNX_VALUE),     /* value_info */
    [13] = PB_ONE(BYTES),           /* overload */
    [14] = PB_SUBS(ONNX_ENTRY),     /* metadata_props */
};
static const struct pb_slot training[] = {
    [1] = PB_SUB(ONNX_GRAPH),  /* initialization */
    [2] = PB_SUB(ONNX_GRAPH),  /* algorithm */
    [3] = PB_SUBS(ONNX_ENTRY), /* initialization_binding */
    [4] = PB_SUBS(ONNX_ENTRY), /* update_binding */
};
static const struct pb_slot opset[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(VARINT) };
static const struct pb_slot entry[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(BYTES) };
static const struct pb_slot annotation[] = { [1] = PB_ONE(BYTES), [2] = PB_SUBS(ONNX_ENTRY) };
static const struct pb_slot value[] = {
    [1] = PB_ONE(BYTES),       /* name */
    [2] = PB_SUB(ONNX_TYPE),   /* type */
    [3] = PB_ONE(BYTES),       /* doc_string */
    [4] = PB_SUBS(ONNX_ENTRY), /* metadata_props */
};
static const struct pb_slot type[] = {
    [1] = PB_SUB(ONNX_TYPE_TENSOR),   /* tensor_type */
    [4] = PB_SUB(ONNX_TYPE_SEQUENCE), /* sequence_type */
    [5] = PB_SUB(ONNX_TYPE_MAP),      /* map_type */
    [6] = PB_ONE(BYTES),              /* denotation */
    [7] = PB_SUB(ONNX_TYPE_OPAQUE),   /* opaque_type */
    [8] = PB_SUB(ONNX_TYPE_TENSOR),   /* sparse_tensor_type */
    [9] = PB_SUB(ONNX_TYPE_SEQUENCE), /* optional_type */
};
static const struct pb_slot type_tensor[] = { [1] = PB_ONE(VARINT), [2] = PB_SUB(ONNX_SHAPE) };
static const struct pb_slot type_sequence[] = { [1] = PB_SUB(ONNX_TYPE) };
static const struct pb_slot type_map[] = { [1] = PB_ONE(VARINT), [2] = PB_SUB(ONNX_TYPE) };
static const struct pb_slot type_opaque[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(BYTES) };
static const struct pb_slot shape[] = { [1] = PB_SUBS(ONNX_DIMENSION) };
static const struct pb_slot dimension[] = {
    [1] = PB_ONE(VARINT), /* dim_value */
    [2] = PB_ONE(BYTES),  /* dim_param */
    [3] = PB_ONE(BYTES),  /* denotation */
};
static const struct pb_slot segment[] = { [1] = PB_ONE(VARINT), [2] = PB_ONE(VARINT) };
static const struct pb_slot devices[] = {
    [1] = PB_ONE(BYTES),  /* name */
    [2] = PB_ONE(VARINT), /* num_devices */
    [3] = PB_MANY(BYTES), /* device */
};
static const struct pb_slot node_devices[] = {
    [1] = PB_ONE(BYTES),          /* configuration_id */
    [2] = PB_SUBS(ONNX_SHARDING), /* sharding_spec */
    [3] = PB_ONE(VARINT),         /* pipeline_stage */
};
static const struct pb_slot sharding[] = {
    [1] = PB_ONE(BYTES),             /* tensor_name */
    [2] = PB_MANY(VARINT),           /* device */
    [3] = PB_SUBS(ONNX_INT_ENTRY),   /* index_to_device_group_map */
    [4] = PB_SUBS(ONNX_SHARDED_DIM), /* sharded_dim */
};
static const struct pb_slot sharded_dim[] = {
    [1] = PB_ONE(VARINT),                   /* axis */
    [2] = PB_SUBS(ONNX_SIMPLE_SHARDED_DIM), /* simple_sharding */
};
static const struct pb_slot simple_sharded_dim[] = {
    [1] = PB_ONE(VARINT), /* dim_value */
    [2] = PB_ONE(BYTES),  /* dim_param */
    [3] = PB_ONE(VARINT), /* num_shards */
};
static const struct pb_slot sequence[] = {
    [1] = PB_ONE(BYTES),        /* name */
    [2] = PB_ONE(VARINT),       /* elem_type */
    [3] = PB_SUBS(ONNX_TENSOR), /* tensor_values; tensor_value */
    [4] = PB_SUBS(ONNX_SPARSE), /* sparse_tensor_values */
};
static const struct pb_slot int_entry[] = { [1] = PB_ONE(VARINT), [2] = PB_MANY(VARINT) };

#define MESSAGE(text, slots)                                                                       \
    {                                                                                              \
        text, slots, ARRAY_LEN(slots), false                                                       \
    }
const struct pb_message onnx_schema[] = {
    [ONNX_MODEL] = MESSAGE("ModelProto", model),
    [ONNX_GRAPH] = MESSAGE("GraphProto", graph),
    [ONNX_NODE] = MESSAGE("NodeProto", node),
    [ONNX_ATTRIBUTE] = MESSAGE("AttributeProto", attribute),
    [ONNX_TENSOR] = MESSAGE("TensorProto", tensor),
    [ONNX_SPARSE] = MESSAGE("SparseTensorProto", sparse),
    [ONNX_FUNCTION] = MESSAGE("FunctionProto", function),
    [ONNX_TRAINING] = MESSAGE("TrainingInfoProto", training),
    [ONNX_OPSET] = MESSAGE("OperatorSetIdProto", opset),
    [ONNX_ENTRY] = MESSAGE("StringStringEntryProto", entry),
    [ONNX_ANNOTATION] = MESSAGE("TensorAnnotation", annotation),
    [ONNX_VALUE] = MESSAGE("ValueInfoProto", value),
    [ONNX_TYPE] = MESSAGE("TypeProto", type),
    [ONNX_TYPE_TENSOR] = MESSAGE("TypeProto.Tensor", type_tensor),
    [ONNX_TYPE_SEQUENCE] = MESSAGE("TypeProto.Sequence", type_sequence),
    [ONNX_TYPE_MAP] = MESSAGE("TypeProto.Map", type_map),
    [ONNX_TYPE_OPAQUE] = MESSAGE("TypeProto.Opaque", type_opaque),
    [ONNX_SHAPE] = MESSAGE("TensorShapeProto", shape),
    [ONNX_DIMENSION] = MESSAGE("TensorShapeProto.Dimension", dimension),
    [ONNX_SEGMENT] = MESSAGE("TensorProto.Segment", segment),
    [ONNX_DEVICES] = MESSAGE("DeviceConfigurationProto", devices),
    [ONNX_NODE_DEVICES] = MESSAGE("NodeDeviceConfigurationProto", node_devices),
    [ONNX_SHARDING] = MESSAGE("ShardingSpecProto", sharding),
    [ONNX_SHARDED_DIM] = MESSAGE("ShardedDimProto", sharded_dim),
    [ONNX_SIMPLE_SHARDED_DIM] = MESSAGE("SimpleShardedDimProto", simple_sharded_dim),
    [ONNX_INT_ENTRY] = MESSAGE("IntIntListEntryProto", int_entry),
    [ONNX_SEQUENCE] = MESSAGE("SequenceProto", sequence),
};
