import { CommandContext } from '../framework/context';
import { showPages } from '../output/pages';
import { applicationColumns, applicationText } from './applicationText';
import { formatApplication, resolveApplication } from './reference';

/** Prints applications as a list. */
export async function showApplications(
  context: CommandContext,
  options: { environment?: string; limit?: number; wide?: boolean },
): Promise<void> {
  const client = await context.client();
  const { environment, limit, wide } = options;
  await showPages(context, {
    limit,
    read: page =>
      client.listApplications({
        ...page,
        environment: environment ? [environment] : undefined,
      }),
    view: { columns: applicationColumns, name: formatApplication, wide },
    empty:
      'There are no applications yet. Deploy one: innominatus deploy score.yaml --env development',
  });
}

/** Prints one application. */
export async function showApplication(
  context: CommandContext,
  target: string,
  environment: string | undefined,
): Promise<void> {
  const client = await context.client();
  const key = await resolveApplication(target, { environment, client });
  const application = await client.getApplication(key);
  await context.out.object(application, {
    text: (styles, wide) => applicationText(application, styles, wide),
    name: () => formatApplication(application),
  });
  if (application.status === 'failed') {
    context.talk.next(
      `See what happened: innominatus why ${formatApplication(application)}`,
    );
  }
}
