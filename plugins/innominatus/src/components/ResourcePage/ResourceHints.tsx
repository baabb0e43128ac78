import { Link } from '@backstage/ui';
import { ResourceHint } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { CopyButton, Panel } from '../shared';
import styles from './ResourcePage.module.css';

/** What a person can do with the resource: open, copy, run. */
export function ResourceHints(props: { hints: ResourceHint[] }) {
  const { hints } = props;
  const t = useText();
  return (
    <Panel title={t('resources.hints')}>
      {hints.length === 0 && <span>{t('resources.noHints')}</span>}
      <ul className={styles.hints}>
        {hints.map(hint => (
          <li key={`${hint.type} ${hint.label}`} className={styles.hint}>
            {isWebAddress(hint.value) ? (
              <Link href={hint.value} target="_blank" rel="noreferrer">
                {hint.label}
              </Link>
            ) : (
              <>
                <span>{hint.label}</span>
                <code className={styles.mono}>{hint.value}</code>
                <CopyButton
                  name={t('resources.copyHint', { label: hint.label })}
                  text={hint.value}
                />
              </>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** A provider made the value; anything but a web address could run as code. */
function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
