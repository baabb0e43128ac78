import { Alert, Button } from '@backstage/ui';
import { InnominatusApiError } from '@innominatus/backstage-plugin-innominatus-common';
import { Text, useText } from '../../translation';

export interface ErrorStateProps {
  error: Error;
  /** What was tried; a sentence such as "The plan could not be made". */
  title?: string;
  onRetry?: () => void;
}

/** An error with what helps: what happened, the request id, and a retry. */
export function ErrorState(props: ErrorStateProps) {
  const { error, onRetry } = props;
  const t = useText();
  const { title, description, retry } = describe(error, t);
  const facts = factsOf(error, t);
  return (
    <Alert
      role="alert"
      status={isDenied(error) ? 'warning' : 'danger'}
      icon
      title={isDenied(error) ? title : (props.title ?? title)}
      description={[description, ...facts].join(' · ')}
      customActions={
        onRetry &&
        retry && (
          <Button size="small" variant="secondary" onPress={onRetry}>
            {t('common.error.retry')}
          </Button>
        )
      }
    />
  );
}

function isDenied(error: Error): boolean {
  return statusOf(error) === 403;
}

function describe(error: Error, t: Text) {
  switch (statusOf(error)) {
    case 401:
      return {
        title: t('common.error.signInTitle'),
        description: t('common.error.signIn'),
        retry: false,
      };
    case 403:
      return {
        title: t('common.error.notAllowedTitle'),
        description: `${error.message} ${t('common.error.notAllowed')}`,
        retry: true,
      };
    case 404:
      return {
        title: t('common.error.notFoundTitle'),
        description: error.message,
        retry: true,
      };
    default:
      return {
        title: t('common.error.title'),
        description: error.message,
        retry: true,
      };
  }
}

function factsOf(error: Error, t: Text): string[] {
  const facts: string[] = [];
  if ('code' in error && typeof error.code === 'string') {
    facts.push(t('common.error.code', { code: error.code }));
  }
  if ('requestId' in error && typeof error.requestId === 'string') {
    facts.push(t('common.error.requestId', { id: error.requestId }));
  }
  return facts;
}

function statusOf(error: Error): number | undefined {
  // By name: the class may come from another copy of the package.
  return error.name === 'InnominatusApiError'
    ? (error as InnominatusApiError).status
    : undefined;
}
