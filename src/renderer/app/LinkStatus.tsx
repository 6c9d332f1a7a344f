import { Button } from '../ui/Button.tsx';
import type { Workspace } from './workspace/workspace.ts';

/** There is no connection to the engine; the page tries by itself, and at once when asked. */
export function LinkStatus({
  link,
  onRetry,
}: {
  readonly link: ReturnType<Workspace['about']['getState']>['link'];
  readonly onRetry: () => void;
}) {
  return (
    <>
      Disconnected
      <Button
        className="status-retry"
        variant="plain"
        // Focus stays where it is while an attempt is under way.
        aria-disabled={link === 'trying'}
        onClick={onRetry}
        data-testid="link-retry"
      >
        {link === 'trying' ? 'Trying…' : 'Try again'}
      </Button>
    </>
  );
}
