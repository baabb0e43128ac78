import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { useText } from '../../translation';
import type { DiffMode } from './LineDiff';

const MODES: DiffMode[] = ['unified', 'split'];

/** Chooses how changes are shown. */
export function DiffModeSwitch(props: {
  mode: DiffMode;
  onChange: (mode: DiffMode) => void;
}) {
  const t = useText();
  return (
    <ToggleButtonGroup
      aria-label={t('diff.mode')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.mode]}
      onSelectionChange={keys => {
        const [mode] = [...keys];
        props.onChange(mode as DiffMode);
      }}
    >
      {MODES.map(mode => (
        <ToggleButton key={mode} id={mode} size="small">
          {t(`diff.${mode}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
