import { useStore } from 'zustand';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { PhasePanel } from '../features/phases/index.ts';
import { whyNothingIsSegmented } from './workspace/aboutStore.ts';
import type { Workspace } from './workspace/workspace.ts';

/** The heart phases of the selected series. */
export function PhaseSection({ workspace }: { readonly workspace: Workspace }) {
  const about = useStore(workspace.about);
  const region = useStore(workspace.regions.store, (state) => state.region);
  const cannot =
    whyNothingIsSegmented(about) ??
    (region === null ? words().sentence(failure('page.no-region-placed')) : null);
  return <PhasePanel phases={workspace.phases} jobs={workspace.jobs} cannotSegment={cannot} />;
}
