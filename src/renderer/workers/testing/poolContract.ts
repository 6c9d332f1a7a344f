import { method, unchecked } from '#shared/rpc/contract.ts';

/** Tasks of a pool of web workers: one for each way in which a task can end. */
export const poolContract = {
  services: {
    tasks: {
      /** The array moves to the caller; `isGone` says whether the last one did. */
      make: method(unchecked<number>(), unchecked<Int16Array>(), ({ buffer }) => [buffer]),
      isGone: method(unchecked<null>(), unchecked<boolean>()),
      /** Never ends, and ignores cancellation. */
      spin: method(unchecked<null>(), unchecked<null>()),
      /** Throws outside of any call, as a defect would, and never answers. */
      crash: method(unchecked<null>(), unchecked<null>()),
      fail: method(unchecked<null>(), unchecked<null>()),
    },
  },
  events: {},
};
