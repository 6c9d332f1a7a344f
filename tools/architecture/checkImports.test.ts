import { describe, expect, it } from 'vitest';
import { checkImports, type ImportRules } from './checkImports.ts';
import { PACKAGE_RULES, ROOMS, type Room } from './rooms.ts';
import { sourceTree } from './sourceTree.ts';

const room = (name: string, mayImport: readonly string[] = [], more: Partial<Room> = {}): Room => ({
  name,
  purpose: '',
  mayImport,
  ...more,
});

/** What is wrong with these files (paths below `src`, and texts), where these rooms are all that there are. */
function problemsOf(texts: Readonly<Record<string, string>>, ...rooms: readonly Room[]): string[] {
  const rules: ImportRules = { rooms, packages: PACKAGE_RULES };
  const files = Object.entries(texts).map(([path, text]) => [`src/${path}`, text] as const);
  return checkImports(sourceTree(new Map(files)), rules);
}

const TWO_FLOORS = [room('main/nudf'), room('main/services', ['main/nudf'])];

describe('directions between rooms', () => {
  it('an import that the table allows is not a problem', () => {
    const files = {
      'main/nudf/engine.ts': '',
      'main/services/app.ts': "import { engine } from '../nudf/engine.ts';",
    };
    expect(problemsOf(files, ...TWO_FLOORS)).toEqual([]);
  });

  it.each([
    ['an import', "import { app } from '../services/app.ts';"],
    ['an import of a type', "import type { App } from '../services/app.ts';"],
    ['an import by the short name of a side', "import { app } from '#main/services/app.ts';"],
    ['an import without the ending', "import { app } from '../services/app';"],
    ['an export from another file', "export { app } from '../services/app.ts';"],
    ['an export of all', "export * from '../services/app.ts';"],
    ['an import when it runs', "export const app = () => import('../services/app.ts');"],
    ['a type by import()', "export type App = import('../services/app.ts').App;"],
    ['the address of a worker', "new Worker(new URL('../services/app.ts', import.meta.url));"],
    ['an import with a query', "import app from '../services/app.ts?worker';"],
  ])('finds %s upwards', (_, text) => {
    const files = { 'main/nudf/engine.ts': text, 'main/services/app.ts': '' };
    expect(problemsOf(files, room('main/nudf'), room('main/services'))).toEqual([
      'src/main/nudf/engine.ts:1 imports src/main/services/app.ts: main/nudf may not import main/services.',
    ]);
  });

  it('names the line', () => {
    const files = {
      'main/nudf/engine.ts': "// A comment.\n\nimport '../services/app.ts';\n",
      'main/services/app.ts': '',
    };
    expect(problemsOf(files, room('main/nudf'), room('main/services'))[0]).toMatch(
      /^src\/main\/nudf\/engine\.ts:3 /,
    );
  });

  it('every room of main and renderer may import shared, but shared neither of them', () => {
    const rooms = [room('main/nudf'), room('shared/mesh')];
    expect(
      problemsOf(
        { 'main/nudf/engine.ts': "import '#shared/mesh/edges.ts';", 'shared/mesh/edges.ts': '' },
        ...rooms,
      ),
    ).toEqual([]);
    expect(
      problemsOf(
        { 'main/nudf/engine.ts': '', 'shared/mesh/edges.ts': "import '#main/nudf/engine.ts';" },
        ...rooms,
      ),
    ).toEqual([
      'src/shared/mesh/edges.ts:1 imports src/main/nudf/engine.ts: shared/mesh may not import main/nudf.',
    ]);
  });

  it('a file that is not there is a problem, except for the address of one that is built later', () => {
    const files = {
      'main/nudf/engine.ts': "import './gone.ts';\nnew URL('../preload/preload.cjs', import.meta.url);",
    };
    expect(problemsOf(files, room('main/nudf'))).toEqual([
      'src/main/nudf/engine.ts:1 imports ./gone.ts: there is no such file below src.',
    ]);
  });
});

describe('tests', () => {
  const rooms = [room('main/nudf'), room('main/services'), room('renderer/app')];

  it('may import every room of their side, past its door', () => {
    const files = {
      'main/nudf/engine.test.ts': "import '../services/app.ts';",
      'main/services/app.ts': '',
      'main/services/index.ts': '',
      'renderer/app/App.tsx': '',
    };
    expect(problemsOf(files, ...rooms)).toEqual([]);
  });

  it('may not import the other side', () => {
    const files = {
      'main/nudf/engine.test.ts': "import '#renderer/app/App.tsx';",
      'main/services/app.ts': '',
      'renderer/app/App.tsx': '',
    };
    expect(problemsOf(files, ...rooms)).toEqual([
      'src/main/nudf/engine.test.ts:1 imports src/renderer/app/App.tsx: tests of main may not import renderer.',
    ]);
  });

  it('and what is for tests are imported by tests alone', () => {
    const files = {
      'main/nudf/engine.ts': "import './testing/example.ts';",
      'main/nudf/testing/example.ts': '',
    };
    expect(problemsOf(files, room('main/nudf'))).toEqual([
      'src/main/nudf/engine.ts:1 imports src/main/nudf/testing/example.ts: only tests may.',
    ]);
  });
});

describe('doors', () => {
  const files = {
    'main/services/index.ts': "export { app } from './app.ts';",
    'main/services/app.ts': '',
    'main/cli/segment.ts': "import { app } from '../services/app.ts';",
  };

  it('a folder with an index.ts is entered through it', () => {
    expect(problemsOf(files, room('main/services'), room('main/cli', ['main/services']))).toEqual([
      'src/main/cli/segment.ts:1 imports src/main/services/app.ts: the door of src/main/services is its index.ts.',
    ]);
  });

  it('or through another door that the table names', () => {
    const services = room('main/services', [], { sideDoors: { 'app.ts': 'a reason' } });
    expect(problemsOf(files, services, room('main/cli', ['main/services']))).toEqual([]);
  });

  it('this holds for folders within a room too', () => {
    const within = {
      'main/nudf/kernels/index.ts': '',
      'main/nudf/kernels/dense.ts': '',
      'main/nudf/engine/webgpu.ts': "import '../kernels/dense.ts';",
    };
    expect(problemsOf(within, room('main/nudf'))).toEqual([
      'src/main/nudf/engine/webgpu.ts:1 imports src/main/nudf/kernels/dense.ts: the door of src/main/nudf/kernels is its index.ts.',
    ]);
  });
});

describe('cycles', () => {
  it('of files are found, of types too', () => {
    const files = {
      'main/nudf/a.ts': "import type { B } from './b.ts';",
      'main/nudf/b.ts': "import './c.ts';",
      'main/nudf/c.ts': "import './a.ts';",
    };
    expect(problemsOf(files, room('main/nudf'))).toEqual([
      'These files import each other in a circle: src/main/nudf/a.ts → src/main/nudf/b.ts → src/main/nudf/c.ts → src/main/nudf/a.ts.',
    ]);
  });

  it('of rooms are found where the table allows both directions', () => {
    const files = {
      'main/nudf/a.ts': "import '../phantom/a.ts';",
      'main/phantom/a.ts': '',
      'main/phantom/b.ts': "import '../nudf/b.ts';",
      'main/nudf/b.ts': '',
    };
    expect(
      problemsOf(files, room('main/nudf', ['main/phantom']), room('main/phantom', ['main/nudf'])),
    ).toEqual([
      'Within src/main these import each other in a circle: nudf → phantom → nudf (src/main/nudf/a.ts imports src/main/phantom/a.ts, src/main/phantom/b.ts imports src/main/nudf/b.ts).',
    ]);
  });

  it('of folders and files within a room are found', () => {
    const files = {
      'renderer/viewer/hitTests.ts': "import './planes/planeFrame.ts';",
      'renderer/viewer/planes/planeFrame.ts': '',
      'renderer/viewer/planes/planeHandles.ts': "import '../hitTests.ts';",
    };
    expect(problemsOf(files, room('renderer/viewer'))).toEqual([
      'Within src/renderer/viewer these import each other in a circle: hitTests.ts → planes → hitTests.ts (src/renderer/viewer/hitTests.ts imports src/renderer/viewer/planes/planeFrame.ts, src/renderer/viewer/planes/planeHandles.ts imports src/renderer/viewer/hitTests.ts).',
    ]);
  });

  it('through tests are none', () => {
    const files = {
      'main/nudf/network/a.ts': "import '../engine/b.ts';",
      'main/nudf/engine/b.ts': '',
      'main/nudf/engine/b.test.ts': "import '../network/a.ts';",
    };
    expect(problemsOf(files, room('main/nudf'))).toEqual([]);
  });
});

describe('packages', () => {
  const importing = (path: string, text: string): string[] => {
    const name = path.split('/').slice(0, -1).join('/');
    return problemsOf({ [path]: text }, room(name, [], name.includes('/') ? {} : { isLoose: true }));
  };

  it.each([
    ['main/services/app.ts', 'electron'],
    ['main/platform/platform.ts', 'electron'],
    ['main/transport/websocket.ts', 'electron'],
    ['main/services/app.test.ts', 'electron'],
    ['renderer/app/App.tsx', 'electron'],
    ['renderer/app/App.tsx', 'vtk.js/Sources/Common/Core/MatrixBuilder'],
    ['renderer/app/App.tsx', 'node:fs'],
    ['renderer/app/App.tsx', 'fs'],
    ['shared/mesh/edges.ts', 'node:path'],
    ['shared/mesh/edges.ts', 'react'],
    ['main/pipeline/segment.ts', 'onnxruntime-node'],
    ['main/pipeline/segment.ts', '@tensorflow/tfjs-core/dist/ops'],
    ['main/services/app.ts', 'ws'],
  ])('%s may not import %s', (path, name) => {
    const problems = importing(path, `import type { X } from '${name}';`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`src/${path}:1 imports ${name}: only src/`);
  });

  it.each([
    ['main/entry.electron.ts', 'electron'],
    ['main/preload.ts', 'electron'],
    ['main/transport/ipc.ts', 'electron'],
    ['main/platform/electron/mainWindow.ts', 'electron'],
    ['renderer/viewer/three/threeScene.ts', 'vtk.js/Sources/Rendering/Core/Actor'],
    ['main/services/app.ts', 'node:fs'],
    ['shared/mesh/edges.test.ts', 'node:path'],
    ['main/nudf/engine/onnx.ts', 'onnxruntime-node'],
  ])('%s may import %s', (path, name) => {
    expect(importing(path, `import '${name}';`)).toEqual([]);
  });

  it('a file of a package by its path is the package', () => {
    const text = "import url from '../../../node_modules/vtk.js/package.json?url';";
    expect(importing('renderer/app/App.tsx', text)[0]).toContain('only src/renderer/viewer/ may');
  });
});

describe('the table', () => {
  it('names no room that is not there', () => {
    expect(problemsOf({ 'main/nudf/a.ts': '' }, room('main/nudf'), room('main/gone'))).toEqual([
      'The table names the room main/gone, but src/main/gone has no files.',
    ]);
  });

  it('leaves no folder out', () => {
    expect(problemsOf({ 'main/nudf/a.ts': '', 'main/new/deep/b.ts': '' }, room('main/nudf'))).toEqual([
      'src/main/new/deep belongs to no room of tools/architecture/rooms.ts.',
    ]);
    const loose = room('main', [], { isLoose: true });
    expect(problemsOf({ 'main/entry.ts': '', 'main/new/b.ts': '' }, loose)).toEqual([
      'src/main/new belongs to no room of tools/architecture/rooms.ts.',
    ]);
  });

  it('allows no import of a room that is not there, and none that nobody uses', () => {
    const files = { 'main/nudf/a.ts': '', 'main/cli/b.ts': '' };
    expect(problemsOf(files, room('main/nudf'), room('main/cli', ['main/nudf', 'main/gone']))).toEqual([
      'The table lets main/cli import main/gone, which is not a room.',
      'The table lets main/cli import main/nudf, but it does not: take it out of the table.',
    ]);
  });

  it('names no side door that is not there', () => {
    const nudf = room('main/nudf', [], { sideDoors: { 'gone.ts': 'a reason' } });
    expect(problemsOf({ 'main/nudf/a.ts': '' }, nudf)).toEqual([
      'The table names the door src/main/nudf/gone.ts, which does not exist.',
    ]);
  });

  it('names each room once', () => {
    const names = ROOMS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
