import { AuditorService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';

/** What an auditor was told of one event. */
export interface RecordedAudit {
  eventId: string;
  severity?: string;
  /** That of the beginning, and what the end added. */
  meta: object;
  outcome: 'open' | 'success' | 'failure';
  error?: string;
}

/** An auditor that keeps in a list what it is told. */
export function recordingAuditor(audits: RecordedAudit[]): AuditorService {
  return mockServices.auditor.mock({
    createEvent: async ({ eventId, severityLevel, meta }) => {
      const audit: RecordedAudit = {
        eventId,
        severity: severityLevel,
        meta: { ...meta },
        outcome: 'open',
      };
      audits.push(audit);
      return {
        success: async end => {
          audit.outcome = 'success';
          audit.meta = { ...audit.meta, ...end?.meta };
        },
        fail: async ({ error }) => {
          audit.outcome = 'failure';
          audit.error = error.message;
        },
      };
    },
  });
}
