import type { z } from 'zod';
import type { exportingService } from '#shared/contract/services/exporting.ts';
import type { meshingService } from '#shared/contract/services/meshing.ts';

type MethodOf<M extends { readonly params: z.ZodType; readonly result: z.ZodType }> = {
  params: z.output<M['params']>;
  result: z.input<M['result']>;
};

/** What a meshing thread can be asked for: what the contract says of it. */
export type MeshingMethods = {
  recut: MethodOf<typeof meshingService.recut>;
  fromLabels: MethodOf<typeof meshingService.fromLabels>;
  buildExport: MethodOf<typeof exportingService.build>;
};
