import {
  Workload,
  WorkloadContainer,
  WorkloadFile,
  WorkloadResource,
} from '../../score/workload';
import { RenderWorkloadOptions } from '../types';

/** A container with what a test says about it. */
export function container(
  over: Partial<WorkloadContainer> = {},
): WorkloadContainer {
  return {
    image: 'example/web:1.2.3',
    variables: {},
    files: {},
    volumes: {},
    resources: { limits: {}, requests: {} },
    before: {},
    ...over,
  };
}

export function file(over: Partial<WorkloadFile>): WorkloadFile {
  return { noExpand: false, ...over };
}

export function resource(
  name: string,
  over: Partial<WorkloadResource> = {},
): WorkloadResource {
  const type = over.type ?? 'postgres';
  return {
    name,
    type,
    class: 'default',
    uid: `${type}.default#shop.${name}`,
    metadata: {},
    params: {},
    ...over,
  };
}

/** Options to render the workload `shop` in `development`. */
export function renderOptions(
  workload: Partial<Workload>,
  over: Partial<RenderWorkloadOptions> = {},
): RenderWorkloadOptions {
  const annotations = workload.annotations ?? {};
  return {
    environment: 'development',
    namespace: 'team-a',
    resources: {},
    ...over,
    workload: {
      name: 'shop',
      metadata: { name: workload.name ?? 'shop', annotations },
      containers: { web: container() },
      ports: {},
      resources: {},
      extensions: {},
      ...workload,
      annotations,
    },
  };
}
