import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const archivePath = join(root, 'node_modules/@sparticuz/chromium/bin/swiftshader.tar.br');
const folder = join(root, 'node_modules/.cache/auricle-swiftshader');
const driverFile = join(folder, 'vk_swiftshader_icd.json');

/** The regular files of an uncompressed ustar archive (POSIX.1-1988), by their base names. */
function* filesOfTar(archive: Buffer): Generator<{ name: string; bytes: Buffer }> {
  for (let offset = 0; offset + 512 <= archive.length && archive[offset] !== 0; ) {
    const header = archive.subarray(offset, offset + 512);
    const name = header.toString('utf8', 0, 100).replace(/\0.*/s, '');
    const size = Number.parseInt(header.toString('ascii', 124, 136), 8);
    const type = header[156];
    if (type === 0x30 || type === 0) {
      yield { name: basename(name), bytes: archive.subarray(offset + 512, offset + 512 + size) };
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
}

function unpack(): void {
  if (existsSync(driverFile)) return;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const { name, bytes } of filesOfTar(brotliDecompressSync(readFileSync(archivePath)))) {
    if (/^libvulkan|vk_swiftshader/.test(name)) writeFileSync(join(fresh, name), bytes);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** Vulkan drivers of the system: where there is one, the tests run on it. */
function systemHasVulkan(): boolean {
  return ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].some((path) => existsSync(path));
}

/**
 * Vitest's global set-up. On Linux/x64 without a Vulkan driver, unpacks the Vulkan loader and SwiftShader from the
 * archive that travels inside @sparticuz/chromium and puts them in the environment that the test workers start with
 * (the dynamic linker reads LD_LIBRARY_PATH when a process starts, so this must happen before, and in 'forks').
 */
export default function setup(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64' || systemHasVulkan() || !existsSync(archivePath))
    return;
  unpack();
  process.env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  process.env.VK_DRIVER_FILES = driverFile;
}

/**
 * Shaders without the code that clears workgroup memory before they begin. SwiftShader compiles it, written out value
 * by value, for longer than all the rest; our shaders write that memory before they read it, and a test sees it where
 * one does not.
 */
const WITHOUT_CLEARING = 'disable_workgroup_init';

/**
 * Shaders without the code that keeps every index within its buffer, a quarter of what these tests would compile and run
 * on SwiftShader. A shader that relied on it would read other memory here, and the numbers would be wrong.
 */
const WITHOUT_LIMITS = 'disable_robustness';

/**
 * Shaders without the code that gives a division of whole numbers by 0 a result, a sixth of what SwiftShader would compile
 * here. Our shaders divide by sizes, which are never 0.
 */
const WITHOUT_CHECKED_DIVISION = 'disable_polyfills_on_integer_div_and_mod';

/**
 * The device that GPU tests run on: the machine's own or SwiftShader; null, with a word on the console, where there is
 * none. `describe.skipIf(!gpu)` then reports the suite as skipped.
 * @param options keepsLimits: with every index kept within its buffer, as in the program: for the kernels' own tests
 */
export async function webGpuForTests({
  keepsLimits = false,
}: {
  readonly keepsLimits?: boolean;
} = {}): Promise<WebGpu | null> {
  const { createWebGpu } = await import('#main/nudf/engine/webgpuDevice.ts');
  const features = [WITHOUT_CLEARING, WITHOUT_CHECKED_DIVISION, ...(keepsLimits ? [] : [WITHOUT_LIMITS])];
  try {
    return await createWebGpu({ dawnFlags: [`enable-dawn-features=${features.join()}`] });
  } catch (error) {
    process.stderr.write(`GPU tests skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}
