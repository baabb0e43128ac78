import { GlobalFlagValues, OutputFormat } from '../framework/globalFlags';
import { Io } from '../framework/io';
import { Styles, wantsColors, stylesFor } from './styles';
import { Column, renderTable } from './table';

/** How a list looks in the formats for people. */
export interface ListView<T> {
  columns: readonly Column<T>[];
  /** What `-o name` prints: words that other commands accept. */
  name: (item: T) => string;
}

/** How one object looks in the formats for people. */
export interface ObjectView {
  text: (styles: Styles, wide: boolean) => string;
  name: () => string;
}

/** Writes data to stdout in the format the person asked for. */
export class Output {
  readonly format: OutputFormat;
  readonly styles: Styles;
  readonly hasColors: boolean;
  readonly #io: Io;

  private constructor(io: Io, global: GlobalFlagValues) {
    this.#io = io;
    // The parser accepts only the listed formats.
    this.format = (global.output ?? 'table') as OutputFormat;
    this.hasColors = wantsColors(io.stdout, {
      env: io.env,
      noColor: global['no-color'],
    });
    this.styles = stylesFor(this.hasColors);
  }

  static create(io: Io, global: GlobalFlagValues): Output {
    return new Output(io, global);
  }

  /** Whether programs read stdout: then exactly one document is printed. */
  get isDocument(): boolean {
    return this.format === 'json' || this.format === 'yaml';
  }

  write(text: string): void {
    this.#io.stdout.write(text);
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  async list<T>(
    page: { items: readonly T[]; nextCursor?: string; total?: number },
    view: ListView<T> & { wide?: boolean },
  ): Promise<void> {
    if (this.isDocument) {
      await this.document(page);
    } else if (this.format === 'name') {
      page.items.forEach(item => this.line(view.name(item)));
    } else if (page.items.length > 0) {
      this.line(
        renderTable(page.items, {
          columns: view.columns,
          wide: this.format === 'wide' || view.wide === true,
          styles: this.styles,
        }),
      );
    }
  }

  async object(value: unknown, view: ObjectView): Promise<void> {
    if (this.isDocument) {
      await this.document(value);
    } else if (this.format === 'name') {
      this.line(view.name());
    } else {
      this.line(view.text(this.styles, this.format === 'wide'));
    }
  }

  /** One JSON or YAML document. */
  async document(value: unknown): Promise<void> {
    if (this.format === 'yaml') {
      const { stringify } = await import('yaml');
      this.write(stringify(value, { aliasDuplicateObjects: false }));
    } else {
      this.line(JSON.stringify(value, undefined, 2));
    }
  }
}
