import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { familyLayout } from '#shared/nudf/family/familyWeights.ts';
import { LEVEL_NAMES, torchFormula } from './formula.ts';

/** A pickle by its opcodes (CPython's Lib/pickletools.py), protocol 2. */
const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [0x58, bytes.length, bytes.length >> 8, 0, 0, ...bytes];
};
const int = (value: number): number[] => [
  0x4a,
  ...new Uint8Array(Int32Array.of(value).buffer), // little endian, as on every machine that runs this
];
const global = (module: string, name: string): number[] => [
  ...new TextEncoder().encode(`c${module}\n${name}\n`),
];
const tuple = (...items: number[][]): number[] => [0x28, ...items.flat(), 0x74];
const REDUCE = 0x52;

function tensor(key: string, shape: readonly number[]): number[] {
  const count = shape.reduce((product, length) => product * length, 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const storage = tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), int(count));
  return [
    ...global('torch._utils', '_rebuild_tensor_v2'),
    ...tuple(
      [...storage, 0x51],
      int(0),
      tuple(...shape.map(int)),
      tuple(...strides.map(int)),
      [0x89],
      [...global('collections', 'OrderedDict'), 0x29, REDUCE],
    ),
    REDUCE,
  ];
}

/** `checkpoint_epoch_260.tar` of a network with the weights that family.py fills it with, as PyTorch writes it. */
export async function checkpointBytes(spec: FamilySpec): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { level: 0, useWebWorkers: false });
  const add = (name: string, bytes: Uint8Array) => zip.add(`checkpoint/${name}`, new Uint8ArrayReader(bytes));
  const layout = familyLayout(spec, LEVEL_NAMES[spec.name]);
  const items = layout.flatMap(({ torchName, torchShape }, index) => [
    ...text(torchName),
    ...tensor(String(index), torchShape),
  ]);
  const state = [0x7d, 0x28, ...items, 0x75];
  const root = [
    0x80,
    2,
    0x7d,
    0x28,
    ...text('epoch'),
    ...int(260),
    ...text('align_corners'),
    spec.alignCorners ? 0x88 : 0x89,
    ...text('model_state_dict'),
    ...state,
    0x75,
    0x2e,
  ];
  await add('data.pkl', Uint8Array.from(root));
  for (const [index, { torchName, torchShape }] of layout.entries()) {
    await add(`data/${index}`, new Uint8Array(torchFormula(torchName, torchShape).buffer));
  }
  return zip.close();
}
