import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { useStore } from 'zustand';
import type { ReviewedBy } from '#shared/contract/services/exporting.ts';
import { Button } from '../../ui/Button.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { momentInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';
import { DOUBT_LEVELS, doubtPatches } from './doubtPatches.ts';
import type { Verdict } from './reviewCase.ts';
import type { ReviewState } from './reviewState.ts';
import type { Review } from './reviewStore.ts';

const verdictInWords = (verdict: Verdict, by: ReviewedBy | null): string => {
  if (verdict === 'not reviewed') return words().reviewPanel.notReviewed;
  const word = words().workStates[verdict];
  return by ? words().reviewPanel.verdictBy(word, by.reviewer, momentInWords(by.at)) : `${word}.`;
};

interface DoubtHintProps {
  /** Of the surface as it is now. */
  readonly isKnown: boolean;
  readonly isShown: boolean;
  readonly current: NonNullable<ReviewState['current']>;
}

/** What the colours mean while they are shown, and why there are none. */
function DoubtHint({ isKnown, isShown, current }: DoubtHintProps) {
  const { offChances, original } = current;
  if (!offChances || !isKnown) {
    return (
      <p className="quiet" data-testid="doubt-hint">
        {offChances ? words().reviewPanel.doubtOfOriginal : words().reviewPanel.noDoubt}
      </p>
    );
  }
  if (!isShown) return null;
  const isSure = doubtPatches(original.closed, offChances).length === 0;
  return (
    <div className="quiet" data-testid="doubt-hint">
      {words().reviewPanel.doubt}
      {isSure ? (
        ` ${words().reviewPanel.doubtNowhere}`
      ) : (
        <ul className="colour-key">
          {DOUBT_LEVELS.map(({ from, colour }) => (
            <li key={from}>
              <span style={{ background: colour }} aria-hidden="true" />
              {words().reviewPanel.doubtFrom(
                words().reviewPanel[COLOUR_NAMES[colour]],
                Math.round(100 * from),
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const COLOUR_NAMES = { '#ffe14d': 'yellow', '#d0103f': 'red' } as const;

interface ReviewPanelProps {
  readonly review: Review;
  readonly onJudge: (verdict: Verdict) => void;
  /** What the images show in place of the scan of this result; null where they show that. */
  readonly otherImages?: string | null;
  readonly onShowOwn?: () => void;
}

/** How the result is shown, and the verdict on it. */
export function ReviewPanel({ review, onJudge, otherImages = null, onShowOwn = () => {} }: ReviewPanelProps) {
  const { verdict, reviewedBy, isVisible, opacity, isComparing, edits, isRemaking, problem, planeHint } =
    useStore(review.store);
  const { current, appendage, showsDoubt } = useStore(review.store);
  const knowsDoubt = current !== null && current.offChances !== null && appendage === current.original;
  const why = problem ?? planeHint;
  return (
    <section
      className="panel-section"
      aria-label={words().common.review}
      data-testid="review-panel"
      data-verdict={verdict}
    >
      <div className="panel-line">
        <h2>{words().common.review}</h2>
        <span className="quiet" role="status" data-testid="verdict">
          {isRemaking
            ? words().reviewPanel.updating
            : why
              ? words().sentence(why)
              : verdictInWords(verdict, reviewedBy)}
        </span>
      </div>
      <div className="button-row">
        <Button
          variant="good"
          aria-pressed={verdict === 'accepted'}
          disabled={isRemaking || problem !== null || otherImages !== null}
          onClick={() => onJudge(verdict === 'accepted' ? 'not reviewed' : 'accepted')}
          data-testid="accept"
        >
          <Check size={16} /> {words().common.accept}
        </Button>
        <Button
          variant="bad"
          aria-pressed={verdict === 'rejected'}
          disabled={otherImages !== null}
          onClick={() => onJudge(verdict === 'rejected' ? 'not reviewed' : 'rejected')}
          data-testid="reject"
        >
          <X size={16} /> {words().common.reject}
        </Button>
      </div>
      {otherImages === null ? null : (
        <>
          <p className="withheld" data-testid="other-images">
            {otherImages}
          </p>
          <Button className="wide" onClick={onShowOwn} data-testid="show-own">
            {words().reviewPanel.showOwn}
          </Button>
        </>
      )}
      <SwitchField
        label={words().reviewPanel.showSurface}
        isOn={isVisible}
        onChange={(on) => review.show({ isVisible: on })}
        testId="mesh-visible"
      />
      <SwitchField
        label={words().reviewPanel.compare}
        isOn={isComparing}
        isDisabled={edits.length === 0}
        onChange={(on) => review.show({ isComparing: on })}
        testId="compare"
      />
      <SwitchField
        label={words().reviewPanel.confidence}
        isOn={showsDoubt && knowsDoubt}
        isDisabled={!knowsDoubt || !isVisible}
        onChange={(on) => review.show({ showsDoubt: on })}
        testId="doubt"
      />
      {current ? <DoubtHint isKnown={knowsDoubt} isShown={showsDoubt} current={current} /> : null}
      <SliderField
        label={words().reviewPanel.opacity}
        value={opacity}
        least={0.1}
        most={1}
        step={0.05}
        shown={`${Math.round(opacity * 100)} %`}
        isDisabled={!isVisible}
        onChange={(value) => review.show({ opacity: value })}
        testId="opacity"
      />
    </section>
  );
}
