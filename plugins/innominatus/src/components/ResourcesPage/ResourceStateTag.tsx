import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { statusOfResource } from '../../lib/resourceState';
import { useText } from '../../translation';
import { StatusTag } from '../shared';

/** The state of a resource as icon, word and colour. */
export function ResourceStateTag(props: {
  state: ResourceState;
  detail?: string;
}) {
  const { state, detail } = props;
  const t = useText();
  return (
    <StatusTag
      status={statusOfResource(state)}
      word={t(`resources.states.${state}`)}
      detail={detail}
    />
  );
}
