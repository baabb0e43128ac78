// Looks at manifests as a cluster does, so that a case can say what a container
// gets and not how an implementation brings it there.

const WORKLOADS = ['Deployment', 'StatefulSet'];

export function find(manifests, kind, name) {
  return manifests.find(
    item =>
      (kind === 'Workload'
        ? WORKLOADS.includes(item.kind)
        : item.kind === kind) &&
      (name === undefined || item.metadata?.name === name),
  );
}

export function podOf(manifests, workload) {
  return find(manifests, 'Workload', workload)?.spec?.template?.spec;
}

export function containerOf(pod, name) {
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].find(
    item => item.name === name,
  );
}

/** Environment as the kubelet makes it: references first, then `$(NAME)`. */
export function environmentOf(manifests, container) {
  const env = {};
  for (const { name, value, valueFrom } of container?.env ?? []) {
    const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
    if (secretKeyRef) {
      env[name] = valueIn(manifests, 'Secret', secretKeyRef);
    } else if (configMapKeyRef) {
      env[name] = valueIn(manifests, 'ConfigMap', configMapKeyRef);
    } else {
      env[name] = expand(value ?? '', env);
    }
  }
  return env;
}

/** `$(NAME)` of a variable that is known already; `$$` is one `$`. */
export function expand(text, env) {
  return text.replace(/\$(\$|\(([^()]*)\))/g, (all, what, name) => {
    if (what === '$') {
      return '$';
    }
    return Object.hasOwn(env, name) ? env[name] : all;
  });
}

function valueIn(manifests, kind, { name, key }) {
  return contentOf(find(manifests, kind, name), key);
}

function contentOf(object, key) {
  const text = object?.stringData?.[key] ?? undefined;
  if (text !== undefined) {
    return text;
  }
  if (object?.binaryData?.[key] !== undefined) {
    return { base64: object.binaryData[key] };
  }
  const data = object?.data?.[key];
  return object?.kind === 'Secret' && data !== undefined
    ? Buffer.from(data, 'base64').toString('utf8')
    : data;
}

/** What lies at a path of a container, and whether what was there is hidden. */
export function fileAt(manifests, pod, container, target) {
  const mounts = (container?.volumeMounts ?? [])
    .filter(
      ({ mountPath }) =>
        target === mountPath ||
        target.startsWith(`${mountPath.replace(/\/$/, '')}/`),
    )
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  const [mount] = mounts;
  const volume = pod?.volumes?.find(({ name }) => name === mount?.name);
  if (!volume) {
    return undefined;
  }
  const inside =
    target === mount.mountPath
      ? (mount.subPath ?? '')
      : [
          mount.subPath,
          target.slice(mount.mountPath.replace(/\/$/, '').length + 1),
        ]
          .filter(Boolean)
          .join('/');
  const parts = volume.projected?.sources ?? [volume];
  for (const part of parts) {
    const found = itemIn(manifests, part, inside, volume);
    if (found) {
      return { ...found, hidesFolder: target !== mount.mountPath };
    }
  }
  return undefined;
}

function itemIn(manifests, part, inside, volume) {
  const [kind, source] = part.configMap
    ? ['ConfigMap', part.configMap]
    : ['Secret', part.secret ?? {}];
  const object = find(manifests, kind, source.name ?? source.secretName);
  if (!object) {
    return undefined;
  }
  const item = source.items?.find(one => one.path === inside);
  const key = source.items ? item?.key : inside;
  const content = key === undefined ? undefined : contentOf(object, key);
  const mode =
    item?.mode ?? source.defaultMode ?? volume.projected?.defaultMode;
  return content === undefined ? undefined : { content, mode };
}

/** `first`, then `second`: the names of containers in the order of start. */
export function startsBefore(pod, first, second) {
  const init = (pod?.initContainers ?? []).map(({ name }) => name);
  const main = (pod?.containers ?? []).map(({ name }) => name);
  if (init.includes(first)) {
    return main.includes(second) || init.indexOf(first) < init.indexOf(second);
  }
  return false;
}

/** `init` runs to its end, `sidecar` goes on beside the others. */
export function roleOf(pod, name) {
  const init = pod?.initContainers?.find(item => item.name === name);
  if (init) {
    return init.restartPolicy === 'Always' ? 'sidecar' : 'init';
  }
  return containerOf(pod, name) ? 'main' : undefined;
}
