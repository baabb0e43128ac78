/** The plugin that the module is for, to try the two out together. */
export { default } from '@innominatus/backstage-plugin-innominatus-backend';
