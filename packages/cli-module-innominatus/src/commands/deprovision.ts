import { removalCommand } from './removalCommand';

export const deprovisionCommand = removalCommand({
  action: 'deprovision',
  summary: 'Remove what an application runs on, and keep the application',
  description:
    'Its manifests and resources go away; its name and its history stay, and it can\nbe deployed again. Asks for the name; --yes answers for scripts.',
  about: 'take it down and see how it goes',
});
