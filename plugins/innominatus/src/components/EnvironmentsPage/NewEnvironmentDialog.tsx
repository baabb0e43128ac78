import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup, Select, TextField } from '@backstage/ui';
import {
  Environment,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { formatLength } from '../../lib/duration';
import { Text, useText } from '../../translation';
import { ConfirmDialog } from '../shared';
import styles from './EnvironmentsPage.module.css';
import {
  CopyForm,
  nameOf,
  pullRequestProblem,
  requestOf,
  ttlOf,
  ttlProblem,
} from './copyForm';

const TOAST_MS = 5000;
const LONGEST_WORD = 255;
/** Code of a refusal that belongs to the field. */
const TTL_REFUSED = 'ENVIRONMENT_TTL';

export interface NewEnvironmentDialogProps {
  /** What may be copied. */
  origins: Environment[];
  /** All that are there already. */
  environments: Environment[];
  onCreated: (environment: Environment) => void;
  onClose: () => void;
}

/** Asks what the environment is for, and how long it lives. */
export function NewEnvironmentDialog(props: NewEnvironmentDialogProps) {
  const { origins, environments, onCreated, onClose } = props;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [form, setForm] = useState<CopyForm>({
    from: origins[0]?.name ?? '',
    kind: 'branch',
    branch: '',
    pullRequest: '',
    project: '',
  });
  const change = (more: Partial<CopyForm>) => setForm({ ...form, ...more });
  const { busy, error, attempt } = useAttempt();
  // The backend says what it thinks of one value; of another it may think well.
  const [refused, setRefused] = useState<{ ttl: string; message: string }>();
  const origin = origins.find(({ name }) => name === form.from);
  const ttl = ttlOf(form, origin);
  const ttlError =
    ttlProblem(ttl, origin, t) ??
    (refused?.ttl === ttl ? refused.message : undefined);
  const numberError = pullRequestProblem(form, t);
  const request = requestOf(form, origin);

  const create = () =>
    attempt(async () => {
      if (!request) {
        return;
      }
      try {
        const made = await api.createEphemeralEnvironment(request);
        const existed = environments.some(({ name }) => name === made.name);
        toastApi.post({
          status: existed ? 'info' : 'success',
          timeout: TOAST_MS,
          title: t(
            existed
              ? 'environments.create.existed'
              : 'environments.create.done',
            { name: made.name },
          ),
        });
        onClose();
        onCreated(made);
      } catch (failure) {
        if (codeOf(failure) === TTL_REFUSED) {
          setRefused({ ttl, message: (failure as Error).message });
        }
        throw failure;
      }
    });

  return (
    <ConfirmDialog
      title={t('environments.create.title')}
      confirm={{
        label: t('environments.create.confirm'),
        isPending: busy,
        isDisabled: !request || ttlError !== undefined,
      }}
      back={t('environments.create.back')}
      failure={
        // What is said at the field is not said twice.
        error && codeOf(error) !== TTL_REFUSED
          ? { title: t('environments.create.failed'), error }
          : undefined
      }
      onConfirm={create}
      onClose={onClose}
    >
      <p className={styles.text}>{t('environments.create.text')}</p>
      <Select
        label={t('environments.create.from')}
        options={origins.map(({ name, title = name }) => ({
          id: name,
          label: title,
        }))}
        value={form.from}
        onChange={value => change({ from: String(value) })}
      />
      <RadioGroup
        label={t('environments.create.for')}
        orientation="horizontal"
        value={form.kind}
        onChange={value => change({ kind: value as CopyForm['kind'] })}
      >
        <Radio value="branch">{t('environments.create.branch')}</Radio>
        <Radio value="pullRequest">
          {t('environments.create.pullRequest')}
        </Radio>
      </RadioGroup>
      {form.kind === 'branch' ? (
        <TextField
          label={t('environments.create.branchName')}
          isRequired
          value={form.branch}
          onChange={branch => change({ branch })}
          maxLength={LONGEST_WORD}
        />
      ) : (
        <TextField
          label={t('environments.create.number')}
          isRequired
          inputMode="numeric"
          value={form.pullRequest}
          onChange={pullRequest => change({ pullRequest })}
          validationBehavior="aria"
          validate={() => numberError}
        />
      )}
      <TextField
        label={t('environments.create.project')}
        description={t('environments.create.projectHint')}
        value={form.project}
        onChange={project => change({ project })}
        maxLength={LONGEST_WORD}
      />
      <TextField
        label={t('environments.create.ttl')}
        description={ttlHint(origin, t)}
        value={form.ttl ?? origin?.copies?.ttl ?? ''}
        onChange={next => change({ ttl: next })}
        validationBehavior="aria"
        validate={() => ttlError}
      />
      {request && (
        <p className={styles.text}>
          {t('environments.create.name')}{' '}
          <code className={styles.mono}>{nameOf(request)}</code>
        </p>
      )}
    </ConfirmDialog>
  );
}

function ttlHint(origin: Environment | undefined, t: Text): string {
  const maxMs = parseDuration(origin?.copies?.maxTtl);
  return maxMs === undefined
    ? t('environments.create.ttlHint')
    : t('environments.create.ttlHintMax', { max: formatLength(maxMs) });
}

function codeOf(failure: unknown): unknown {
  return (failure as { code?: unknown }).code;
}
