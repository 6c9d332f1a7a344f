import Download from 'lucide-react/icons/download';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { SliderField } from '../../ui/SliderField.tsx';
import { words } from '../../words/index.ts';
import { Choices, KeptIdentityChoices } from './ExportChoices.tsx';
import {
  ANONYMOUS_CHOICES,
  DICOM_CHOICES,
  DOCUMENT_CHOICES,
  MASK_FORMAT_CHOICES,
  MESH_FORMAT_CHOICES,
  PRODUCT_CHOICES,
  problemOf,
  wantsScan,
} from './exportOptions.ts';
import type { Exporting } from './exportStore.ts';

/** The printable shell's thickness in colour. */
function ShellPicture({ png }: { readonly png: Uint8Array }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [png]);
  return address === undefined ? null : (
    <img
      className="shell-picture"
      src={address}
      alt={words().exporting.shellAlt}
      data-testid="export-shell-picture"
    />
  );
}

interface ExportDialogProps {
  readonly exporting: Exporting;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onExport: () => void;
  readonly onCancel: () => void;
  readonly onPreviewShell: () => void;
  readonly hasOstium: boolean;
  /** The scan's own files are known to the case: DICOM objects can refer to them. */
  readonly isSourceKnown: boolean;
  /** The whole scan's grid is known: masks are written on it. */
  readonly isScanKnown: boolean;
  /** The surface is not up to date yet: nothing can be exported now. */
  readonly isRemaking: boolean;
  /** Why the surface could not follow the last edit. */
  readonly blocked: Failure | null;
  readonly isRunning: boolean;
  readonly isAccepted: boolean;
}

interface Status extends Pick<ExportDialogProps, 'isRunning' | 'isRemaking' | 'isAccepted'> {
  readonly problem: Failure | null;
}

function statusInWords({ problem, isRunning, isRemaking, isAccepted }: Status): string {
  if (isRunning) return words().exporting.creating;
  if (isRemaking) return words().exporting.updating;
  if (problem !== null) return words().sentence(problem);
  return isAccepted ? '' : words().exporting.notAccepted;
}

/** The options of an export, and the button that runs it. */
export function ExportDialog(props: ExportDialogProps) {
  const { exporting, isOpen, onClose, onExport, onCancel, onPreviewShell } = props;
  const { hasOstium, isSourceKnown, isScanKnown, isRemaking, blocked, isRunning, isAccepted } = props;
  const { options, failure, shellPicture } = useStore(exporting.store);
  const { simulation } = options;
  const problem = blocked ?? problemOf(options, { hasOstium, isSourceKnown });
  return (
    <Dialog
      title={words().exporting.export}
      isOpen={isOpen}
      onClose={onClose}
      testId="export-dialog"
      foot={
        <>
          <p className="quiet foot-words" role="status" data-testid="export-problem">
            {statusInWords({ problem: problem ?? failure, isRunning, isRemaking, isAccepted })}
          </p>
          {isRunning ? (
            <Button onClick={onCancel}>{words().common.cancel}</Button>
          ) : (
            <Button onClick={onClose}>{words().common.close}</Button>
          )}
          <Button
            variant="primary"
            onClick={onExport}
            disabled={problem !== null || isRunning || isRemaking}
            data-testid="export-run"
          >
            <Download size={16} /> {words().exporting.export}
          </Button>
        </>
      }
    >
      <Choices
        title={words().exporting.surfaces}
        choices={PRODUCT_CHOICES}
        chosen={options.products}
        onChange={(products) => exporting.change({ products })}
        columns={1}
      />
      <Choices
        title={words().exporting.meshFormats}
        choices={MESH_FORMAT_CHOICES}
        chosen={options.meshFormats}
        onChange={(meshFormats) => exporting.change({ meshFormats })}
        columns={4}
      />
      <div className="choices-pair">
        <Choices
          title={isScanKnown ? words().exporting.maskOnScan : words().exporting.maskOnCrop}
          choices={MASK_FORMAT_CHOICES}
          chosen={options.maskFormats}
          onChange={(maskFormats) => exporting.change({ maskFormats })}
          columns={1}
        />
        <Choices
          title={words().exporting.report}
          choices={DOCUMENT_CHOICES}
          chosen={options.documents}
          onChange={(documents) => exporting.change({ documents })}
          columns={1}
        />
      </div>
      <Choices
        title={words().exporting.dicom}
        choices={DICOM_CHOICES}
        chosen={options.dicomObjects}
        onChange={(dicomObjects) => exporting.change({ dicomObjects })}
        columns={2}
      />
      {options.dicomObjects.length > 0 && !options.isAnonymous && (
        <p className="quiet" data-testid="export-dicom-note">
          {words().exporting.dicomNote}
        </p>
      )}
      <Choices
        title={words().exporting.patient}
        choices={ANONYMOUS_CHOICES}
        chosen={[
          ...(options.isAnonymous ? (['anonymous'] as const) : []),
          ...(wantsScan(options) ? (['scan'] as const) : []),
        ]}
        onChange={(chosen) =>
          exporting.change({
            isAnonymous: chosen.includes('anonymous') || (chosen.includes('scan') && !options.isAnonymous),
            withScan: chosen.includes('scan'),
          })
        }
        columns={2}
      />
      {options.isAnonymous ? (
        <KeptIdentityChoices
          kept={options.keptIdentity}
          onChange={(keptIdentity) => exporting.change({ keptIdentity })}
        />
      ) : null}
      <div className="choices-pair">
        <label className="switch-row">
          {words().exporting.coordinates}
          <select
            className="select"
            value={options.frame}
            onChange={({ target }) => exporting.change({ frame: target.value === 'RAS' ? 'RAS' : 'LPS' })}
            data-testid="export-frame"
          >
            <option value="LPS">LPS, mm (DICOM)</option>
            <option value="RAS">RAS, mm</option>
          </select>
        </label>
        <SliderField
          label={words().exporting.shellThickness}
          value={options.shellThicknessMm}
          least={0.4}
          most={5}
          step={0.1}
          shown={`${words().decimals(options.shellThicknessMm, 1)} mm`}
          isDisabled={!options.products.includes('shell')}
          onChange={(shellThicknessMm) => exporting.change({ shellThicknessMm })}
          testId="export-shell-thickness"
        />
      </div>
      <div className="choices-pair">
        <SliderField
          label={words().exporting.shellBase}
          value={options.shellBaseMm}
          least={0}
          most={15}
          step={1}
          shown={
            options.shellBaseMm === 0
              ? words().exporting.noBase
              : words().exporting.beyondWall(options.shellBaseMm)
          }
          isDisabled={!options.products.includes('shell')}
          onChange={(shellBaseMm) => exporting.change({ shellBaseMm })}
          testId="export-shell-base"
        />
        <div className="switch-row">
          {words().exporting.shellInColour}
          <Button
            onClick={onPreviewShell}
            disabled={!options.products.includes('shell') || !hasOstium || isRunning || isRemaking}
            data-testid="export-shell-preview"
          >
            {words().exporting.preview}
          </Button>
        </div>
      </div>
      {shellPicture && <ShellPicture png={shellPicture} />}
      <div className="choices-pair">
        <SliderField
          label={words().exporting.edge}
          value={simulation.edgeMm}
          least={0.3}
          most={3}
          step={0.1}
          shown={`${words().decimals(simulation.edgeMm, 1)} mm`}
          isDisabled={!options.products.includes('simulation')}
          onChange={(edgeMm) => exporting.change({ simulation: { ...simulation, edgeMm } })}
          testId="export-simulation-edge"
        />
        <SliderField
          label={words().exporting.inlet}
          value={simulation.inletMm}
          least={0}
          most={40}
          step={1}
          shown={simulation.inletMm === 0 ? words().exporting.noBase : `${simulation.inletMm} mm`}
          isDisabled={!options.products.includes('simulation') || !hasOstium}
          onChange={(inletMm) => exporting.change({ simulation: { ...simulation, inletMm } })}
          testId="export-simulation-inlet"
        />
      </div>
    </Dialog>
  );
}
