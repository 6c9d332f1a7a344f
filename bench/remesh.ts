/**
 * Meshes for simulation of phantoms' true appendages: time, angles, volume and deviation. Prints a line a phantom and edge
 * length, and the worst of each length.
 *
 *   node bench/run.js remesh [--first 1] [--count 20] [--edges 0.5,0.7,1] [--inlet 0] [--resolution 128]
 */
import { parseArgs } from 'node:util';
import { type SimulationMeshReport, simulationMesh } from '#main/remeshing/index.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import { buildScene } from '../src/main/phantom/anatomy/index.ts';
import { messageOf } from '../src/shared/errors.ts';
import { phantomTruth } from './phantomTruth.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    edges: { type: 'string', default: '0.5,0.7,1' },
    inlet: { type: 'string', default: '0' },
    resolution: { type: 'string', default: '128' },
  },
});
const [first, count, inletMm] = [Number(values.first), Number(values.count), Number(values.inlet)];

interface Made {
  readonly edgeMm: number;
  readonly seconds: number;
  readonly report: SimulationMeshReport;
}

const made: Made[] = [];
for (let seed = first; seed < first + count; seed++) {
  const { closed, ostium } = await phantomTruth(buildScene(seed), Number(values.resolution));
  if (!ostium.found) throw new Error(`Phantom ${seed} has no ostium.`);
  for (const edgeMm of values.edges.split(',').map(Number)) {
    const began = process.cpuUsage();
    try {
      const { report } = await simulationMesh({ closed, wall: ostium.wall }, { edgeMm, inletMm });
      const { user, system } = process.cpuUsage(began);
      const one = { edgeMm, seconds: (user + system) / 1e6, report };
      made.push(one);
      console.log(`phantom ${seed}, ${faceCount(closed)} faces, ${line([one])}`);
    } catch (thrown) {
      console.log(`phantom ${seed}, ${edgeMm} mm: ${messageOf(thrown)}`);
    }
  }
}
for (const edgeMm of new Set(made.map((one) => one.edgeMm))) {
  const ofLength = made.filter((one) => one.edgeMm === edgeMm);
  console.log(`worst of ${ofLength.length}, ${line(ofLength)}`);
}

function line(all: readonly Made[]): string {
  const most = (of: (one: Made) => number): number => Math.max(...all.map(of));
  const angle = -most(({ report }) => -report.minAngleDegrees);
  return [
    `${all[0]!.edgeMm} mm: ${most(({ seconds }) => seconds).toFixed(1)} s`,
    `${most(({ report }) => report.faces)} faces`,
    `mean edge ${most(({ report }) => report.edgesMm.mean).toFixed(3)} mm`,
    `smallest angle ${angle.toFixed(1)}°`,
    `volume ${most(({ report }) => Math.abs(report.volumeChangePercent)).toFixed(4)} %`,
    `to the original ${most(({ report }) => report.deviation.toOriginal.maxMm).toFixed(3)} mm`,
    `from it ${most(({ report }) => report.deviation.fromOriginal.maxMm).toFixed(3)} mm (mean ${most(({ report }) => report.deviation.fromOriginal.meanMm).toFixed(3)})`,
  ].join(', ');
}
