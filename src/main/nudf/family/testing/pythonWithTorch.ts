import { spawnSync } from 'node:child_process';

/** A Python that has PyTorch (Debian's python3-torch, say), found without loading it, which takes a second. */
export const pythonWithTorch = (): string | undefined =>
  ['/usr/bin/python3', 'python3'].find(
    (program) =>
      spawnSync(program, ['-c', 'import importlib.util; assert importlib.util.find_spec("torch")'], {
        stdio: 'ignore',
      }).status === 0,
  );
