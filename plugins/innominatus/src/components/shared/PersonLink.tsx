import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Whoever did something: a link for people and groups, a name for programs. */
export function PersonLink(props: { person: string }) {
  const { person } = props;
  if (!isEntityRef(person)) {
    return <span>{person}</span>;
  }
  return (
    <EntityRefLink
      entityRef={person}
      defaultKind="user"
      hideIcon
      disableTooltip
    />
  );
}

function isEntityRef(text: string): boolean {
  try {
    const { kind } = parseEntityRef(text);
    return ['user', 'group', 'component'].includes(kind.toLowerCase());
  } catch {
    return false;
  }
}
