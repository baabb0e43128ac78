import { PlanSubject } from '../../hooks';
import { Text } from '../../translation';

/** What a plan is for, in one line. */
export function planTitle(
  subject: Pick<PlanSubject, 'environment' | 'name' | 'change'>,
  t: Text,
): string {
  const { environment, name, change } = subject;
  const application = `${environment}/${name}`;
  switch (change?.action) {
    case 'rollback': {
      const { deployment, revision } = change.target ?? {};
      if (deployment !== undefined) {
        return t('plan.rollbackTitle', {
          application,
          number: String(deployment),
        });
      }
      return revision === undefined
        ? t('plan.rollbackBefore', { application })
        : t('plan.rollbackRevision', { application, number: String(revision) });
    }
    case 'promote':
      return t('plan.promoteTitle', { application, from: change.from });
    case 'repair':
      return t('plan.repairTitle', { application });
    case 'delete':
      return t('plan.deleteTitle', { application });
    case 'deprovision':
      return t('plan.deprovisionTitle', { application });
    default:
      return t('plan.title', { application });
  }
}
