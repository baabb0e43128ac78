import { ButtonIcon } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { useText } from '../../translation';

const DONE_MS = 2000;

/** Copies an id or a hash that is too long to be typed. */
export function CopyButton(props: { name: string; text: string }) {
  const t = useText();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) {
      return undefined;
    }
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <ButtonIcon
      size="small"
      variant="tertiary"
      icon={done ? <RiCheckLine /> : <RiFileCopyLine />}
      aria-label={done ? t('common.copy.done') : t('common.copy.action', props)}
      onPress={async () => {
        await navigator.clipboard.writeText(props.text);
        setDone(true);
      }}
    />
  );
}
