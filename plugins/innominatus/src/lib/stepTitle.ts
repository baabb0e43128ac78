/**
 * What a step is called before it runs. A title with placeholders says nothing
 * yet, so its name stands in.
 */
export function stepTitle(step: { name: string; title?: string }): string {
  const { name, title } = step;
  return title === undefined || title.includes('${') ? name : title;
}
