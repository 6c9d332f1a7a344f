import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from './testing/builtPackages.ts';
import { memoryCage } from './testing/memoryCage.ts';

/** Reads a buffer of a WebGPU device, as the engine does. */
const READ_BY_DAWN = `
import { create, globals } from 'webgpu';
Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter();
const device = await adapter?.requestDevice();
if (!device) { console.log('no device'); process.exit(); }
const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
await buffer.mapAsync(GPUMapMode.READ);
try { console.log('read', buffer.getMappedRange().byteLength); } catch (error) { console.log('refused'); }
process.exit();
`;

/** Loads ONNX Runtime and makes a tensor. */
const LOAD_ONNX = `
import { listSupportedBackends, Tensor } from 'onnxruntime-node';
console.log(new Tensor('float32', new Float32Array(4), [4]).dims, listSupportedBackends()[0].name);
`;

const isLinux = process.platform === 'linux' && process.arch === 'x64';
const folder = mkdtempSync(join(tmpdir(), 'auricle-cage-'));
const cage = isLinux ? memoryCage(folder) : undefined;

describe.skipIf(!cage)(
  `Electron's memory cage${cage ? '' : ' (skipped: only on Linux for x64, with cc)'}`,
  () => {
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const run = (script: string, env: NodeJS.ProcessEnv): { output: string; signal: string | null } => {
      const args = ['--input-type=module', '--eval', script];
      const options = { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } } as const;
      const { stdout, signal } = spawnSync(process.execPath, args, options);
      return { output: stdout.trim(), signal };
    };

    it('lets Dawn read nothing, which is why Dawn is never loaded there', ({ skip }) => {
      const free = run(READ_BY_DAWN, {});
      if (free.output === 'no device') skip('no WebGPU device');
      expect(free.output).toBe('read 16');
      expect(run(READ_BY_DAWN, { LD_AUDIT: cage })).not.toMatchObject({ output: free.output });
    });

    it('lets ONNX Runtime be loaded', () => {
      expect(run(LOAD_ONNX, { LD_AUDIT: cage })).toEqual({ output: '[ 4 ] cpu', signal: null });
    });
  },
);
