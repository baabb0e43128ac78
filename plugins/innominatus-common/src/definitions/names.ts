import { z } from 'zod';

/** Name of a definition: goes into URLs, file names and Kubernetes names. */
export const definitionName = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'expected lower-case letters, digits and dashes, beginning and ending with a letter or digit',
  );

export const text = z.string().max(4096);
export const shortText = z.string().max(256);
