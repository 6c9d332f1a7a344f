import { expect, it } from 'vitest';
import { isSoftwareName } from './graphics.ts';

it('knows renderers that compute on the CPU', () => {
  expect(
    isSoftwareName('ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)'),
  ).toBe(true);
  expect(isSoftwareName('llvmpipe (LLVM 15.0.7, 256 bits)')).toBe(true);
  expect(isSoftwareName('Microsoft Basic Render Driver')).toBe(true);
  expect(isSoftwareName('ANGLE (NVIDIA, NVIDIA GeForce RTX 4070, OpenGL 4.5)')).toBe(false);
  expect(isSoftwareName('Apple M2')).toBe(false);
});
