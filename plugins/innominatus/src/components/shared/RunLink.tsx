import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { PropsWithChildren } from 'react';
import { runRouteRef } from '../../routes';

/** Leads to a run; plain text in an app without the page of runs. */
export function RunLink(props: PropsWithChildren<{ runId: string }>) {
  const link = useRouteRef(runRouteRef);
  return link ? (
    <Link href={link({ runId: props.runId })}>{props.children}</Link>
  ) : (
    <span>{props.children}</span>
  );
}
