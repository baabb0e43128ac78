import { useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { isProduction } from '../../lib/environments';
import { useText } from '../../translation';
import { ConfirmDialog } from '../shared';
import styles from './PlanPage.module.css';

export interface RemovalDialogProps {
  /** Of a deletion, or of what the application stands on. */
  plan: Plan;
  isPending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Says what goes away, and in production asks for its name. */
export function RemovalDialog(props: RemovalDialogProps) {
  const { plan, isPending, onConfirm, onClose } = props;
  const { environment, name } = plan;
  const action = plan.action === 'delete' ? 'delete' : 'deprovision';
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [typed, setTyped] = useState('');
  const query = useQuery({
    key: `environment ${environment}`,
    load: signal => api.getEnvironment(environment, { signal }),
  });
  // Nobody may be spared the question because the answer is not known.
  const asksName =
    query.status === 'error' ||
    (query.status === 'ready' && isProduction(query.data));
  const isSure =
    query.status !== 'loading' && (!asksName || typed.trim() === name);
  return (
    <ConfirmDialog
      title={t(`plan.removal.${action}Question`, {
        application: `${environment}/${name}`,
      })}
      confirm={{
        label: t(plan.approval ? 'plan.requestApproval' : `plan.${action}`),
        destructive: true,
        isPending,
        isDisabled: !isSure,
      }}
      back={t('plan.removal.back')}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p className={styles.text}>{t(`plan.removal.${action}`)}</p>
      <Removed plan={plan} />
      {asksName && (
        <TextField
          label={t('plan.removal.typeName')}
          description={t('plan.removal.typeNameHint', { name })}
          isRequired
          value={typed}
          onChange={setTyped}
        />
      )}
    </ConfirmDialog>
  );
}

function Removed(props: { plan: Plan }) {
  const { resources, manifests } = props.plan;
  const t = useText();
  const lines = [
    ...resources
      .filter(({ action }) => action === 'delete')
      .map(({ type, name, uid, management }) => ({
        key: uid,
        text: t(
          management === 'external'
            ? 'plan.removal.externalResource'
            : 'plan.removal.resource',
          { type, name },
        ),
      })),
    ...manifests
      .filter(({ action }) => action === 'delete')
      .map(({ apiVersion, kind, name }) => ({
        key: `${apiVersion} ${kind} ${name}`,
        text: t('plan.removal.manifest', { kind, name }),
      })),
  ];
  return lines.length === 0 ? (
    <p className={styles.text}>{t('plan.removal.nothing')}</p>
  ) : (
    <ul className={styles.removed}>
      {lines.map(({ key, text }) => (
        <li key={key}>{text}</li>
      ))}
    </ul>
  );
}
