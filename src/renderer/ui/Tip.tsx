import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { shownKey } from './pageKeys.ts';

interface TipProps {
  readonly label: string;
  /** The key that does the same, as it is usually. */
  readonly keys?: string;
  readonly children: ReactElement;
}

/** A short text beside the control that the pointer or the focus rests on. */
export function Tip({ label, keys, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {label}
          {keys === undefined ? null : <kbd>{shownKey(keys)}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export const TipProvider = Tooltip.Provider;
