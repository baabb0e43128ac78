import { Workload } from '@innominatus/backstage-plugin-innominatus-common';

const PRODUCT_ANNOTATION = 'innominatus.dev/product';

/** What the Score spec itself says; nothing when it leaves that open. */
export function statedProduct({
  metadata,
  annotations,
}: Workload): string | undefined {
  const { product } = metadata;
  return (
    annotations[PRODUCT_ANNOTATION] ??
    (typeof product === 'string' ? product : undefined)
  );
}

/**
 * The product of an application, for policies about products: the system of its
 * component in the catalog. Only where there is none is it what the Score spec
 * says, or the part of its name before the first dash; otherwise whoever writes
 * the spec could leave a product, and its policies, with one line.
 */
export function productOf(options: {
  workload: Workload;
  /** Name of the system in the catalog. */
  system?: string;
}): string {
  const { workload, system } = options;
  return system ?? statedProduct(workload) ?? workload.name.split('-')[0];
}
