import { Styles, paintState } from './styles';
import { safeLine } from './text';

/** A column of a table. */
export interface Column<T> {
  title: string;
  value: (item: T) => string | number | undefined;
  /** Only with `-o wide`. */
  wide?: boolean;
  /** The value is a state or an action and is painted as such. */
  state?: boolean;
}

/** Renders rows under titles, columns padded to the widest value. */
export function renderTable<T>(
  items: readonly T[],
  options: { columns: readonly Column<T>[]; wide: boolean; styles: Styles },
): string {
  const columns = options.columns.filter(
    column => options.wide || !column.wide,
  );
  const cells = items.map(item =>
    columns.map(column => safeLine(String(column.value(item) ?? '')) || '-'),
  );
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...cells.map(row => width(row[index]))),
  );
  const line = (
    row: string[],
    paint: (text: string, index: number) => string,
  ) =>
    row
      .map((text, index) => {
        const padding =
          index === row.length - 1
            ? ''
            : ' '.repeat(widths[index] - width(text) + 2);
        return paint(text, index) + padding;
      })
      .join('');
  return [
    line(
      columns.map(column => column.title.toUpperCase()),
      text => options.styles.bold(text),
    ),
    ...cells.map(row =>
      line(row, (text, index) =>
        columns[index].state ? paintState(text, options.styles) : text,
      ),
    ),
  ].join('\n');
}

function width(text: string): number {
  return [...text].length;
}
