import { shortHash } from './shortHash';

const MAX_LABEL_LENGTH = 63;

/**
 * A DNS-safe name (RFC 1035 label) for the objects of a resource, for example
 * `volume-default-orders-data-1f0c2a`.
 *
 * @remarks
 * The hash at the end keeps resources apart whose identities only differ in
 * characters that a name cannot hold.
 *
 * @param uid - `type.class#workload.name`, or `type.class#id`.
 *
 * @public
 */
export function resourceSlug(uid: string): string {
  const hash = shortHash([uid], 6);
  const words = uid
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LABEL_LENGTH - hash.length - 1)
    .replace(/-+$/, '');
  return words === '' ? `r-${hash}` : `${words}-${hash}`;
}

/**
 * Joins words to a name of at most 63 characters that also is the value of a
 * label. Words that do not fit as they are get a hash, so that different words
 * never meet in one name.
 */
export function boundedName(...words: string[]): string {
  const wanted = words.join('-');
  const name = wanted
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  if (name === wanted && name.length <= MAX_LABEL_LENGTH) {
    return name;
  }
  const hash = shortHash(words);
  return `${name.slice(0, MAX_LABEL_LENGTH - hash.length - 1).replace(/[-._]+$/, '')}-${hash}`;
}

const LABEL_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Tells whether a text can be the value of a label. */
export function isLabelValue(text: string): boolean {
  return LABEL_VALUE.test(text);
}

const SERVICE_NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Services want a letter in front; workloads do not. */
export function isServiceName(text: string): boolean {
  return SERVICE_NAME.test(text);
}
