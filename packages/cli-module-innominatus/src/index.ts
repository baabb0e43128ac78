/**
 * The innominatus command line, standalone and as a module of backstage-cli.
 *
 * @packageDocumentation
 */
export { default } from './module';
