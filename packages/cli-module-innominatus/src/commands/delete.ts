import { removalCommand } from './removalCommand';

export const deleteCommand = removalCommand({
  action: 'delete',
  summary: 'Remove an application with its resources',
  description:
    'Asks for the name of the application; --yes answers for scripts.',
  about: 'remove it and see how it goes',
});
