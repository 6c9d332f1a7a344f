import type { Client, Contract, Handlers } from '../rpc/contract.ts';
import { failureSchema } from './failure.ts';
import { appService, engineStatusSchema, sessionsService } from './services/app.ts';
import { exportingService } from './services/exporting.ts';
import { meshingService } from './services/meshing.ts';
import { segmentationService } from './services/segmentation.ts';

/** Everything that renderer and main say to each other. */
export const auricleContract = {
  services: {
    app: appService,
    segmentation: segmentationService,
    meshing: meshingService,
    exporting: exportingService,
    sessions: sessionsService,
  },
  events: {
    /** The engine became ready, failed or was replaced. */
    engine: engineStatusSchema,
    /** Something went wrong that no call answers for (a worker was restarted, say). */
    notice: failureSchema,
  },
} satisfies Contract;

export type AuricleContract = typeof auricleContract;
export type AuricleClient = Client<AuricleContract>;
export type AuricleHandlers = Handlers<AuricleContract>;
