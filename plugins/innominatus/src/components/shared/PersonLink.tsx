import { parseEntityRef } from '@backstage/catalog-model';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';

/** Other kinds are programs: `external:ci`, `plugin:scaffolder`. */
const LINKED_KINDS = ['user', 'group', 'component'];

/** Whoever did something: a link for entities, a name for programs. */
export function PersonLink(props: { person: string }) {
  const { person } = props;
  const name = entityName(person);
  const link = useEntityRefLink();
  return name === undefined ? (
    <span title={person}>{person.replace(/^plugin:/, '')}</span>
  ) : (
    <Link href={link(person)} title={person}>
      {name}
    </Link>
  );
}

function entityName(person: string): string | undefined {
  try {
    const { kind, name } = parseEntityRef(person);
    return LINKED_KINDS.includes(kind.toLowerCase()) ? name : undefined;
  } catch {
    return undefined;
  }
}
