/**
 * The rooms of the sources and who may import whom: the one table that `npm run lint:imports` checks and
 * `docs/architecture.md` shows. After a change of it or of imports between rooms: `npm run architecture`.
 */
export interface Room {
  /** The folder below `src`. */
  readonly name: string;
  /** What it is, for `docs/architecture.md`. */
  readonly purpose: string;
  /** The rooms whose files it may import beside its own; see also `SHARED_SIDE`. */
  readonly mayImport: readonly string[];
  /** Only the files directly in the folder; the folders within are rooms of their own. */
  readonly isLoose?: true;
  /** Files that other rooms may import beside `index.ts`, where there is one, with the reason. */
  readonly sideDoors?: Readonly<Record<string, string>>;
  /** Files of shared that only main or only the renderer uses, with the reason why they are not there. */
  readonly oneSided?: Readonly<Record<string, string>>;
}

/** Every room outside of it may import the rooms whose names begin so; the table does not repeat it. */
export const SHARED_SIDE = 'shared';

/** In the order of `docs/architecture.md`: what stands below comes first. */
export const ROOMS: readonly Room[] = [
  {
    name: 'shared',
    isLoose: true,
    purpose: 'errors, progress and other small things that are used everywhere',
    mayImport: ['shared/failures', 'shared/words'],
  },
  {
    name: 'shared/failures',
    purpose: 'what can go wrong, as codes with fields',
    mayImport: [],
  },
  {
    name: 'shared/words',
    purpose: 'a sentence for every failure; one catalogue for each language',
    mayImport: ['shared/failures'],
  },
  {
    name: 'shared/geometry',
    purpose: "grids in LPS millimetres (the scanner's axes: left, posterior, superior), vectors",
    mayImport: [],
  },
  { name: 'shared/random', purpose: 'seeded random numbers', mayImport: ['shared/geometry'] },
  {
    name: 'shared/webAssembly',
    purpose: 'kernels written in WebAssembly: instructions and modules as bytes',
    mayImport: [],
  },
  {
    name: 'shared/volume',
    purpose: 'voxels on a grid: crop, resample, average',
    mayImport: ['shared/geometry', 'shared/webAssembly'],
  },
  {
    name: 'shared/mesh',
    purpose: 'indexed triangle meshes: edges, measures, slices, voxels',
    mayImport: ['shared/geometry'],
  },
  {
    name: 'shared/anatomy',
    purpose: 'ostium, centre line, landing zones, filling and their measures',
    mayImport: ['shared/geometry', 'shared/mesh'],
  },
  {
    name: 'shared/dicom',
    purpose: 'DICOM files: headers, series, pixels, checks of the geometry',
    mayImport: ['shared', 'shared/failures', 'shared/geometry', 'shared/volume'],
  },
  {
    name: 'shared/deidentify',
    purpose: "DICOM files without what identifies the patient (PS3.15's basic profile)",
    mayImport: ['shared/annotations', 'shared/dicom', 'shared/failures', 'shared/words'],
  },
  {
    name: 'shared/rpc',
    purpose: 'calls and events over a port of send and onMessage, checked on both sides',
    mayImport: ['shared', 'shared/failures'],
    oneSided: {
      'zodWithoutEval.ts': 'the first import of the page and of its workers, below all their rooms',
    },
  },
  {
    name: 'shared/workers',
    purpose: 'one pool for workers of any kind: threads, processes, web workers, code of the same thread',
    mayImport: ['shared', 'shared/rpc'],
  },
  {
    name: 'shared/lifecycle',
    purpose: 'lifecycles as transition tables: state × event → state',
    mayImport: [],
  },
  {
    name: 'shared/contract',
    purpose: 'what page and engine may ask of each other, as zod schemas',
    mayImport: ['shared/failures', 'shared/geometry', 'shared/rpc', 'shared/words'],
  },
  {
    name: 'shared/annotations',
    purpose: 'what a reader measures in the planes: lengths, angles, areas and their attenuation',
    mayImport: [
      'shared',
      'shared/contract',
      'shared/failures',
      'shared/geometry',
      'shared/volume',
      'shared/words',
    ],
  },
  {
    name: 'shared/planning',
    purpose: 'occluders that fit an appendage, and placed in it; the sections along its centre line',
    mayImport: [
      'shared',
      'shared/anatomy',
      'shared/contract',
      'shared/failures',
      'shared/geometry',
      'shared/mesh',
      'shared/volume',
      'shared/words',
    ],
  },
  {
    name: 'shared/phases',
    purpose:
      'the sizes of an appendage over the phases of a heart cycle: changes, curves, the phase to size in',
    mayImport: ['shared/contract', 'shared/failures', 'shared/planning', 'shared/words'],
  },
  {
    name: 'shared/nudf',
    purpose:
      'the networks in TensorFlow.js, their WebGPU kernels and the engine on them: the same in Node and in the page',
    mayImport: [
      'shared',
      'shared/anatomy',
      'shared/contract',
      'shared/failures',
      'shared/random',
      'shared/rpc',
    ],
  },

  {
    name: 'main/files',
    purpose: 'files that appear whole or not at all; the codes of failed reads and writes',
    mayImport: [],
  },
  {
    name: 'main/arrays',
    purpose: "files of numbers from other programs: NumPy's arrays, PyTorch's checkpoints",
    mayImport: [],
  },
  {
    name: 'main/mesh',
    purpose:
      'operations on meshes that only main needs: topology, parts, cutting, slivers, self-intersections',
    mayImport: [],
  },
  {
    name: 'main/surface',
    purpose: 'fields on lattices and the surfaces extracted from them, wherever a field comes from',
    mayImport: ['main/mesh'],
  },
  {
    name: 'main/reconstruction',
    purpose: 'meshes from dense point clouds by screened Poisson reconstruction, as in the NUDF paper',
    mayImport: ['main/mesh', 'main/surface'],
  },
  {
    name: 'main/remeshing',
    purpose: 'surfaces of nearly equilateral triangles with patches, for simulation',
    mayImport: ['main/mesh'],
  },
  {
    name: 'main/interchange',
    purpose: 'mesh, cloud and volume files: STL, OBJ, PLY, VTK, VTP, 3MF, GLB, NRRD, NIfTI',
    mayImport: ['main/arrays', 'main/mesh'],
  },
  {
    name: 'main/phantom',
    purpose: 'synthetic anatomy, its CT and its DICOM series; the analytic truth',
    mayImport: ['main/files', 'main/interchange', 'main/surface'],
  },
  {
    name: 'main/nudf',
    purpose:
      'the networks in Node: their files, the engines on ONNX Runtime, Dawn and CUDA, the search for the region',
    mayImport: ['main/arrays', 'main/surface'],
  },
  {
    name: 'main/training',
    purpose: 'examples from phantoms and prepared cases, losses, the training loops, checkpoints, curves',
    mayImport: ['main/arrays', 'main/files', 'main/nudf', 'main/phantom', 'main/preparation'],
  },
  {
    name: 'main/home',
    purpose: 'where the program keeps what is its own: settings, sessions, imported models',
    mayImport: [],
  },
  {
    name: 'main/models',
    purpose: 'the models, bundled and imported: manifests, verification, packing, import of checkpoints',
    mayImport: ['main/files', 'main/home', 'main/nudf', 'main/training'],
  },
  {
    name: 'main/evaluation',
    purpose: 'distances, Dice and rim measures between surfaces, of one case or of folders',
    mayImport: ['main/interchange', 'main/mesh', 'main/preview'],
  },
  {
    name: 'main/threads',
    purpose: "Node's threads as ports, and the built files that they run",
    mayImport: [],
  },
  {
    name: 'main/studies',
    purpose: 'DICOM series found in folders, listed and read',
    mayImport: ['main/threads'],
  },
  {
    name: 'main/dicomNetwork',
    purpose: 'studies fetched from DICOM servers and results stored there: DICOMweb and classic nodes',
    mayImport: ['main/files', 'main/studies'],
    sideDoors: {
      'classicNode.ts': 'loaded only where a classic node is used',
      'thumbnail.ts': 'loaded only where a series of a server is looked at',
    },
  },
  {
    name: 'main/meshing',
    purpose: "surfaces remade after a person's changes: another ostium plane, edited labels",
    mayImport: ['main/mesh', 'main/surface'],
  },
  {
    name: 'main/planning',
    purpose: "sizes along the centre line; tables of devices, bundled or a hospital's own",
    mayImport: ['main/files', 'main/home', 'main/interchange', 'main/mesh', 'main/meshing'],
  },
  {
    name: 'main/preparation',
    purpose: 'training examples from scans with a segmentation: read, sampled and written in folders',
    mayImport: [
      'main/arrays',
      'main/files',
      'main/interchange',
      'main/mesh',
      'main/meshing',
      'main/phantom',
      'main/studies',
      'main/surface',
    ],
  },
  { name: 'main/preview', purpose: 'pictures of results', mayImport: ['main/mesh'] },
  {
    name: 'main/report',
    purpose: 'a result as HTML, PDF, CSV, JSON',
    mayImport: ['main/interchange', 'main/remeshing'],
  },
  {
    name: 'main/dicomObjects',
    purpose: 'results as DICOM objects: segmentation, surfaces, structured report, pictures',
    mayImport: ['main/files', 'main/interchange', 'main/mesh', 'main/meshing', 'main/report', 'main/studies'],
  },
  {
    name: 'main/exporting',
    purpose: 'all files of an export; the printable shell',
    mayImport: [
      'main/dicomObjects',
      'main/interchange',
      'main/mesh',
      'main/planning',
      'main/preview',
      'main/remeshing',
      'main/report',
      'main/studies',
      'main/surface',
    ],
  },
  {
    name: 'main/pipeline',
    purpose: 'from a volume to a result: region, field, surface, measures, warnings, report',
    mayImport: [
      'main/files',
      'main/interchange',
      'main/meshing',
      'main/models',
      'main/nudf',
      'main/planning',
      'main/preview',
      'main/reconstruction',
      'main/report',
      'main/studies',
      'main/surface',
    ],
  },
  {
    name: 'main/workers',
    purpose: 'threads, processes and their pools: thin wrappers over pure functions',
    mayImport: [
      'main/evaluation',
      'main/exporting',
      'main/meshing',
      'main/phantom',
      'main/pipeline',
      'main/planning',
      'main/preparation',
      'main/preview',
      'main/threads',
      'main/training',
    ],
  },
  {
    name: 'main/page',
    purpose: 'the built pages: their files, address and content security policy',
    mayImport: [],
  },
  {
    name: 'main/platform',
    purpose: 'what the services ask of their host, with a desktop and a browser implementation',
    mayImport: ['main/files', 'main/home', 'main/page'],
  },
  {
    name: 'main/services',
    purpose: "the contract's handlers: thin, they own jobs, settings, sessions, audit",
    mayImport: [
      'main/dicomNetwork',
      'main/files',
      'main/home',
      'main/models',
      'main/phantom',
      'main/planning',
      'main/platform',
      'main/studies',
      'main/threads',
      'main/workers',
    ],
  },
  {
    name: 'main/transport',
    purpose: 'how pages reach the application: WebSocket in a browser, message ports in Electron',
    mayImport: ['main/page'],
  },
  {
    name: 'main/application',
    purpose: 'the services put together and offered to pages',
    mayImport: ['main/services'],
  },
  {
    name: 'main/cohort',
    purpose: 'many cases over many processes and machines, each done once; its queues and its page',
    mayImport: ['main/files', 'main/interchange'],
    sideDoors: {
      'redisQueue.ts': 'loaded only where Redis is used',
    },
  },
  {
    name: 'main/prediction',
    purpose: 'dense point clouds of networks, from prepared cases and scans, as the NUDF paper makes them',
    mayImport: [
      'main/interchange',
      'main/models',
      'main/pipeline',
      'main/preparation',
      'main/reconstruction',
      'main/studies',
      'main/surface',
    ],
  },
  {
    name: 'main/cli',
    purpose: 'the command line, one file per command',
    mayImport: [
      'main/cohort',
      'main/dicomObjects',
      'main/dicomNetwork',
      'main/evaluation',
      'main/exporting',
      'main/files',
      'main/home',
      'main/interchange',
      'main/mesh',
      'main/models',
      'main/nudf',
      'main/phantom',
      'main/pipeline',
      'main/planning',
      'main/prediction',
      'main/preparation',
      'main/reconstruction',
      'main/remeshing',
      'main/studies',
      'main/training',
      'main/workers',
    ],
  },
  {
    name: 'main',
    isLoose: true,
    purpose: 'the programs: command line, local server, Electron, its preload script',
    mayImport: ['main/application', 'main/cli', 'main/home', 'main/page', 'main/platform', 'main/transport'],
  },

  {
    name: 'renderer/words',
    purpose: 'what people read on the page, in each of its languages; numbers as they are written there',
    mayImport: [],
  },
  {
    name: 'renderer/jobs',
    purpose: 'long work: progress, cancel, failures as alerts, only the latest wins',
    mayImport: ['renderer/words'],
  },
  {
    name: 'renderer/ui',
    purpose: 'controls over Radix, the theme, words for values',
    mayImport: ['renderer/words'],
  },
  {
    name: 'renderer/connection',
    purpose: "the page's end of the contract; connects again where the connection was lost",
    mayImport: ['renderer/jobs'],
  },
  {
    name: 'renderer/workers',
    purpose: 'DICOM decoding and saved work off the main thread',
    mayImport: [],
  },
  {
    name: 'renderer/edit',
    purpose: 'painting, cutting and smoothing of labels; the named history of undo and redo',
    mayImport: [],
  },
  {
    name: 'renderer/viewer',
    purpose: 'planes, 3D, overlays; the only importer of vtk.js',
    mayImport: ['renderer/words'],
    sideDoors: {
      'types.ts': 'stores name what is shown without loading what draws it',
      'wheelCounter.ts': 'plots count the steps of a wheel without loading what draws planes',
    },
  },
  {
    name: 'renderer/features/studies',
    purpose: 'dropped files become series, thumbnails and the loaded volume',
    mayImport: ['renderer/jobs', 'renderer/ui', 'renderer/viewer', 'renderer/workers', 'renderer/words'],
  },
  {
    name: 'renderer/features/region',
    purpose: 'where the appendage is: found, placed or drawn; the crop that is sent',
    mayImport: ['renderer/jobs', 'renderer/ui', 'renderer/viewer', 'renderer/words'],
  },
  {
    name: 'renderer/features/review',
    purpose: 'the surface under review: its plane, edits, history, verdict',
    mayImport: ['renderer/edit', 'renderer/jobs', 'renderer/ui', 'renderer/viewer', 'renderer/words'],
  },
  {
    name: 'renderer/features/measure',
    purpose: 'the measures in words, each withheld one with its reason',
    mayImport: ['renderer/ui', 'renderer/words'],
  },
  {
    name: 'renderer/features/planning',
    purpose: 'what an occluder is planned by: sizes along the centre line, landing zone, devices, C-arm',
    mayImport: [
      'renderer/features/review',
      'renderer/jobs',
      'renderer/ui',
      'renderer/viewer',
      'renderer/words',
    ],
  },
  {
    name: 'renderer/features/phases',
    purpose: 'the phases of the open heart: list, cine, segmenting all, the sizes over the cycle',
    mayImport: [
      'renderer/features/region',
      'renderer/features/review',
      'renderer/features/studies',
      'renderer/jobs',
      'renderer/ui',
      'renderer/viewer',
      'renderer/words',
    ],
  },
  {
    name: 'renderer/features/annotations',
    purpose: 'what a reader measures in the planes: its list, its changes as steps',
    mayImport: ['renderer/jobs', 'renderer/ui', 'renderer/viewer', 'renderer/words'],
  },
  {
    name: 'renderer/features/export',
    purpose: 'the reviewed case as files',
    mayImport: ['renderer/features/review', 'renderer/jobs', 'renderer/ui', 'renderer/words'],
  },
  {
    name: 'renderer/features/servers',
    purpose: 'DICOM servers: configured, searched for series, and sent results',
    mayImport: ['renderer/ui', 'renderer/words'],
  },
  {
    name: 'renderer/app',
    purpose: 'screens, commands, keys; the stores put together (`workspace`); sessions and settings',
    mayImport: [
      'renderer/connection',
      'renderer/edit',
      'renderer/features/annotations',
      'renderer/features/export',
      'renderer/features/measure',
      'renderer/features/phases',
      'renderer/features/planning',
      'renderer/features/region',
      'renderer/features/review',
      'renderer/features/servers',
      'renderer/features/studies',
      'renderer/jobs',
      'renderer/ui',
      'renderer/viewer',
      'renderer/words',
      'renderer/workers',
    ],
  },
  {
    name: 'renderer',
    isLoose: true,
    purpose: "the page's entry",
    mayImport: ['renderer/app'],
  },
];

/** A package that only some files may import. */
export interface PackageRule {
  /** Names of packages; `node:` stands for all modules of Node.js. */
  readonly packages: readonly string[];
  /** Files, or folders that end with a slash. */
  readonly onlyIn: readonly string[];
  /** Whether tests are held to it too. */
  readonly withTests?: true;
  readonly reason: string;
}

export const PACKAGE_RULES: readonly PackageRule[] = [
  {
    packages: ['electron'],
    onlyIn: [
      'src/main/entry.electron.ts',
      'src/main/preload.ts',
      'src/main/transport/ipc.ts',
      'src/main/platform/electron/',
    ],
    withTests: true,
    reason: 'the rest has to run without Electron',
  },
  {
    packages: ['vtk.js'],
    onlyIn: ['src/renderer/viewer/'],
    reason: 'the viewer is the only one that knows how 3D is drawn',
  },
  {
    packages: ['node:'],
    onlyIn: ['src/main/'],
    reason: 'shared and renderer run in browsers',
  },
  {
    packages: ['react', 'react-dom', 'radix-ui', 'lucide-react'],
    onlyIn: ['src/renderer/app/', 'src/renderer/features/', 'src/renderer/ui/'],
    reason: 'only components know of React',
  },
  {
    packages: ['zustand'],
    onlyIn: ['src/renderer/'],
    reason: "stores are the page's",
  },
  {
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-cpu'],
    onlyIn: ['src/shared/nudf/', 'src/main/nudf/', 'src/main/training/'],
    reason: 'only the networks and their training know of TensorFlow.js',
  },
  {
    packages: ['onnxruntime-node', 'webgpu'],
    onlyIn: ['src/main/nudf/engine/'],
    reason: 'only the engines know what computes',
  },
  {
    packages: ['ws'],
    onlyIn: ['src/main/transport/'],
    withTests: true,
    reason: 'only the transport knows of sockets',
  },
  {
    packages: ['dcmjs-dimse'],
    onlyIn: ['src/main/dicomNetwork/node/'],
    withTests: true,
    reason: 'only nodes know of the classic protocol',
  },
  {
    packages: ['dcmjs'],
    onlyIn: ['src/main/dicomObjects/'],
    withTests: true,
    reason: 'one writer of DICOM objects',
  },
  {
    packages: ['commander', 'cli-progress'],
    onlyIn: ['src/main/cli/', 'src/main/entry.cli.ts', 'src/main/entry.server.ts'],
    reason: 'only programs read arguments',
  },
];
