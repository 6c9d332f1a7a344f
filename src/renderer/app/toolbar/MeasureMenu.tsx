import ChevronDown from 'lucide-react/icons/chevron-down';
import Ruler from 'lucide-react/icons/ruler';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { ANNOTATION_KINDS, type AnnotationKind, isAnnotationKind } from '#shared/contract/annotations.ts';
import { KIND_ICONS } from '../../features/annotations/index.ts';
import { Button } from '../../ui/Button.tsx';
import { shownKey } from '../../ui/pageKeys.ts';
import { words } from '../../words/index.ts';
import type { View } from '../workspace/viewStore.ts';

const KEYS: Readonly<Record<AnnotationKind, string>> = {
  ruler: '−',
  angle: 'Y',
  ellipse: 'Q',
  freehand: 'G',
  text: 'T',
};

/** The measuring tools; the button shows the one that is chosen. */
export function MeasureMenu({ view }: { readonly view: View }) {
  const tool = useStore(view.store, (state) => state.tool);
  const isMeasuring = isAnnotationKind(tool);
  const Icon = isMeasuring ? KIND_ICONS[tool] : Ruler;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button
          className="measure-button"
          aria-label={
            isMeasuring
              ? words().measureMenu.chosen(words().annotationKinds[tool])
              : words().measureMenu.tools
          }
          data-active={isMeasuring}
          data-testid="measure-menu"
        >
          <Icon size={17} />
          <ChevronDown size={14} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" sideOffset={4} align="start">
          {ANNOTATION_KINDS.map((kind) => {
            const KindIcon = KIND_ICONS[kind];
            return (
              <DropdownMenu.Item
                key={kind}
                className="menu-item"
                onSelect={() => view.change({ tool: kind })}
                data-testid={`tool-${kind}`}
              >
                <span className="menu-label">
                  <KindIcon size={15} /> {words().annotationKinds[kind]}
                </span>
                <kbd>{shownKey(KEYS[kind])}</kbd>
              </DropdownMenu.Item>
            );
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
