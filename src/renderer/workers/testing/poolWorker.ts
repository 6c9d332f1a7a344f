import '#shared/rpc/zodWithoutEval.ts';
import { serveWebWorker } from '../webWorker.ts';
import { poolContract } from './poolContract.ts';

let made: Int16Array | undefined;

serveWebWorker(poolContract, {
  tasks: {
    async make(length) {
      made = new Int16Array(length).fill(7);
      return made;
    },
    isGone: async () => made?.byteLength === 0,
    async spin() {
      for (;;);
    },
    crash: () =>
      new Promise(() => {
        setTimeout(() => {
          throw new Error('The test asked for a crash.');
        });
      }),
    async fail() {
      throw new TypeError('There is no such tensor.');
    },
  },
});
