import { encodeProtobuf, type ProtobufMessage, protobufMessage } from './protobufWriter.ts';

/**
 * A graph that becomes an ONNX file (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Values are known by
 * name; every method that adds a node returns the name of the node's output.
 */
export interface OnnxGraph {
  input(name: string, shape: readonly (number | string)[]): string;
  output(name: string, shape: readonly (number | string)[]): void;
  floats(name: string, shape: readonly number[], data: Float32Array): string;
  /** A constant list of whole numbers; the same name may be requested again. */
  integers(name: string, values: readonly number[]): string;
  /** A constant [1]; requested again, the same one. */
  scalar(value: number): string;
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    outputName?: string,
    /** Names of further outputs. */
    moreOutputs?: readonly string[],
  ): string;
  /** The file's bytes. `metadata` travels in the file; readers ignore what they do not know. */
  encode(metadata?: Readonly<Record<string, string>>): Uint8Array;
}

/** A whole number, a list of them, a text or, marked as such, a float. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** Operator set 18 is the oldest that holds all that is used; IR 8 goes with it. */
const OPERATOR_SET = 18;
const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_TYPE = { float: 1, integer: 2, text: 3, integers: 7 };

function attribute(name: string, value: OnnxAttribute): ProtobufMessage {
  const message = protobufMessage().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, ATTRIBUTE_TYPE.integer);
  if (typeof value === 'string') {
    return message.bytes(4, new TextEncoder().encode(value)).integer(20, ATTRIBUTE_TYPE.text);
  }
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE_TYPE.float);
  for (const item of value) message.integer(8, item);
  return message.integer(20, ATTRIBUTE_TYPE.integers);
}

/** ValueInfoProto of a float tensor; a text in the shape names a free dimension. */
function valueInfo(name: string, shape: readonly (number | string)[]): ProtobufMessage {
  const dimensions = protobufMessage();
  for (const size of shape) {
    const dimension = protobufMessage();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size));
  }
  const tensorType = protobufMessage().integer(1, FLOAT).message(2, dimensions);
  return protobufMessage().text(1, name).message(2, protobufMessage().message(1, tensorType));
}

function tensor(name: string, type: number, shape: readonly number[], raw: ArrayBufferView): ProtobufMessage {
  const message = protobufMessage();
  for (const size of shape) message.integer(1, size);
  const bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
  return message.integer(2, type).text(8, name).bytes(9, bytes);
}

/** An empty graph; `graphName` is its name in the file. */
export function onnxGraph(graphName: string): OnnxGraph {
  const nodes: ProtobufMessage[] = [];
  const initializers: ProtobufMessage[] = [];
  const inputs: ProtobufMessage[] = [];
  const outputs: ProtobufMessage[] = [];
  const shared = new Set<string>();
  return {
    input(name, shape) {
      inputs.push(valueInfo(name, shape));
      return name;
    },
    output(name, shape) {
      outputs.push(valueInfo(name, shape));
    },
    floats(name, shape, data) {
      initializers.push(tensor(name, FLOAT, shape, data));
      return name;
    },
    integers(name, values) {
      if (shared.has(name)) return name;
      shared.add(name);
      initializers.push(tensor(name, INT64, [values.length], BigInt64Array.from(values, BigInt)));
      return name;
    },
    scalar(value) {
      const name = `scalar_${value}`;
      if (shared.has(name)) return name;
      shared.add(name);
      initializers.push(tensor(name, FLOAT, [1], Float32Array.of(value)));
      return name;
    },
    node(
      operator,
      nodeInputs,
      attributes = {},
      outputName = `${operator}_${nodes.length}`,
      moreOutputs = [],
    ) {
      const message = protobufMessage();
      for (const name of nodeInputs) message.text(1, name);
      for (const name of [outputName, ...moreOutputs]) message.text(2, name);
      message.text(3, `node_${nodes.length}`).text(4, operator);
      for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
      nodes.push(message);
      return outputName;
    },
    encode(metadata = {}) {
      const graph = protobufMessage();
      for (const node of nodes) graph.message(1, node);
      graph.text(2, graphName);
      for (const initializer of initializers) graph.message(5, initializer);
      for (const value of inputs) graph.message(11, value);
      for (const value of outputs) graph.message(12, value);
      const model = protobufMessage().integer(1, IR_VERSION).text(2, 'auricle').message(7, graph);
      // The default operator domain is the empty text, which protobuf leaves out.
      model.message(8, protobufMessage().integer(2, OPERATOR_SET));
      for (const [key, value] of Object.entries(metadata)) {
        model.message(14, protobufMessage().text(1, key).text(2, value));
      }
      return encodeProtobuf(model);
    },
  };
}
