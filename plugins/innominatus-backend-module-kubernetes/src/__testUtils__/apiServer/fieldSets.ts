/**
 * Fields in the form of `managedFields`: `f:` is a field, `k:` an item by its
 * keys, `v:` an item by its value, and `.` the place itself.
 */
export interface FieldSet {
  [path: string]: FieldSet;
}

export function isEmpty(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

export function unite(left: FieldSet, right: FieldSet): FieldSet {
  const result = { ...left };
  for (const [key, children] of Object.entries(right)) {
    result[key] = key in left ? unite(left[key], children) : children;
  }
  return result;
}

export function subtract(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [key, children] of Object.entries(left)) {
    const taken = right[key];
    if (taken === undefined) {
      result[key] = children;
    } else if (!isEmpty(children)) {
      const rest = subtract(children, taken);
      if (!isEmpty(rest)) {
        result[key] = rest;
      }
    }
  }
  return result;
}

export function intersect(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, subtract(left, right));
}
