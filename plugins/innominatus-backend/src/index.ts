/**
 * The backend plugin of innominatus.
 *
 * @packageDocumentation
 */
export {
  createApplicationConditionalDecision,
  createEnvironmentConditionalDecision,
  createGoldenPathConditionalDecision,
  createResourceConditionalDecision,
  createRunConditionalDecision,
  innominatusConditions,
} from './access';
export type { AccessQuery, AccessSubject } from './access';
export { innominatusPlugin as default } from './plugin';
