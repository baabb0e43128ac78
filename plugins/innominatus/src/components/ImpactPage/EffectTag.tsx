import { ResourceImpact } from '@innominatus/backstage-plugin-innominatus-common';
import { AnyStatus } from '../../lib/status';
import { useText } from '../../translation';
import { StatusTag } from '../shared';

type Effect = ResourceImpact['effect'];

const STATUS: Record<Effect, AnyStatus> = {
  refused: 'failed',
  update: 'degraded',
  otherwise: 'none',
};

/** What would become of something, as sign and words. */
export function EffectTag(props: { effect: Effect }) {
  const t = useText();
  return (
    <StatusTag
      status={STATUS[props.effect]}
      word={t(`impact.effect.${props.effect}`)}
    />
  );
}
