import { onUnknownTransition } from '../lifecycle.ts';

// A set-up file of the unit tests: an event that comes in a state without a transition for it fails the test.
onUnknownTransition((message) => {
  throw new Error(message);
});
